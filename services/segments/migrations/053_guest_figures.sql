-- Figures that count guests: by window and cut, counted anew at night and never added up.

-- A complaint is of the stay it names, or of the day on which it was opened.
alter table case_known
    add column stay_id uuid,
    add column opened_on date;
update case_known set opened_on = occurred_on;

-- A month, a quarter or a year; `asked`: since when it waits to be counted.
create table figure_window (
    span text not null check (span in ('month', 'quarter', 'year')),
    first date not null,
    asked timestamptz,
    counted_at timestamptz,
    primary key (span, first)
);
create index figure_window_asked on figure_window (asked) where asked is not null;

create table figure_night (
    single bool primary key default true check (single),
    next_at timestamptz not null
);

-- `property`: empty, all hotels. `cut`: empty, everybody. Guests are those who left in the window; `before`: who left in
-- the one before, and came by the same cut.
create table guest_figure (
    span text not null,
    first date not null,
    property text not null,
    cut text not null check (cut in ('', 'market', 'channel', 'country', 'segment')),
    value text not null,
    guests int not null,
    before int not null,
    retained int not null, -- of `before`, who left in the window again, however they came
    known int not null, -- of the guests, who had stayed before the window
    again int not null, -- of the guests, who came more than once in the window
    complained int not null, -- of the guests, who complained
    email int not null, -- of the guests, who may be written to
    sms int not null,
    whatsapp int not null,
    stays int not null,
    visits int not null, -- stays that touch are one
    nights int not null,
    spend numeric not null,
    unpriced int not null, -- stays without an amount that is known in the currency
    currency text not null,
    primary key (span, first, property, cut, value)
);
