"""What the three journeys plan for each guest: an occurrence, its hour, and the instant a booking ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise

from tests.oracle.export import BOOKED, CANCELLED, CHECKED_IN, CHECKED_OUT, NO_SHOW, Row
from tests.oracle.guests import Guest
from tests.oracle.places import PROPERTY_ZONE, instant, local, midnight

TEN = time(10)
LAPSE_DAYS, SECOND_CHANCE_DAYS, BIRTHDAY_DAYS = 90, 14, 7
FAR = timedelta(days=100_000)


@dataclass(frozen=True)
class Plan:
    journey: str
    guest: Guest
    occurrence: str
    due: datetime
    zone: str
    row: Row | None = None  # the stay it is about
    ends: datetime | None = None  # from when on it is no longer wanted


def surveys(guest: Guest, from_day: date) -> Iterator[Plan]:
    for row in guest.rows:
        if row.checked_out_at and row.status_date >= from_day:
            due = instant(row.status_date + timedelta(days=1), TEN, PROPERTY_ZONE)
            yield Plan("post-stay-survey", guest, f"stay:{row.number}", due, PROPERTY_ZONE, row)


def birthdays(guest: Guest, from_day: date, to_day: date) -> Iterator[Plan]:
    """Whoever is seven days before a birthday at 10:00 at home, if the date was known by then; once a year."""
    learnt = sorted({row.booked_at for row in guest.rows})
    spans = list(pairwise([*learnt, learnt[-1] + FAR]))
    for year in range(from_day.year, to_day.year + 2):
        left: datetime | None = None
        for since, until in spans:
            born, zone = guest.birth_date(since), guest.zone(since)
            if born is None:
                continue
            day = in_year(born, year) - timedelta(days=BIRTHDAY_DAYS)
            entered = max(since, midnight(day, zone))
            leaves = min(until, midnight(day + timedelta(days=1), zone))
            if entered >= leaves:
                continue
            due = instant(day, TEN, zone)
            if entered != left and from_day <= day <= to_day and entered <= due:
                yield Plan("birthday", guest, f"birthday:{year}", due, zone)
                break
            left = leaves


def in_year(born: date, year: int) -> date:
    """Her birthday in that year; 29 February falls on the 28th in common years."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def win_backs(guest: Guest, from_day: date) -> Iterator[Plan]:
    """Each time she becomes someone who has not stayed for 90 days, books nothing and is not here."""
    for row, entered, kind, left in lapses(guest):
        zone = guest.zone(entered)
        day = local(entered, zone).date()
        if day >= from_day:
            days = SECOND_CHANCE_DAYS if kind in (CANCELLED, NO_SHOW) else 0
            due = instant(day + timedelta(days), TEN, zone)
            if due < entered:
                due = instant(day + timedelta(days + 1), TEN, zone)
            yield Plan("win-back", guest, f"lapse:{row.number}", due, zone, row, left)


def lapses(guest: Guest) -> Iterator[tuple[Row, datetime, int | None, datetime | None]]:
    """(last stay, since when, what made her so: None for time itself, until when)."""
    happenings = sorted(((at, kind, row.number, row) for row in guest.rows for at, kind in row.happenings()))
    groups = [
        (moment, [row for *_, row in group])
        for moment, group in groupby(happenings, key=lambda happening: (happening[0], happening[1]))
    ]
    booked: set[str] = set()
    here: set[str] = set()
    last: Row | None = None
    entered: tuple[Row, datetime, int | None] | None = None
    for place, ((at, kind), rows) in enumerate(groups):
        for row in rows:
            (booked.add if kind == BOOKED else booked.discard)(row.number)
            if kind == CHECKED_IN:
                here.add(row.number)
            if kind == CHECKED_OUT:
                here.discard(row.number)
                last = max(last, row, key=_left) if last else row
        absent = last is not None and not booked and not here
        turns = midnight(last.status_date + timedelta(days=LAPSE_DAYS), guest.zone(at)) if last else None
        if entered and not (absent and turns and turns <= at):
            yield *entered, at
            entered = None
        if last and turns and absent and not entered:
            following = groups[place + 1][0][0] if place + 1 < len(groups) else None
            if turns <= at:
                entered = (last, at, kind)
            elif following is None or turns < following:
                entered = (last, turns, None)
    if entered:
        yield *entered, None


def _left(row: Row) -> tuple[date, str]:
    return row.status_date, row.number
