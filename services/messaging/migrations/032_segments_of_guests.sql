-- Segments by which a published template shows blocks, and who is in them: asked of segments when a template is
-- published that names one, dropped when none does any more.
create table segment_used (
    segment text primary key,
    version int not null, -- how often it was asked for or given back
    used boolean not null,
    complete boolean not null default false, -- every part of its list was heard
    asked_at timestamptz not null
);

create table segment_part (
    segment text not null references segment_used,
    version int not null,
    part int not null,
    primary key (segment, version, part)
);

create table guest_segment (
    guest_id uuid not null,
    segment text not null references segment_used,
    version bigint not null,
    is_in boolean not null, -- false: they left, and nothing older brings them back
    primary key (guest_id, segment)
);
create index guest_segment_members on guest_segment (segment) where is_in;
