-- What a channel costs the house, from a day on: of revenue, of each stay, of each night. Nothing is guessed: where none
-- is entered, profit is not known.
create table channel_cost (
    property text not null, -- empty: of every hotel
    channel text not null, -- as sources name it; empty: of every channel that has none of its own
    since date not null,
    commission numeric not null check (commission >= 0 and commission <= 1), -- of the revenue
    a_stay numeric not null check (a_stay >= 0),
    a_night numeric not null check (a_night >= 0),
    currency text not null, -- of the two amounts; empty where both are nought
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (property, channel, since)
);
