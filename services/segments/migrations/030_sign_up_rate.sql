-- How many sign-ups came by a form in the present span of time: from each network, and under '' from all.
create table sign_up_rate (
    form text not null,
    network text not null,
    since timestamptz not null,
    sent int not null,
    primary key (form, network)
);
