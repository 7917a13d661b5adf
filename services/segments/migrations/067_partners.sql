-- Stays, nights and revenue by the company they are of, and by channel. Counted anew at night.

create table partner_figure (
    by text not null check (by in ('company', 'channel')),
    value text not null, -- the account's number, the channel as the source names it; empty: none
    property text not null,
    month date not null, -- in which stays ended
    currency text not null, -- of the revenue, as stated; empty: the hotel's
    stays int not null,
    nights int not null,
    priced int not null, -- stays of which a revenue is known
    revenue numeric not null, -- of these
    primary key (by, property, month, value, currency)
);
