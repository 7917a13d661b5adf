-- Pictures of mails: by their bytes, so that what an address shows never changes; where they stand in the library; and
-- which published wording shows which. The last one is a reference: what was ever published is never deleted.

create table picture (
    sha text primary key check (sha ~ '^[0-9a-f]{64}$'),
    media_type text not null check (media_type in ('image/jpeg', 'image/png', 'image/gif')),
    width int not null check (width > 0),
    height int not null check (height > 0),
    length int not null check (length between 1 and 409600), -- bytes
    moves boolean not null,
    content bytea, -- null: it lies in the object store, under `object`
    object text,
    added_at timestamptz not null,
    check ((content is null) <> (object is null))
);
alter table picture alter column content set storage external; -- packed already

create table library_picture (
    library_id uuid primary key,
    sha text not null references picture,
    legal_entity text, -- whose hotels have it in their library; both null: every hotel
    hotel text,
    name text not null check (name <> ''),
    alt jsonb not null default '{}', -- by language
    version int not null default 1,
    added_by text not null,
    added_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    check (legal_entity is null or hotel is null)
);
create unique index library_picture_once
    on library_picture (sha, coalesce(legal_entity, ''), coalesce(hotel, ''));
create index library_picture_newest on library_picture (added_at, library_id);

create table template_picture (
    sha text not null references picture,
    key text not null,
    version int not null,
    primary key (sha, key, version),
    foreign key (key, version) references template_version (key, version)
);

-- What may lie in the object store for nothing: noted before it is put there and when a picture goes, crossed out once
-- it is one picture's, or gone.
create table object_leftover (
    object text primary key,
    since timestamptz not null
);
create index object_leftover_since on object_leftover (since);
