-- What became of a report that messaging has: by the number of its notice.
alter table report_due add column notice_id uuid unique, add column notice_version int not null default 0,
    add column notice_state text;
