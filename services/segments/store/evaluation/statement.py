"""All live segments for a set of guests, in one statement.

It evaluates every rule, compares with who was in, and writes only what differs: membership, the log of changes, the
sizes. It returns the changes in segments in use, which is what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from services.segments.rules.language.tree import Rule
from services.segments.store.evaluation.compile import MOST_SHARED, Compiled, compile_rules
from services.segments.store.evaluation.sizes import ADDED, NOTED
from shared.database.pool import Tx

T = TypeVar("T")
BEFORE_ALL = UUID(int=0)  # no guest's: a comparison with it is one that an index answers, «or null» is not


class Change(NamedTuple):
    """A guest entered or left these segments: one, or several of which all but the segment is the same."""

    guest_id: str
    segments: list[int]
    version: int
    entered: bool
    initial: bool
    at: datetime
    zone: str
    today: date
    because: str  # JSON
    birth_date: date | None
    last_stay_id: str | None
    last_reservation: str | None
    last_property: str | None
    last_checkout_on: date | None
    first_arrival_on: date | None


class Asked(NamedTuple):
    """One guest to evaluate: where, on which local day, as of when, and why."""

    guest_id: UUID
    turn: Turn
    because: str  # JSON


class Turn(NamedTuple):
    """A zone's day and the instant as of which it is evaluated."""

    zone: str
    today: date
    at: datetime


def evaluate_guests(tx: Tx, text: str, asked: Sequence[Asked]) -> list[Change]:
    """`text`: the ruleset's statement `of_guests`. Each guest is asked for once."""
    turns = place_of(one.turn for one in asked)
    columns = {
        "guests": array(one.guest_id for one in asked),
        "turns": array(turns[one.turn] for one in asked),
        "zones": [turn.zone for turn in turns],
        "days": [turn.today for turn in turns],
        "ats": [turn.at for turn in turns],
        "because": [one.because for one in asked],
    }
    return changes(tx, text, columns)


def place_of(values: Iterable[T]) -> dict[T, int]:
    """Each value once, with its place from 1 on."""
    return {value: place for place, value in enumerate(dict.fromkeys(values), start=1)}


def array(values: Iterable[object]) -> str:
    """Ids or numbers as PostgreSQL reads an array: written in one go, since thousands are handed over every time."""
    return "{" + ",".join(map(str, values)) + "}"


def evaluate_range(
    tx: Tx, text: str, guests: str, days: Mapping[str, date], at: datetime, because: str
) -> list[Change]:
    """`text`: the ruleset's statement `of_range`. `guests`: an array as PostgreSQL writes it. `days`: today by zone."""
    columns = {
        "guests": guests,
        "zones": list(days),
        "days": list(days.values()),
        "at": at,
        "because": because,
    }
    return changes(tx, text, columns)


def changes(tx: Tx, text: str, columns: Mapping[str, Any]) -> list[Change]:
    with tx.connection.cursor(binary=True) as cursor:
        return list(map(Change._make, cursor.execute(text, columns, prepare=True).fetchall()))


def statement(
    rules: Mapping[int, Rule],
    in_use: Sequence[int],
    fresh: Sequence[int],
    kept: Sequence[int],
    timed: Sequence[int] = (),
    *,
    everybody: bool,
) -> str:
    """`kept`: segments that are not evaluated; who is in them stays in. `timed`: those of which is kept since when."""
    compiled = compile_rules(rules, most_shared=MOST_SHARED)
    return TEXT.format(
        asked=ASKED_RANGE if everybody else ASKED_GUESTS,
        today="".join(f", {column}" for column in compiled.today),
        average=", v.mean_spend as average" if compiled.averages else "",
        averages="left join property_average v on v.property = f.last_property" if compiled.averages else "",
        gathered=GATHERED.format(columns=", ".join(compiled.gathered)) if compiled.gathered else "",
        shared=SHARED.format(columns=", ".join(compiled.shared)) if compiled.shared else "",
        inside=inside(compiled, kept),
        fresh=numbers(fresh),
        in_use=numbers(in_use),
        since=SINCE.format(timed=numbers(timed)) if timed else "",
        sizes=NOTED if everybody else ADDED,
    )


def inside(compiled: Compiled, kept: Sequence[int]) -> str:
    """In the order of the numbers, as they are stored."""
    conditions = {**compiled.conditions, **{number: f"{number} = any (m.segments)" for number in kept}}
    tests = [f"case when {condition} then {number} end" for number, condition in sorted(conditions.items())]
    return f"array_remove(array[{', '.join(tests)}]::int[], null)"


def numbers(values: Sequence[int]) -> str:
    return f"array[{', '.join(map(str, values))}]::int[]"


