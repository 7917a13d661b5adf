-- What messages cost, as the house's agreements with its providers say: versions of a price by channel and country.
create table message_price (
    channel text not null,
    country text not null, -- ISO 3166, or * for countries without a price of their own
    version int not null,
    amount numeric check (amount >= 0), -- of one part of a text message, else of a message; null: not known any more
    currency text check (currency ~ '^[A-Z]{3}$'),
    source text not null, -- whose list, which agreement
    stated_on date not null, -- of that list
    by text not null,
    at timestamptz not null,
    primary key (channel, country, version),
    check ((amount is null) = (currency is null))
);

-- What a message is paid by: as many parts, at the price that stood when it was claimed. Null: no price was known.
alter table delivery add column parts int, add column price numeric, add column price_currency text;
