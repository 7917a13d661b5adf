-- What erased guests objected to: keyed hashes of their contact points by legal entity, under a key that rests outside
-- this database. A guest who turns up later with such a point is suppressed there, until they agree expressly.
create table erased_objection (
    hash text not null,
    channel text not null,
    purpose text not null check (purpose in ('all', 'marketing', 'feedback')),
    since timestamptz not null,
    primary key (hash, purpose)
);

create index recipient_erased on recipient (guest_id) where gone = 'erased';
