-- What became of messages, and what rules ask of it. A receipt may come before its message is known: it makes a row of
-- version 0.
alter table message_known
    add column delivered_at timestamptz,
    add column delivered_on date, -- in the guest's home zone, as of the following days
    add column bounced_at timestamptz,
    add column bounced_on date,
    add column complained_at timestamptz,
    add column complained_on date;

alter table guest_facts
    add column email_delivered_on date, -- the last message that did not come back
    add column email_bounced_on date,
    add column email_complained_on date,
    add column email_arrives bool not null default false, -- the last that is known of e-mails is that one arrived
    add column sms_delivered_on date,
    add column sms_bounced_on date,
    add column sms_complained_on date,
    add column sms_arrives bool not null default false;
create index guest_facts_email_delivered on guest_facts (home_zone, email_delivered_on)
    where email_delivered_on is not null;
create index guest_facts_email_bounced on guest_facts (home_zone, email_bounced_on) where email_bounced_on is not null;
create index guest_facts_email_complained on guest_facts (home_zone, email_complained_on)
    where email_complained_on is not null;
create index guest_facts_sms_delivered on guest_facts (home_zone, sms_delivered_on) where sms_delivered_on is not null;
create index guest_facts_sms_bounced on guest_facts (home_zone, sms_bounced_on) where sms_bounced_on is not null;
create index guest_facts_sms_complained on guest_facts (home_zone, sms_complained_on)
    where sms_complained_on is not null;
