-- Reports by mail: who wants which, on which day and hour they go, and which went.

-- On which day of the week and of the month, at which hour of the hotel's clock; without a row as shipped.
create table report_setting (
    single bool primary key default true check (single),
    weekday int not null check (weekday between 1 and 7),
    monthday int not null check (monthday between 1 and 28),
    hour int not null check (hour between 0 and 23),
    changed_at timestamptz not null,
    changed_by text not null
);
create table report_wish (
    person_id uuid not null,
    kind text not null check (kind in ('week', 'month')),
    property text not null, -- empty: all hotels together
    language text, -- null: the colleague's own
    with_pdf bool not null,
    next_at timestamptz not null, -- when it goes next
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (person_id, kind, property)
);
create index report_wish_next on report_wish (next_at);

-- A report of a period, once: due, claimed while it is made, asked (messaging has it), or dropped with its reason.
create table report_due (
    person_id uuid not null,
    kind text not null,
    property text not null,
    first date not null, -- of the period
    language text,
    with_pdf bool not null,
    state text not null check (state in ('due', 'claimed', 'asked', 'dropped')),
    reason text,
    next_at timestamptz not null, -- when it is tried; while claimed, until when the claim holds
    useful_until timestamptz not null,
    attempts int not null default 0,
    token uuid,
    settled_at timestamptz,
    primary key (person_id, kind, property, first),
    check ((state in ('asked', 'dropped')) = (settled_at is not null))
);
create index report_due_next on report_due (next_at) where state in ('due', 'claimed');
