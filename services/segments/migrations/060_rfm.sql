-- RFM: where its bands begin as the house chose, how many guests are where, and who went from class to class; counted at
-- night. No row of `rfm_bands`: as shipped.

create table rfm_bands (
    single bool primary key default true check (single),
    mode text not null check (mode in ('fixed', 'fifths')),
    recent int[] not null, -- days since the last check-out: at most, of the upper and of the middle band
    frequent int[] not null, -- stays in the window: at least
    window_days int not null,
    spend numeric[] not null, -- a stay, against what one brings on average in the hotel of the last one: at least
    as_of date not null, -- of fifths: the night whose guests they divide
    chosen_by text not null,
    chosen_at timestamptz not null
);

-- With which bands a night was counted.
create table rfm_night (
    as_of date primary key,
    counted_at timestamptz not null,
    recent int[] not null,
    frequent int[] not null,
    window_days int not null,
    spend numeric[] not null
);

-- The guests of the last night by what bands are made of, so finely that any bands can be counted from it. `property`: of
-- the last stay. `days`: rounded up to five; `year`, `two_years`: stays, twelve for more; `share`: in twentieths of the
-- average, rounded down, -1 for not known. `spend`: in the reporting currency.
create table rfm_shape (
    property text not null,
    days int not null,
    year int not null,
    two_years int not null,
    share int not null,
    guests int not null,
    spend numeric not null,
    primary key (property, days, year, two_years, share)
);

-- Guests who were in one class (empty: had not stayed) so many months before a night, and in another then.
create table rfm_flow (
    as_of date not null references rfm_night on delete cascade,
    back int not null,
    property text not null,
    before text not null,
    now text not null,
    guests int not null,
    primary key (as_of, back, property, before, now)
);
