-- How a hotel looks on the pages where its guests sign up: its name by language, its colour, its logo. Known once a hotel is
-- changed or published again (guestloop republish property).
alter table property_known
    add column names jsonb not null default '{}',
    add column colour text,
    add column logo text;
