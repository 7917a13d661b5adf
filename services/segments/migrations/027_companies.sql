-- Companies as accounts. What a source calls a company is an account of its own; two that are one point to the one that
-- stays, so that a merge changes no stay and can be taken back.

create table company (
    id uuid primary key,
    version bigint not null default 1,
    legal_entity text not null,
    property text not null, -- the hotel that named it first
    name text not null,
    folded text, -- names that may be one company; null: a source's number, which is like no other
    rate_codes text[] not null default '{}',
    owner uuid, -- who of the team follows up
    follow_up_on date,
    note_sealed text,
    merged_into uuid references company,
    apart uuid[] not null default '{}', -- accounts of like names that are other companies
    created_at timestamptz not null,
    created_by text not null,
    changed_at timestamptz not null
);
create index company_folded on company (legal_entity, folded) where merged_into is null;
create index company_merged on company (merged_into) where merged_into is not null;
create index company_follow_up on company (follow_up_on) where merged_into is null and follow_up_on is not null;

create table company_contact (
    id uuid primary key,
    company_id uuid not null references company,
    guest_id uuid not null references guest,
    job text not null,
    added_at timestamptz not null,
    added_by text not null
);
create index company_contact_company on company_contact (company_id);
create index company_contact_guest on company_contact (guest_id);

-- As the source wrote it, and whose account that is.
alter table stay
    add column company text,
    add column company_id uuid;
create index stay_company on stay (company_id) where company_id is not null;
create index stay_rate_plan on stay (rate_plan) where company_id is null and rate_plan is not null;
