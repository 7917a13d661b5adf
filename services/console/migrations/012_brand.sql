-- How a hotel looks on pages that guests see: its name in their languages, its colour, its logo.

create table brand_picture ( -- by its bytes: one that is shown anywhere is never changed
    picture text primary key check (picture ~ '^[0-9a-f]{64}$'),
    media_type text not null check (media_type in ('image/jpeg', 'image/png', 'image/webp')),
    width int not null,
    height int not null,
    content bytea not null check (octet_length(content) <= 102400),
    added_at timestamptz not null
);

alter table property
    add column names jsonb not null default '{}', -- by language of guests
    add column colour text check (colour ~ '^#[0-9a-f]{6}$'),
    add column logo text references brand_picture;
