-- In a rehearsal guests who have booked come and leave on their days: such a row is no message.
alter table rehearsed_message
    alter column message_id drop not null,
    add column stay jsonb not null default '{}';
