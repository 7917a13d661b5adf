-- Messages that went, by day: home and the key figures add up some hundred rows and not every message of a year. Each
-- statement that changes `message_seen` takes back what it was counted as and counts it anew.
create table message_day (
    day date not null, -- UTC, when it went
    journey text not null,
    purpose text not null,
    property text not null, -- empty: of no one hotel
    channel text not null, -- empty: not known
    messages int not null,
    primary key (day, journey, purpose, property, channel)
);

insert into message_day
select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''), count(*)
from message_seen where sent_at is not null
group by 1, 2, 3, 4, 5;

-- Rows in order, so that two who count the same day wait for each other.
create function count_new_messages() returns trigger language plpgsql as $$
begin
    insert into message_day as known (day, journey, purpose, property, channel, messages)
    select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''), count(*)
    from after where sent_at is not null
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (day, journey, purpose, property, channel) do update
    set messages = known.messages + excluded.messages;
    return null;
end
$$;

create function count_changed_messages() returns trigger language plpgsql as $$
begin
    insert into message_day as known (day, journey, purpose, property, channel, messages)
    select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''), sum(n)
    from (
        select sent_at, journey, purpose, property, channel, -1 as n from before
        union all
        select sent_at, journey, purpose, property, channel, 1 from after
    ) as moved
    where sent_at is not null
    group by 1, 2, 3, 4, 5 having sum(n) <> 0 order by 1, 2, 3, 4, 5
    on conflict (day, journey, purpose, property, channel) do update
    set messages = known.messages + excluded.messages;
    return null;
end
$$;

create trigger message_seen_new after insert on message_seen referencing new table as after
    for each statement execute function count_new_messages();
create trigger message_seen_changed after update on message_seen
    referencing old table as before new table as after
    for each statement execute function count_changed_messages();
