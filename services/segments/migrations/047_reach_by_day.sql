-- How many of a segment could be reached as the day ended; read where counting anew takes longer than a page can wait.
alter table segment_size_day
    add column email bigint,
    add column sms bigint,
    add column whatsapp bigint;
