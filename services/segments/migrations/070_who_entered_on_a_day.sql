-- migrate: concurrently
create index concurrently if not exists journey_entered_on_a_day on journey_entered (journey, entered_on);
