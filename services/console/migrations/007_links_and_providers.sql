-- Links by which an account's owner chooses a password. The id is no secret: the link is this id signed with the key
-- ring, made where it is sent or shown, and kept nowhere. A row goes once it is used.
create table account_link (
    link_id uuid primary key, -- random
    kind text not null check (kind in ('password_reset', 'invitation')),
    person_id uuid not null references account deferrable initially deferred,
    made_by text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    notice_id uuid unique, -- null: it was shown to its maker
    notice_version bigint not null default 0,
    notice_state text,
    notice_reason text
);
create index account_link_person on account_link (person_id, made_at desc);
create index account_link_expires on account_link (expires_at);

-- On which channels messaging really sends notices.
create table sender_known (
    channel text primary key,
    version bigint not null,
    is_real boolean not null
);

-- Whom an identity provider knows an account as, once it was linked.
create table provider_identity (
    issuer text not null,
    subject_index text not null,
    person_id uuid not null references account,
    linked_at timestamptz not null,
    primary key (issuer, subject_index),
    unique (issuer, person_id)
);
