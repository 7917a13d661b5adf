-- A broadcast is a journey by the calendar with one message, kept on a page of its own.
alter table journey add column kind text not null default 'journey' check (kind in ('journey', 'broadcast'));
create index journey_broadcast on journey (launched_at desc) where kind = 'broadcast';
