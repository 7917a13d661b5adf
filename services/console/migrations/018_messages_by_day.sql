-- Messages that went, by day, and what they cost at the prices that stood then: home and the key figures add up some
-- hundred rows and not every message of a year. Each statement that changes `message_seen` takes back what it was
-- counted as and counts it anew. What messages cost that went before: `republish deliveries`.
alter table message_seen add column cost numeric, add column currency text;

create table message_day (
    day date not null, -- UTC, when it went
    journey text not null,
    purpose text not null,
    property text not null, -- empty: of no one hotel
    channel text not null, -- empty: not known
    currency text not null, -- of the cost; empty: no price was known
    messages int not null,
    priced int not null, -- messages of which a price was known
    cost numeric not null, -- of these
    primary key (day, journey, purpose, property, channel, currency)
);

insert into message_day
select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''), '', count(*),
    0, 0
from message_seen where sent_at is not null
group by 1, 2, 3, 4, 5;

-- Rows in order, so that two who count the same day wait for each other.
create function count_new_messages() returns trigger language plpgsql as $$
begin
    insert into message_day as known
        (day, journey, purpose, property, channel, currency, messages, priced, cost)
    select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''),
        case when cost is null then '' else coalesce(currency, '') end, count(*), count(cost), coalesce(sum(cost), 0)
    from after where sent_at is not null
    group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (day, journey, purpose, property, channel, currency) do update
    set messages = known.messages + excluded.messages, priced = known.priced + excluded.priced,
        cost = known.cost + excluded.cost;
    return null;
end
$$;

create function count_changed_messages() returns trigger language plpgsql as $$
begin
    insert into message_day as known
        (day, journey, purpose, property, channel, currency, messages, priced, cost)
    select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''),
        case when cost is null then '' else coalesce(currency, '') end, sum(n),
        coalesce(sum(n) filter (where cost is not null), 0), coalesce(sum(n * cost), 0)
    from (
        select sent_at, journey, purpose, property, channel, currency, cost, -1 as n from before
        union all
        select sent_at, journey, purpose, property, channel, currency, cost, 1 from after
    ) as moved
    where sent_at is not null
    group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0 or sum(n * cost) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (day, journey, purpose, property, channel, currency) do update
    set messages = known.messages + excluded.messages, priced = known.priced + excluded.priced,
        cost = known.cost + excluded.cost;
    return null;
end
$$;

create trigger message_seen_new after insert on message_seen referencing new table as after
    for each statement execute function count_new_messages();
create trigger message_seen_changed after update on message_seen
    referencing old table as before new table as after
    for each statement execute function count_changed_messages();
