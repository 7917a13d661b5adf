-- Mail that came in, each once however often and by whichever way it is delivered, with the whole of it sealed and packed
-- until its term is over. Of a report only what it says stays: it carries somebody's mail.
create table inbound_mail (
    mail_id uuid primary key,
    way text not null check (way in ('http', 'smtp', 'imap')),
    kind text not null check (kind in ('reply', 'bounce', 'complaint', 'unsubscribe', 'automatic', 'unreadable')),
    message_id uuid not null, -- the message whose signed address it came to, or which it carries
    reply_id uuid, -- what a guest's own words became
    reason text, -- of a bounce
    code text,
    raw_sealed text,
    received_at timestamptz not null
);
create index inbound_mail_received on inbound_mail (received_at);
create index inbound_mail_message on inbound_mail (message_id);
create index inbound_mail_reply on inbound_mail (reply_id) where reply_id is not null;

-- How far a mailbox was read. A mail that was taken is deleted there before this is written.
create table mailbox_position (
    mailbox text primary key,
    uidvalidity bigint not null,
    uid bigint not null
);
