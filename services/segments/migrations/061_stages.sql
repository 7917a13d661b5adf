-- Stages of guests: how many were in each in a night, and who went from one to another in a month, from the log of segments.

-- `property`: of the last stay, else the home hotel; empty where there is none.
create table stage_size (
    property text not null,
    stage text not null,
    guests int not null,
    primary key (property, stage)
);

-- `before`: empty, none. A month where the guest lives; what the log calls initial is no turn.
create table stage_turn (
    month date not null,
    property text not null,
    before text not null,
    now text not null,
    turns int not null,
    primary key (month, property, before, now)
);
create index membership_change_stages on membership_change (segment, at) where not initial;
