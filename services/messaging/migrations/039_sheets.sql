-- What is equal in many mails is kept once; a kept text is what was the guest's own, and the sheet it stands in.

-- A mail of one template in one language with the words of its property, without those of a guest: deflated.
create table sent_sheet (
    number uuid primary key,
    packed bytea not null,
    last_sent_at timestamptz not null  -- within half a day: it is kept for as long as a text that is a copy of it
);
alter table sent_sheet alter column packed set storage external;

-- No foreign key: it would look up each mail's sheet, and no sheet goes before the last text that is a copy of it.
alter table kept_text add column sheet uuid;
