-- When the role that writes by what guests are found last looked and went on: whoever finds nobody while something waits
-- to be written is told whether anybody writes it.
create table guest_search_writer (
    single bool primary key default true check (single),
    looked_at timestamptz not null
);
