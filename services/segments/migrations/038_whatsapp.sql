-- WhatsApp: what a source claims of consent to it, and what rules ask of it. A number is the contact point of both.
alter table consent_claim drop constraint consent_claim_channel_check,
    add check (channel in ('email', 'sms', 'whatsapp'));

alter table guest_facts
    add column whatsapp_consent text,
    add column whatsapp_until date,
    add column whatsapp_personal bool not null default false,
    add column whatsapp_delivered_on date,
    add column whatsapp_bounced_on date,
    add column whatsapp_complained_on date,
    add column whatsapp_arrives bool not null default false;
update guest_facts set whatsapp_personal = true where sms_personal;
create index guest_facts_whatsapp_until on guest_facts (home_zone, whatsapp_until) where whatsapp_until is not null;
create index guest_facts_whatsapp_delivered on guest_facts (home_zone, whatsapp_delivered_on)
    where whatsapp_delivered_on is not null;
create index guest_facts_whatsapp_bounced on guest_facts (home_zone, whatsapp_bounced_on)
    where whatsapp_bounced_on is not null;
create index guest_facts_whatsapp_complained on guest_facts (home_zone, whatsapp_complained_on)
    where whatsapp_complained_on is not null;
