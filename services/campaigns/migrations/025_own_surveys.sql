-- Which survey was answered: journeys may wait for the answer to their own.
alter table score_known add column message_id uuid;
create index score_known_message on score_known (message_id) where message_id is not null;
