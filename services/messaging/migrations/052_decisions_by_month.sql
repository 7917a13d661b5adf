-- Decisions are kept by month, and a month whose term is over is dropped as a whole. What became of a message, and that
-- it was asked for, stays in its delivery.

-- The table that there was takes all rows, as the DEFAULT, until the nightly role has made months: nothing is copied,
-- and whoever writes to `decision` goes on.
alter table decision rename to decision_default;
-- A part has the numbers of its table.
alter table decision_default alter column seq drop identity;

-- No unique key: nobody looks a decision up by its number, which only says in what order those of a message were made.
create table decision (
    seq bigint generated always as identity,
    message_id uuid not null,
    at timestamptz not null,
    state text not null,
    reason text,
    channel text,
    address_sealed text,
    language text not null,
    held_until timestamptz
) partition by range (at);
create index decision_of_message on decision (message_id);
create index decision_by_day on decision (at);

-- Its indexes are the same, and are taken as they are.
alter table decision attach partition decision_default default;
select setval('decision_seq_seq', coalesce((select max(seq) from decision_default), 0) + 1, false);
