-- WhatsApp: a number is one contact point, whether a text message or WhatsApp goes to it; what is allowed, objected to
-- and refused there is each channel's own.

create view channel_point as
    select guest_id, rank, channel, point, address_sealed, kind, stay_id, forms_sealed from recipient_point
    union all
    select guest_id, rank, 'whatsapp', point, address_sealed, kind, stay_id, forms_sealed from recipient_point
    where channel = 'sms';

-- When somebody last wrote from a contact point, where that opens a window for any words.
create table window_opened (
    channel text not null,
    point text not null,
    wrote_at timestamptz not null,
    primary key (channel, point)
);
create index window_opened_point on window_opened (point);
create index window_opened_at on window_opened (wrote_at);

insert into sender_country (channel, country, purpose, allowed, source) values
    ('whatsapp', '*', '*', true, 'Twilio, WhatsApp'),
    ('whatsapp', 'CN', '*', false, 'WhatsApp cannot be reached there'),
    ('whatsapp', 'CU', '*', false, 'Meta: no messages of businesses'),
    ('whatsapp', 'IR', '*', false, 'Meta: no messages of businesses'),
    ('whatsapp', 'KP', '*', false, 'Meta: no messages of businesses'),
    ('whatsapp', 'SY', '*', false, 'Meta: no messages of businesses'),
    ('whatsapp', 'US', 'marketing', false, 'Meta delivers no marketing templates to US numbers since 2025-04-01');

-- When the guest is said to have read it: shown, and nothing follows from it.
alter table receipt add column read_at timestamptz;

alter table sandbox_message drop constraint sandbox_message_channel_check,
    add check (channel in ('email', 'sms', 'whatsapp'));
alter table notice_channel drop constraint notice_channel_channel_check,
    add check (channel in ('email', 'sms', 'whatsapp'));
