-- Who was lost, by what guests were and how they stayed; and how loyal guests are. Counted anew at night.

-- Guests who left in the window before, by hotel (empty: all) and each trait (empty: everybody) with its value.
create table churn_figure (
    span text not null,
    first date not null,
    property text not null,
    trait text not null,
    value text not null, -- empty: not known
    before int not null,
    lost int not null, -- of these, who did not leave in the window again
    primary key (span, first, property, trait, value)
);

-- All who ever stayed at a hotel (empty: at any), by how often they came and by their tier.
create table loyalty_figure (
    property text not null,
    by text not null check (by in ('visits', 'tier')),
    value text not null, -- of visits the least of the band; of tiers empty: none
    guests int not null,
    visits int not null,
    nights int not null,
    spend numeric not null, -- in the hotel's currency; of all hotels in the reporting currency
    unpriced int not null, -- stays without an amount that is known in it
    primary key (property, by, value)
);
