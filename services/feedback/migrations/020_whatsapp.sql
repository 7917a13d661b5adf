-- WhatsApp: its replies and answers, and which of them are whose.
alter table reply drop constraint reply_channel_check, add check (channel in ('email', 'sms', 'whatsapp'));
alter table thread drop constraint thread_channel_check, add check (channel in ('email', 'sms', 'whatsapp'));
alter table thread_answer drop constraint thread_answer_channel_check,
    add check (channel in ('email', 'sms', 'whatsapp'));
alter table recognition drop constraint recognition_channel_check,
    add check (channel in ('email', 'sms', 'whatsapp'));
