-- A colleague may try a sender or a template by WhatsApp; it arrives where they wrote to our number within a day.
alter table template_test drop constraint template_test_channel_check,
    add check (channel in ('email', 'sms', 'whatsapp'));
alter table notice drop constraint notice_channel_check, add check (channel in ('email', 'sms', 'whatsapp'));
