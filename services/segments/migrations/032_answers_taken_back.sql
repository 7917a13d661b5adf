-- A person may find that what was read as a score is none: the answer is taken back, and no older event revives it.
alter table answer_known add column void boolean not null default false;
