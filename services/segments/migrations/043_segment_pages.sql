-- Folders of segments, and exports of who is in one: an export is a door that closes; the file is made as it is read.
alter table segment add column folder text not null default '';

create table segment_export (
    id uuid primary key,
    segment int not null references segment,
    made_by uuid not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    downloads int not null default 0
);
