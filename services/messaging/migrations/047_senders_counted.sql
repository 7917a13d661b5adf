-- What each sender sent a day and what came back or was reported is counted every night: up to which day it was, and when it
-- is again.
create table sender_count (
    single boolean primary key default true check (single), -- one row at most
    counted_to date not null, -- the last day that is counted, in UTC
    next_at timestamptz not null
);
