-- What each sender sent a day and what came back or was reported is counted every night: up to which day it was, and when it
-- is again. The index costs next to nothing where messages are written, and leads to the messages of a day.
create table sender_count (
    single boolean primary key default true check (single), -- one row at most
    counted_to date not null, -- the last day that is counted, in UTC
    next_at timestamptz not null
);
create index delivery_claimed on delivery using brin (claimed_at) with (pages_per_range = 32);
create index receipt_complained on receipt (reported_at) where state = 'complained';
