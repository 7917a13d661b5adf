-- Tasks that journeys ask for stand among those that colleagues give one another.
alter table staff_task
    add column journey text,
    add column journey_step text,
    add column stay_id uuid,
    add column outcome text, -- of a done one that a journey asked for
    add check ((journey is null) = (journey_step is null));
