-- What waits until a hotel is heard of again: looked for whenever news of it comes.
create index delivery_stale on delivery (property) where state = 'held' and reason = 'stale_data';

-- How often a guest wants offers, in their own words of a preference page. The last word counts, of a guest and of all
-- who are merged into them.
create table offer_limit (
    guest_id uuid primary key,
    paused_until timestamptz, -- no offers before
    once_a_month boolean not null,
    said_at timestamptz not null
);

-- What the house changed of the rules for a country; what is null is as shipped. The newest version of each counts.
create table country_rule (
    country text not null, -- ISO 3166, or * for countries without a row of their own
    version int not null,
    opens text, -- of text messages, HH:MM
    closes text,
    days int[], -- ISO weekdays on which offers may go by text message
    on_holidays boolean, -- whether they may on public holidays
    cap_contacts int check (cap_contacts > 0), -- offers at most, in cap_days days
    cap_days int check (cap_days > 0),
    why text not null,
    by text not null,
    at timestamptz not null,
    primary key (country, version),
    check ((cap_contacts is null) = (cap_days is null))
);

-- Days that the house made a public holiday of a country, or an ordinary day.
create table holiday_change (
    country text not null,
    day date not null,
    is_holiday boolean not null,
    why text not null,
    by text not null,
    at timestamptz not null,
    primary key (country, day)
);
