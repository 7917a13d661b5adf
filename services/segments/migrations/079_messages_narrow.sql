-- When a message came to its state is read of no message that is told from now on: days are.
alter table message_known alter column occurred_at drop not null;
