-- What guests spent by outlet and month, as the systems that tell bills state it. Counted anew at night.
create table outlet_figure (
    property text not null,
    month date not null,
    outlet text not null,
    currency text not null,
    amount numeric not null,
    lines int not null,
    primary key (property, month, outlet, currency)
);
