-- For when a message was planned is asked as long as it may be taken back.
alter table message alter column due_at drop not null;
