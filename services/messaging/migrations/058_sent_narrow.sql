-- A message that went goes nowhere else: by what it finds its way need not stand there any more. Of every other row all is there.
-- Where it went rests as bytes, as texts do.
alter table delivery add column address_boxed bytea;
alter table delivery alter column address_boxed set storage external;
alter table delivery add constraint as_whole_as_it_is_asked check (state = 'withdrawn' or (
    num_nulls(journey, journey_version, step, occurrence, purpose, lane, template, zone, due_at, requested_at) = 0
    and (says_sent is true
         or num_nulls(request_version, channels, priority, useful_until, wants, holdout, "values") = 0))) not valid;
alter table delivery alter column request_version drop not null;
alter table delivery drop constraint whole;
