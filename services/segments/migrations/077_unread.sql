-- What no rule and no page reads is not written any more.
alter table message_known alter column purpose drop not null;
alter table journey_entered alter column entered_at drop not null;
