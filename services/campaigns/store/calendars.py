"""Days of calendars, and when each journey's next one begins where."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row

OWN = "own"


@dataclass(frozen=True)
class CalendarTurn:
    """A day that comes somewhere. `after`: the last guest who was let in; `let_in`: how many were."""

    journey: str
    zone: str
    everybody: bool
    day: date
    at: datetime
    after: UUID | None
    let_in: int = 0


@row
class Inside:
    guest_id: UUID
    zone: str


@dataclass(frozen=True)
class OwnDay:
    name: str
    day: date


def missing_years(tx: Tx, calendar: str, years: Collection[int]) -> list[int]:
    rows = tx.execute(
        """
        select wanted from unnest(%s::int[]) as wanted
        where not exists (select from calendar_year where calendar = %s and year = wanted) order by wanted
        """,
        [sorted(years), calendar],
    )
    return [year for (year,) in rows]


def keep_years(tx: Tx, calendar: str, years: Collection[int], days: Sequence[tuple[date, str]]) -> None:
    tx.execute(
        "insert into calendar_year (calendar, year) select %s, unnest(%s::int[]) on conflict do nothing",
        [calendar, sorted(years)],
    )
    tx.execute(
        """
        insert into calendar_day (calendar, day, name)
        select %s, day, name from unnest(%s::date[], %s::text[]) as new (day, name) on conflict do nothing
        """,
        [calendar, [day for day, _ in days], [name for _, name in days]],
    )


def days_of(tx: Tx, calendar: str, name: str | None) -> list[date]:
    rows = tx.execute(
        """
        select distinct day from calendar_day
        where calendar = %(key)s and (%(name)s::text is null or name = %(name)s) order by day
        """,
        {"key": calendar, "name": name},
    )
    return [day for (day,) in rows]


def names_of(tx: Tx, calendar: str) -> list[str]:
    rows = tx.execute("select distinct name from calendar_day where calendar = %s order by name", [calendar])
    return [name for (name,) in rows]


def own_days(tx: Tx) -> list[OwnDay]:
    query = "select name, day from calendar_day where calendar = 'own' order by day, name"
    return tx.rows(OwnDay, query)


def drop_own(tx: Tx, name: str, day: date) -> bool:
    query = "delete from calendar_day where calendar = 'own' and name = %s and day = %s"
    return tx.execute(query, [name, day]).rowcount > 0


def zones_without_turn(tx: Tx, journeys: Sequence[str]) -> list[tuple[str, str]]:
    """Journey and zone."""
    rows = tx.execute(
        """
        select wanted, guest_zone.zone from unnest(%s::text[]) as wanted cross join guest_zone
        where not exists (select from calendar_turn t where (t.journey, t.zone) = (wanted, guest_zone.zone))
        order by wanted, guest_zone.zone
        """,
        [list(journeys)],
    )
    return [(journey, zone) for journey, zone in rows]


def has_turn(tx: Tx, journey: str) -> bool:
    return tx.execute("select 1 from calendar_turn where journey = %s limit 1", [journey]).fetchone() is not None


def zone_of_hotel(tx: Tx, hotel: str) -> str | None:
    row = tx.execute("select zone from property_known where code = %s", [hotel]).fetchone()
    zone: str | None = row[0] if row else None
    return zone


Turn = tuple[str, str, bool, date | None, datetime | None]  # journey, zone, everybody, day, at


def keep_turns(tx: Tx, turns: Sequence[Turn]) -> None:
    tx.execute(
        """
        insert into calendar_turn (journey, zone, everybody, day, at)
        select * from unnest(%s::text[], %s::text[], %s::boolean[], %s::date[], %s::timestamptz[])
        on conflict do nothing
        """,
        [[turn[place] for turn in turns] for place in range(5)],
    )


def claim_due(tx: Tx, at: datetime) -> CalendarTurn | None:
    """The earliest of journeys that run, unless another clock holds it."""
    rows = tx.rows(
        CalendarTurn,
        """
        select t.journey, t.zone, t.everybody, t.day, t.at, t.after, t.let_in
        from calendar_turn t join journey on journey.key = t.journey
        where t.at <= %s and journey.state in ('live', 'paused')
        order by t.at, t.journey, t.zone limit 1 for update of t skip locked
        """,
        [at],
    )
    return rows[0] if rows else None


def inside_after(tx: Tx, turn: CalendarTurn, segment: str, left_out: Sequence[str], most: int) -> list[Inside]:
    """The next guests who are in the segment now and in none of those left out; where they live, or all."""
    return tx.rows(
        Inside,
        """
        select member.guest_id, coalesce(guest.zone, 'UTC') as zone
        from audience_member member left join guest_known guest using (guest_id)
        where member.segment = %(segment)s and member.inside and guest.ended is null
          and (%(after)s::uuid is null or member.guest_id > %(after)s)
          and (%(everybody)s or coalesce(guest.zone, 'UTC') = %(zone)s)
          and not exists (
              select from audience_member other
              where other.guest_id = member.guest_id and other.segment = any(%(left_out)s) and other.inside
          )
        order by member.guest_id limit %(most)s
        """,
        {
            "segment": segment,
            "after": turn.after,
            "everybody": turn.everybody,
            "zone": turn.zone,
            "left_out": list(left_out),
            "most": most,
        },
    )


def move_on(tx: Tx, turn: CalendarTurn, after: UUID, let_in: int) -> None:
    statement = "update calendar_turn set after = %s, let_in = let_in + %s where journey = %s and zone = %s"
    tx.execute(statement, [after, let_in, turn.journey, turn.zone])


def next_day(tx: Tx, turn: CalendarTurn, following: tuple[date, datetime] | None) -> None:
    day, at = following or (None, None)
    statement = "update calendar_turn set day = %s, at = %s, after = null, let_in = 0 where journey = %s and zone = %s"
    tx.execute(statement, [day, at, turn.journey, turn.zone])


def forget(tx: Tx, journeys: Sequence[str], now: datetime | None) -> None:
    """Their turns; `now`: but for those that have come and are not over."""
    tx.execute(
        """
        delete from calendar_turn
        where journey = any(%(journeys)s) and (%(now)s::timestamptz is null or at is null or at > %(now)s)
        """,
        {"journeys": list(journeys), "now": now},
    )


def know_zones(tx: Tx, zones: Collection[str]) -> bool:
    """Whether one is new."""
    statement = "insert into guest_zone select unnest(%s::text[]) on conflict do nothing"
    return tx.execute(statement, [sorted(zones)]).rowcount > 0


NEXT_DUE = """
    select min(at) from calendar_turn t join journey on journey.key = t.journey where state in ('live', 'paused')
"""
