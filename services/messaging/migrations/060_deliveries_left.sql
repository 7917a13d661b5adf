-- What stays of a message whose guest is erased, once decisions of its month have gone too: its number, by which a request
-- that comes again is known, and what became of it (`KEPT_AS` in shared/vocabulary/message.py). Never a part of a month:
-- it is what keeps the number unique for good.
create table delivery_left (
    message_id uuid primary key,
    outcome smallint not null
);
