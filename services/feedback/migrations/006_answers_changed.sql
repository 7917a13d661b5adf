-- An answer may be changed for a while: what it was is kept, with who changed it.
alter table survey_answer add column version bigint not null default 1;
create table answer_change (
    answer_id uuid not null,
    version bigint not null, -- of the answer since then
    score_before int not null,
    score int not null,
    by_name text, -- null: the guest
    at timestamptz not null,
    primary key (answer_id, version)
);

-- The surveys of a stay have one answer.
create index survey_answer_stay on survey_answer (stay_id) where stay_id is not null;
create index message_known_of_stay on message_known (stay_id) where purpose = 'feedback' and stay_id is not null;
