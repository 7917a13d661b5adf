-- An answer may be changed by its guest for a while.
alter table score_correction alter by_name drop not null; -- null: the guest

-- The surveys of a stay have one answer.
create index survey_answer_stay on survey_answer (stay_id) where stay_id is not null;
create index message_known_of_stay on message_known (stay_id) where purpose = 'feedback' and stay_id is not null;
