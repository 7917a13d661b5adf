-- Senders with many connections: what is due is found in its turn, what a provider may be given a second is kept, and
-- the words of messages, sealed and deflated as they are, are not compressed again.

-- A claim walks each class, by lane and priority, from its front; what is not due yet is behind it.
create index delivery_turn on delivery ((lane <> 'stay'), (-priority), next_at, message_id)
    where state in ('queued', 'held');

create table sender_pace (
    channel text primary key,
    next_at timestamptz not null  -- the next instant at which a sender may be given a message
);

-- And they stay in their row, as far as a page holds it, instead of in pieces beside it.
alter table kept_text alter column text_sealed set storage external;
alter table kept_text set (toast_tuple_target = 8160);
