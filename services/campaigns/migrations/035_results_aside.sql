-- Results of many guests are counted by a role: a page shows what was counted last, and waits for nothing.
delete from result_kept;
alter table result_kept
    drop constraint result_kept_pkey,
    add column within interval not null, -- how long after a message a booking is its own
    add column asked_at timestamptz not null, -- by a page, the last time
    add column wanted_at timestamptz, -- since when a page waits for it; null: none does
    alter column counted_at drop not null, -- null: never yet
    alter column lines drop not null,
    add primary key (journey, by, since, until, within, everywhere, hotels);
create index result_kept_wanted on result_kept (wanted_at) where wanted_at is not null;
