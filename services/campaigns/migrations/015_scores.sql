-- What guests answered: forks ask for the score of a stay, or the last one.
create table score_known (
    answer_id uuid primary key,
    version bigint not null,
    guest_id uuid not null,
    stay_id uuid,
    score int not null,
    void boolean not null, -- taken back: it was no score
    answered_at timestamptz not null
);

create index score_known_guest on score_known (guest_id);
