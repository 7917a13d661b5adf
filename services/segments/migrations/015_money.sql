-- Money is never added across currencies: a stay's revenue is kept as stated, and beside it in its hotel's currency and
-- in the reporting currency, in which hotels are compared and added.

-- What the hotel is paid in, as console says it; null: not said yet. `currency_seen`: what most of its stays were in
-- when this migration ran, which counts until it is said; without it, the country's currency.
alter table property_known
    add column currency text,
    add column currency_seen text;

update property_known p
set currency_seen = (
    select upper(trim(s.currency)) from stay s
    where s.property = p.code and s.currency ~ '^\s*[A-Za-z]{3}\s*$'
    group by 1 order by count(*) desc, 1 limit 1
);

-- What hotels are compared and added in; no row: the currency of most hotels.
create table reporting_currency (
    single bool primary key default true check (single),
    currency text not null,
    chosen_at timestamptz not null,
    chosen_by text not null
);

-- One `base` was `rate` `quote` from that day on, until the next day of the pair.
create table exchange_rate (
    base text not null,
    quote text not null,
    day date not null,
    rate numeric not null check (rate > 0),
    source text not null,
    entered_at timestamptz not null,
    entered_by text not null,
    primary key (base, quote, day),
    check (base <> quote)
);

create index exchange_rate_back on exchange_rate (quote, base, day);

-- `is_converted`: the stay's currency, its hotel's and the reporting currency are not one; then `converted_amount` and
-- `converted_reported` count, null where no rate is known. `amount_currency`: the hotel's, where it is not the reporting
-- currency. `amount` is in the hotel's currency, `reported` in the reporting currency.
alter table stay
    add column is_converted bool not null default false,
    add column converted_amount numeric,
    add column converted_reported numeric,
    add column amount_currency text,
    add column amount numeric generated always as (case when is_converted then converted_amount else revenue end) stored,
    add column reported numeric
        generated always as (case when is_converted then converted_reported else revenue end) stored;

create index stay_converted on stay (arrival, id) where is_converted;

-- Conversions to be made anew: of all stays, or of those converted that arrive from `since` on. `arrival` and `stay_id`:
-- up to where it has come.
create table conversion_run (
    id bigint generated always as identity primary key,
    planned_at timestamptz not null,
    since date,
    arrival date,
    stay_id uuid
);

insert into conversion_run (planned_at)
select max(changed_at) from stay having count(*) > 0;
