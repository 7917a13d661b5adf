-- migrate: concurrently
-- One index in place of two: it finds all messages of an enrolment, and a step has one that stands. Those taken back
-- differ by their number.
create unique index concurrently if not exists message_of_enrolment
    on message (enrolment_id, step, (case when withdrawn_at is not null then id end)) nulls not distinct;
drop index concurrently if exists message_standing;
drop index concurrently if exists message_enrolment;
