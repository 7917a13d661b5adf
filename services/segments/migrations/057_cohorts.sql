-- Guests by when they came first: how many of them came back when, and from where new guests come. Counted anew at night.

alter table figure_night add column cohorts_at timestamptz; -- when cohorts were counted

-- `property`: empty, all hotels; then the first visit is the first to any of them.
create table cohort_figure (
    span text not null check (span in ('month', 'quarter', 'year')),
    property text not null,
    first date not null, -- the period of the first visit
    after int not null, -- periods later; 0: the same one
    came int not null, -- guests who came in that period; of 0: all of them
    again int not null, -- guests whose second visit was in it
    primary key (span, property, first, after)
);

-- New guests are those of the month of their first visit, so that months may be added up.
create table new_guest_figure (
    property text not null,
    cut text not null check (cut in ('', 'market', 'channel', 'country')), -- empty: all of them
    value text not null,
    month date not null,
    guests int not null,
    ripe int not null, -- of these, whose first visit was a year ago or more
    again int not null, -- of the ripe, who came again within a year
    primary key (property, cut, month, value)
);
