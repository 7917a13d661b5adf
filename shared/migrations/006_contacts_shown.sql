-- Whose contacts or words somebody read in full within the last hour: what a person may see in bulk is limited, across
-- restarts and however many web processes there are. A row goes an hour later, when the same person reads again.
create table contact_shown (
    person_id uuid not null,
    subject_id uuid not null, -- a guest; of a reply of an unknown number, the reply
    shown_at timestamptz not null,
    primary key (person_id, subject_id)
);
create index contact_shown_at on contact_shown (shown_at);

-- When somebody met the limit, so that the trail tells of it once an hour and not once a page.
create table contact_limit_met (
    person_id uuid primary key,
    met_at timestamptz not null
);
