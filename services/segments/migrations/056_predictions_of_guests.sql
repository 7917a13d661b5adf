-- What is predicted of each guest, as facts that rules ask for; and the sums by hotel.

create table guest_prediction (
    guest_id uuid primary key references guest on delete cascade,
    as_of date not null,
    property text not null, -- of the last visit: the sums by hotel are of the guests who were there last
    alive numeric(5, 4), -- chance that they may still come; null: they came once, which says nothing of it
    visits numeric(8, 3) not null, -- to be expected in the year ahead
    worth numeric(14, 2), -- that they are to bring, in the reporting currency; null: no amount of theirs is known
    month smallint check (month between 1 and 12) -- in which the next visit is likely to fall; null: not known
);
create index guest_prediction_as_of on guest_prediction (as_of);

-- The sums by hotel; `rate`: what the worth is multiplied by to be in the hotel's currency, null where no rate is known.
create table prediction_hotel (
    as_of date not null references prediction on delete cascade,
    property text not null,
    guests int not null,
    once int not null, -- of the guests, who came once
    alive double precision not null,
    visits double precision not null,
    worth double precision not null,
    unpriced int not null, -- of the guests, of whom no amount is known
    currency text not null,
    rate numeric,
    primary key (as_of, property)
);

-- Those made before were of nobody in particular: the next one is made at once.
delete from prediction;
alter table prediction
    add column once int not null,
    add column unpriced int not null,
    add column months_named int not null, -- of the test: who came and of whom a month had been named
    add column months_met int not null; -- of those, who came in it
alter table prediction_test add column property text not null default '';
alter table prediction_test drop constraint prediction_test_pkey;
alter table prediction_test add primary key (as_of, property, before);
