-- The domains in whose name mail is sent: by which keys it is signed, and what DNS said of them.

create table dkim_key (
    domain text not null check (domain = lower(domain)),
    selector text not null check (selector ~ '^[a-z0-9]{1,60}$'),
    public_key text not null, -- as DNS publishes it
    private_sealed text check (private_sealed like 'sealed:%'), -- forgotten once another key signs
    made_by text not null,
    made_at timestamptz not null,
    used_from timestamptz, -- null: it waits until DNS publishes it
    retired_at timestamptz check (retired_at >= used_from),
    primary key (domain, selector),
    check ((retired_at is null) = (private_sealed is not null))
);
create unique index dkim_key_in_use on dkim_key (domain) where used_from is not null and retired_at is null;
create unique index dkim_key_waiting on dkim_key (domain) where used_from is null and retired_at is null;

-- What DNS said when it was last asked: by kind of record, its state and the texts found.
create table domain_check (
    domain text primary key,
    checked_at timestamptz not null,
    found jsonb not null
);

-- Which channels a house went live on: of these, nothing that was due before is sent.
alter table live_period add column channels text[] not null default '{}';
