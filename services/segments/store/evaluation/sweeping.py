"""Which zone's midnight is due, and which guests it may move: found by index, a range of values a border."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.segments.facts.fact import Index
from services.segments.facts.families.birthdays import birthdays_kept_on
from services.segments.facts.families.lunar import lunar_birthdays_kept_on
from services.segments.rules.language.borders import Border
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel

ROLE = "sweep"
NOT_SET_ASIDE = f"not exists (select from set_aside where role = '{ROLE}' and item = zone)"
"""Of `zone_sweep`, and of what is left of a turn (`sweep_parts`)."""


class DueZone(NamedTuple):
    zone: str
    swept_to: date


class Crossing(NamedTuple):
    guest_id: UUID
    zone: str
    day: date
    fact: str


def next_turn(tx: Tx) -> datetime | None:
    query = f"select next_at from zone_sweep where {NOT_SET_ASIDE} order by next_at limit 1"
    row = tx.execute(query).fetchone()
    return row[0] if row else None


def lock_due_zones(tx: Tx, now: datetime, zones: Collection[str] | None = None) -> list[DueZone]:
    """The zones with a turn at or before `now`; of those named only, where some are. Not what is set aside."""
    rows = tx.execute(
        f"""
        select zone, swept_to from zone_sweep
        where next_at <= %(now)s and {NOT_SET_ASIDE} and (%(zones)s::text[] is null or zone = any(%(zones)s::text[]))
        order by zone for update
        """,
        {"now": now, "zones": None if zones is None else list(zones)},
    )
    return [DueZone(*row) for row in rows.fetchall()]


def know_zones(tx: Tx, turns: Mapping[str, tuple[date, datetime]]) -> None:
    """Zones with their last swept day and next turn; a known zone keeps the earlier of both."""
    tx.execute(
        """
        insert into zone_sweep as z (zone, swept_to, next_at)
        select * from unnest(%(zones)s::text[], %(days)s::date[], %(next)s::timestamptz[]) as n (zone, day, next_at)
        order by zone
        on conflict (zone) do update
            set swept_to = least(z.swept_to, excluded.swept_to), next_at = least(z.next_at, excluded.next_at)
        """,
        columns_of(turns),
    )


def mark_swept(tx: Tx, turns: Mapping[str, tuple[date, datetime]]) -> None:
    tx.execute(
        """
        update zone_sweep z set swept_to = n.day, next_at = n.next_at
        from unnest(%(zones)s::text[], %(days)s::date[], %(next)s::timestamptz[]) as n (zone, day, next_at)
        where z.zone = n.zone
        """,
        columns_of(turns),
    )


def columns_of(turns: Mapping[str, tuple[date, datetime]]) -> dict[str, list[object]]:
    return {
        "zones": list(turns),
        "days": [day for day, _ in turns.values()],
        "next": [instant for _, instant in turns.values()],
    }


def known_zones(tx: Tx) -> list[str]:
    return [zone for (zone,) in tx.execute("select zone from zone_sweep order by zone").fetchall()]


def crossing(
    tx: Tx, borders: Collection[Border], turns: Sequence[tuple[str, date]], most: int | None = None
) -> list[Crossing]:
    """Who may cross a border on these zones' days; once a guest and day. At most so many of them."""
    if not turns:
        return []
    rows = tx.connection.execute(f"{CROSSING} limit %(most)s", {**probes(borders, turns), "most": most}, prepare=True)
    return [Crossing(*row) for row in rows.fetchall()]


def count_crossing(
    tx: Tx, borders: Collection[Border], turns: Sequence[tuple[str, date]]
) -> dict[tuple[str, date], int]:
    """How many may, by zone and day; nothing where nobody may."""
    query = f"select zone, day, count(*) from ({CROSSING}) as crossing group by zone, day"
    return {(zone, day): guests for zone, day, guests in tx.execute(query, probes(borders, turns)).fetchall()}


def probes(borders: Collection[Border], turns: Sequence[tuple[str, date]]) -> dict[str, list[object]]:
    """For each index the values to look up, column by column."""
    columns: dict[str, list[object]] = {f"{index}_{name}": [] for index in Index for name in COLUMN_NAMES}
    for border in sorted(borders):
        for zone, day in turns:
            for value in values_of(border, day):
                probe = (zone, day, value, border.fact, border.least, border.key)
                for name, part in zip(COLUMN_NAMES, probe, strict=True):
                    columns[f"{border.index}_{name}"].append(part)
    for index in BY_STAYS:
        columns[f"{index}_dates"] = sorted(set(columns[f"{index}_values"]))  # type: ignore[type-var]
    return columns


def values_of(border: Border, day: date) -> tuple[date, ...] | tuple[int, ...]:
    value = day + timedelta(days=border.shift)
    kept_on = KEPT_ON.get(border.index)
    return kept_on(value) if kept_on else (value,)


