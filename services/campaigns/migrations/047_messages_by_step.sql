-- migrate: concurrently
-- An enrolment's messages are few: which step one stands for is told apart by a number made of its key, in two thirds of the room.
create unique index concurrently if not exists message_of_step
    on message (enrolment_id, hashtextextended(step || coalesce(case when withdrawn_at is not null then id::text end, ''), 0));
drop index concurrently if exists message_of_enrolment;
