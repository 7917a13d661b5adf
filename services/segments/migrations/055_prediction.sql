-- How often guests are to come again: what was fitted, and how a fit on what was known a while ago compares with who came.
create table prediction (
    as_of date primary key,
    counted_at timestamptz not null,
    split date not null, -- the test was fitted on the visits before it
    ahead int not null, -- days that the sums look ahead
    guests int not null,
    why text, -- why nothing could be fitted; null: it could
    parameters jsonb not null, -- r, alpha (days), a, b of the visits, p, q, v (of the currency) of the spend
    alive double precision not null, -- guests that may still come, in sum
    visits double precision not null, -- to be expected, in sum
    worth double precision not null, -- that they are to bring, in sum
    currency text not null
);
create table prediction_test (
    as_of date not null references prediction on delete cascade,
    before int not null, -- visits of these guests before the split; the greatest stands for more as well
    guests int not null,
    predicted double precision not null,
    came int not null, -- visits after the split
    primary key (as_of, before)
);
