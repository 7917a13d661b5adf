-- Tests of templates that colleagues send to themselves: each goes as a notice of the same number, at the address that
-- the house knows of them. The words wait here until it is settled.
create table template_test (
    test_id uuid primary key,
    person_id uuid not null,
    guest_id uuid, -- as whom it is written; null: as an example
    template text not null,
    title text not null,
    version int not null check (version >= 0), -- 0: a draft
    language text not null,
    channel text not null check (channel in ('email', 'sms')),
    words_sealed text check (words_sealed like 'sealed:%'),
    asked_at timestamptz not null
);
create index template_test_person on template_test (person_id, asked_at);
create index template_test_template on template_test (template, asked_at);
create index template_test_guest on template_test (guest_id) where guest_id is not null;
