-- The files made for guests of all that is held of them: asked for, gathered from every service, and gone in a week.

create table guest_file (
    file_id uuid primary key,
    guest_id uuid not null,
    requested_at timestamptz not null,
    requested_by text not null,
    services text[] not null, -- whose parts are waited for
    ready_at timestamptz, -- every part is there
    expires_at timestamptz not null,
    downloads int not null default 0
);
create index guest_file_guest on guest_file (guest_id, requested_at);

-- One is made at a time. Who asks again is shown that one.
create unique index guest_file_under_way on guest_file (guest_id) where ready_at is null;

-- The parts, as they came: packed, in sealed pieces.
create table guest_file_part (
    file_id uuid not null references guest_file on delete cascade,
    service text not null,
    place int not null,
    pieces int not null,
    body_sealed text not null,
    primary key (file_id, service, place)
);

-- Why a guest is a tombstone: asked | term. Null where they were erased before there were terms: they were asked for.
alter table guest add column erased_because text check (erased_because in ('asked', 'term'));