KEPT_ON: Mapping[Index, Callable[[date], tuple[int, ...]]] = {
    Index.BIRTHDAY: birthdays_kept_on,
    Index.LUNAR_BIRTHDAY: lunar_birthdays_kept_on,
    Index.FIRST_ARRIVAL: birthdays_kept_on,
}
"""Of days of the year (month × 100 + day), which fall on a day."""

COLUMN_NAMES = ("zones", "days", "values", "facts", "least", "keys")


def probe_of(index: Index, kind: str = "date") -> str:
    arrays = ("text", "date", kind, "text", "int", "text")
    given = ", ".join(f"%({index}_{name})s::{type}[]" for name, type in zip(COLUMN_NAMES, arrays, strict=True))
    return f"unnest({given}) as b (zone, day, value, fact, least, key)"


def by_facts(index: Index, column: str, kind: str = "date") -> str:
    return f"""
        select f.guest_id, b.zone, b.day, b.fact
        from {probe_of(index, kind)} join guest_facts f on f.home_zone = b.zone and f.{column} = b.value
    """


def by_stays(index: Index) -> str:
    column, which = BY_STAYS[index]
    return f"""
        select f.guest_id, b.zone, b.day, b.fact
        from (
            select distinct guest_id, {column} as value from stay
            where {column} = any (%({index}_dates)s::date[]) and {which}
            offset 0  -- first the stays of a day, whatever the number of zones that share it
        ) as s
        join guest_facts f on f.guest_id = s.guest_id
        join {probe_of(index)} on b.zone = f.home_zone and b.value = s.value and f.stays >= b.least
    """


def by_segment(index: Index) -> str:
    return f"""
        select f.guest_id, b.zone, b.day, b.fact
        from {probe_of(index)}
        join segment x on x.key = b.key
        join membership_since q on q.segment = x.number and q.since = b.value
        join guest_facts f on f.guest_id = q.guest_id and f.home_zone = b.zone
    """


def by_house_date(index: Index) -> str:
    """A date that comes again is found by its day of the year, by either calendar; one that comes once by the day
    itself, as is the first of those by the lunar calendar: a leap month keeps none of the others."""
    return f"""
        select f.guest_id, b.zone, b.day, b.fact
        from {probe_of(index)}
        join guest_date d on d.date_key = b.key and d.md is not null and d.md = any(kept_on(b.value))
        join guest_facts f on f.guest_id = d.guest_id and f.home_zone = b.zone
        union all
        select f.guest_id, b.zone, b.day, b.fact
        from {probe_of(index)}
        join guest_date d on d.date_key = b.key and d.md is null and d.on_date = b.value
        join guest_facts f on f.guest_id = d.guest_id and f.home_zone = b.zone
        union all
        select f.guest_id, b.zone, b.day, b.fact
        from {probe_of(index)}
        join guest_date d on d.date_key = b.key and d.lunar_md = any(lunar_kept_on(b.value))
        join guest_facts f on f.guest_id = d.guest_id and f.home_zone = b.zone
    """


def by_journey(index: Index) -> str:
    return f"""
        select f.guest_id, b.zone, b.day, b.fact
        from {probe_of(index)}
        join guest_facts f on f.home_zone = b.zone and f.entered_days @> jsonb_build_object(b.key, b.value)
    """


BY_STAYS = {
    Index.STAY_CHECKED_OUT: ("checked_out_on", "status = 'checked_out'"),
    Index.STAY_ENDED: ("ended_on", "ended_on is not null"),
    Index.STAY_ARRIVAL: ("arrival", "status = 'booked'"),
}
BRANCHES = (
    by_facts(Index.BIRTHDAY, "birth_md", "int"),
    by_facts(Index.LUNAR_BIRTHDAY, "lunar_md", "int"),
    by_facts(Index.FIRST_ARRIVAL, "first_arrival_md", "int"),
    by_facts(Index.LAST_CHECKOUT, "last_checkout_on"),
    by_facts(Index.NEXT_ARRIVAL, "next_arrival_on"),
    *(by_facts(Index(f"{channel}_until"), f"{channel}_until") for channel in Channel),
    *(
        by_facts(Index(f"{channel}_{kind}"), f"{channel}_{kind}_on")
        for channel in Channel
        for kind in ("delivered", "bounced", "complained", "written", "clicked")
    ),
    by_facts(Index.LAST_ANSWER, "last_answer_on"),
    by_facts(Index.LAST_ENTERED, "last_entered_on"),
    by_facts(Index.LAST_CASE_CLOSED, "last_case_closed_on"),
    by_segment(Index.HELD_SINCE),
    by_house_date(Index.HOUSE_DATE),
    by_journey(Index.JOURNEY_ENTERED),
    *map(by_stays, BY_STAYS),
)
CROSSING = f"""
    select guest_id, zone, day, min(fact) as fact
    from ({" union all ".join(BRANCHES)}) as found
    group by guest_id, zone, day
    order by guest_id, day
"""
