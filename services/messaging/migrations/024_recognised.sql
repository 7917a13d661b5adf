-- Strangers who were answered and have been found to be a guest since: their messages are the guest's.
create table recognised (
    stranger_id uuid primary key,
    version bigint not null,
    guest_id uuid not null
);
create index recognised_guest on recognised (guest_id);

-- Where an answer goes, before it is claimed.
create index delivery_answer_point on delivery (("values" ->> 'point')) where journey = 'answer';
