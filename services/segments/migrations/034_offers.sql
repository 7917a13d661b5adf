-- Which offers a guest was given and used, and by which they brought a friend: rules ask for it.
create table offer_known (
    guest_id uuid not null,
    offer text not null,
    what text not null check (what in ('given', 'redeemed', 'referred')),
    happened_at timestamptz not null,
    primary key (guest_id, offer, what)
);

alter table guest_facts
    add column offers_held text[] not null default '{}', -- given, and not used
    add column offers_used text[] not null default '{}',
    add column offers_referred text[] not null default '{}';
