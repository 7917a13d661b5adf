"""All live segments for a set of guests, in one statement.

It judges every rule, compares with who was in, and writes only what differs: membership, the log of changes, the
sizes. It returns the changes in segments in use, which is what others are told of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.segments.rules.language.tree import Rule
from services.segments.store.compile import Compiled, compile_rules
from shared.database import Tx


class Change(NamedTuple):
    guest_id: str
    segment: int
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


class Asked(NamedTuple):
    """One guest to evaluate: where, on which local day, and why."""

    guest_id: UUID
    zone: str
    today: date
    at: datetime
    because: str  # JSON


def evaluate_guests(tx: Tx, text: str, asked: Sequence[Asked]) -> list[Change]:
    """`text`: the ruleset's statement `of_guests`. Each guest is asked for once."""
    columns = {
        "guests": [one.guest_id for one in asked],
        "zones": [one.zone for one in asked],
        "days": [one.today for one in asked],
        "ats": [one.at for one in asked],
        "because": [one.because for one in asked],
    }
    return changes(tx, text, columns)


def evaluate_range(
    tx: Tx, text: str, after: UUID | None, upto: UUID, days: Mapping[str, date], at: datetime, because: str
) -> list[Change]:
    """`text`: the ruleset's statement `of_range`. `days`: today by zone."""
    columns = {
        "after": after,
        "upto": upto,
        "zones": list(days),
        "days": list(days.values()),
        "at": at,
        "because": because,
    }
    return changes(tx, text, columns)


def changes(tx: Tx, text: str, columns: Mapping[str, Any]) -> list[Change]:
    with tx.connection.cursor(binary=True) as cursor:
        return list(map(Change._make, cursor.execute(text, columns, prepare=True)))


def statement(rules: Mapping[int, Rule], in_use: Sequence[int], fresh: Sequence[int], *, everybody: bool) -> str:
    compiled = compile_rules(rules)
    return TEXT.format(
        asked=ASKED_RANGE if everybody else ASKED_GUESTS,
        today="".join(f", {column}" for column in compiled.today),
        average=", v.mean_spend as average" if compiled.averages else "",
        averages="left join property_average v on v.property = f.last_property" if compiled.averages else "",
        gathered=GATHERED.format(columns=", ".join(compiled.gathered)) if compiled.gathered else "",
        with_gathered="left join gathered w on w.guest_id = p.guest_id" if compiled.gathered else "",
        inside=inside(compiled),
        fresh=numbers(fresh),
        in_use=numbers(in_use),
    )


def inside(compiled: Compiled) -> str:
    tests = [f"case when {condition} then {number} end" for number, condition in compiled.conditions.items()]
    return f"array_remove(array[{', '.join(tests)}]::int[], null)"


def numbers(values: Sequence[int]) -> str:
    return f"array[{', '.join(map(str, values))}]::int[]"


ASKED_GUESTS = """
    select a.guest_id, a.zone, a.today, a.at, a.because
    from unnest(%(guests)s::uuid[], %(zones)s::text[], %(days)s::date[], %(ats)s::timestamptz[], %(because)s::text[])
        as a (guest_id, zone, today, at, because)
"""
ASKED_RANGE = """
    select f.guest_id, f.home_zone as zone, d.today, %(at)s::timestamptz as at, %(because)s::text as because
    from guest_facts f
    join unnest(%(zones)s::text[], %(days)s::date[]) as d (zone, today) on d.zone = f.home_zone
    where (%(after)s::uuid is null or f.guest_id > %(after)s::uuid) and f.guest_id <= %(upto)s::uuid
"""
GATHERED = """
    gathered as (
        select p.guest_id, {columns}
        from person p join stay s on s.guest_id = p.guest_id
        group by p.guest_id
    ),
"""
# `numbered`: a member without a line in the log is at version 1, her initial entry.
TEXT = """
    with asked as materialized ({asked}),
    person as (
        select f.*, a.today{today}{average}
        from asked a join guest_facts f on f.guest_id = a.guest_id
        {averages}
    ),
    {gathered}
    judged as (
        select p.guest_id, {inside} as inside
        from person p {with_gathered}
    ),
    compared as materialized (
        select a.guest_id, coalesce(m.segments, '{{}}') as before, coalesce(j.inside, '{{}}') as after
        from asked a
        left join judged j on j.guest_id = a.guest_id
        left join membership m on m.guest_id = a.guest_id
        where coalesce(m.segments, '{{}}') <> coalesce(j.inside, '{{}}')
    ),
    kept as (
        insert into membership (guest_id, segments)
        select guest_id, after from compared order by guest_id
        on conflict (guest_id) do update set segments = excluded.segments
    ),
    change as (
        select c.guest_id, n.segment, n.entered
        from compared c cross join lateral (
            select s as segment, true as entered from unnest(c.after) as s where s <> all (c.before)
            union all
            select s, false from unnest(c.before) as s where s <> all (c.after)
        ) as n
    ),
    numbered as materialized (
        select c.guest_id, c.segment, c.entered,
            coalesce(l.version, case when c.entered then 0 else 1 end) + 1 as version,
            l.version is null and c.entered as unheard,
            (a.because::jsonb ->> 'kind') = 'initial' or c.segment = any ({fresh}) as initial
        from change c
        join asked a on a.guest_id = c.guest_id
        left join lateral (
            select version from membership_change l
            where l.guest_id = c.guest_id and l.segment = c.segment
            order by version desc limit 1
        ) as l on true
    ),
    logged as (
        insert into membership_change (guest_id, segment, version, at, entered, initial, because)
        select n.guest_id, n.segment, n.version, a.at, n.entered, n.initial,
            case when n.initial then jsonb_build_object('kind', 'initial') else a.because::jsonb end
        from numbered n join asked a on a.guest_id = n.guest_id
        where not (n.unheard and n.initial)
    ),
    locked as (
        select z.number from segment_size z
        where z.number in (select segment from numbered)
        order by z.number for no key update
    ),
    counted as (
        update segment_size z set members = z.members + d.more
        from locked, (
            select segment, sum(case when entered then 1 else -1 end) as more from numbered group by segment
        ) as d
        where z.number = locked.number and d.segment = z.number
    )
    select n.guest_id::text, n.segment, n.version, n.entered, n.initial, a.at, a.zone, a.today, a.because,
        f.birth_date, f.last_stay_id::text, f.last_reservation, f.last_property, f.last_checkout_on
    from numbered n
    join asked a on a.guest_id = n.guest_id
    left join guest_facts f on f.guest_id = n.guest_id
    where n.segment = any ({in_use})
    order by n.guest_id, n.segment
"""