# What a day gives, once a zone and not once a guest.
DAYS = """
    (
        select zone, today, extract(year from today)::int as year
        from unnest(%(zones)s::text[], %(days)s::date[]) as d (zone, today)
        offset 0
    )
"""
ASKED_GUESTS = """
    (
        select g.guest_id, t.zone, t.today, t.year, t.at, g.because
        from unnest(%(guests)s::uuid[], %(turns)s::int[], %(because)s::text[]) as g (guest_id, turn, because)
        join (
            select turn, zone, today, at, extract(year from today)::int as year
            from unnest(%(zones)s::text[], %(days)s::date[], %(ats)s::timestamptz[])
                with ordinality as given (zone, today, at, turn)
            offset 0
        ) as t on t.turn = g.turn
    ) as a
    left join lateral (select * from guest_facts where guest_id = a.guest_id offset 0) as f on true
"""
ASKED_RANGE = f"""
    unnest(%(guests)s::uuid[]) as g (guest_id)
    cross join lateral (select * from guest_facts where guest_id = g.guest_id offset 0) as f
    join {DAYS} as d on d.zone = f.home_zone
    cross join lateral (
        select f.guest_id, d.zone, d.today, d.year, %(at)s::timestamptz as at, %(because)s::text as because
    ) as a
"""
GATHERED = """
    left join lateral (
        select {columns} from stay s where s.guest_id = p.guest_id
    ) as w on true
"""
SHARED = """
    cross join lateral (select {columns} offset 0) as c
"""
SINCE = """
    held as (
        insert into membership_since (guest_id, segment, since)
        select guest_id, s, today from moved cross join unnest(entered) as s where s = any ({timed})
        on conflict (guest_id, segment) do update set since = excluded.since
    ),
    let_go as (
        delete from membership_since q using moved
        where q.guest_id = moved.guest_id and q.segment = any (moved.gone) and q.segment = any ({timed})
    ),
"""
# One guest is one row from `asked` to `moved`, looked up by key at every step (`offset 0` keeps the planner from
# joining whole tables instead): the plan is as good for twenty thousand guests as for one, whatever it assumes of the
# arrays. Whoever has no facts (erased, merged away), or objects to being chosen, is in nothing.
#
# `plain`: all that the guest does is enter for the first time, initially, which is not logged; such a guest stays one
# row. `change`: all else, a row a segment, with its version by the log; a member without a line in the log is at
# version 1, the initial entry.
TEXT = """
    with moved as materialized (
        select *, gone = '{{}}' and not logged
            and (initial or not exists (select from unnest(entered) as s where s <> all ({fresh}))) as plain
        from (
            select guest_id, zone, today, at, because, after,
                birth_date, last_stay_id, last_reservation, last_property, last_checkout_on, first_arrival_on,
                case when before = '{{}}' then after
                    else array(select s from unnest(after) as s where s <> all (before)) end as entered,
                case when before = '{{}}' then before
                    else array(select s from unnest(before) as s where s <> all (after)) end as gone,
                because::jsonb ->> 'kind' = 'initial' as initial,
                (select true from membership_change l where l.guest_id = evaluated.guest_id limit 1) is true as logged
            from (
                select p.asked_id as guest_id, p.zone, p.today, p.at, p.because,
                    p.birth_date, p.last_stay_id, p.last_reservation, p.last_property, p.last_checkout_on,
                    p.first_arrival_on,
                    coalesce(m.segments, '{{}}') as before,
                    case when p.known is null or p.in_no_audience then '{{}}' else {inside} end as after
                from (
                    select f.*, a.guest_id as asked_id, f.guest_id as known, a.zone, a.today, a.at, a.because
                        {today}{average}
                    from {asked}
                    {averages}
                    offset 0  -- what time gives is worked out once a guest, not once a rule
                ) as p
                left join lateral (
                    select segments from membership where guest_id = p.asked_id offset 0
                ) as m on true
                {gathered}
                {shared}
                offset 0
            ) as evaluated
            where before <> after
            offset 0
        ) as different
    ),
    kept as (
        insert into membership (guest_id, segments)
        select guest_id, after from moved order by guest_id
        on conflict (guest_id) do update set segments = excluded.segments
    ),
    {since}
    change as materialized (
        select c.guest_id, n.segment, n.entered, c.zone, c.today, c.at, c.because,
            c.birth_date, c.last_stay_id, c.last_reservation, c.last_property, c.last_checkout_on, c.first_arrival_on,
            coalesce(l.version, case when n.entered then 0 else 1 end) + 1 as version,
            l.version is null and n.entered as unlogged,
            c.initial or n.segment = any ({fresh}) as initial
        from moved as c
        cross join lateral (
            select s as segment, true as entered from unnest(c.entered) as s
            union all
            select s, false from unnest(c.gone) as s
        ) as n
        left join lateral (
            select version from membership_change l
            where c.logged and l.guest_id = c.guest_id and l.segment = n.segment
            order by version desc limit 1
        ) as l on true
        where not c.plain
    ),
    logged as (
        insert into membership_change (guest_id, segment, version, at, entered, initial, because)
        select guest_id, segment, version, at, entered, initial,
            case when initial then jsonb_build_object('kind', 'initial') else because::jsonb end
        from change where not (unlogged and initial)
    ),
    more as materialized (
        select segment, sum(members) as members
        from (
            select unnest(entered) as segment, 1 as members from moved
            union all
            select unnest(gone), -1 from moved
        ) as counted
        group by segment
    ),
    {sizes}
    select guest_id::text, array[segment] as segments, version, entered, initial, at, zone, today, because,
        birth_date, last_stay_id::text, last_reservation, last_property, last_checkout_on, first_arrival_on
    from change
    where segment = any ({in_use})
    union all
    select guest_id::text, segments, 1, true, true, at, zone, today, because,
        birth_date, last_stay_id::text, last_reservation, last_property, last_checkout_on, first_arrival_on
    from (
        select *, array(select s from unnest(entered) as s where s = any ({in_use})) as segments
        from moved where plain
        offset 0
    ) as entrant
    where segments <> '{{}}'
    order by guest_id, segments
"""
