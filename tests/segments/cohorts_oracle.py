"""What cohorts must be, worked out guest by guest from the raw rows; it shares no line with what it checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from tests.segments.figures_oracle import Raw, RawStay, beginnings

Visit = tuple[date, str, str]
"""The day it counts on, market and channel."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def visits_of(raw: Raw) -> dict[str, dict[UUID, list[Visit]]]:
    """By hotel (empty: all) and guest, in order."""
    begins = beginnings(raw.stays)
    found: dict[str, dict[UUID, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted((stay for stay in raw.stays if stay.id in begins), key=_order):
        for place in ("", one.property):
            found[place][one.guest_id].append((one.left, one.market, one.channel))
    return found


def _order(one: RawStay) -> tuple[date, date, UUID]:
    return one.left, one.arrival, one.id


def period(span: str, day: date) -> int:
    return (day.year * 12 + day.month - 1) // MONTHS[span]


def cohorts(raw: Raw) -> dict[tuple[str, str, date, int], tuple[int, int]]:
    """By span, hotel, first day of the cohort's period and periods after: who came, and whose second visit it was."""
    came: dict[tuple[str, str, date, int], set[UUID]] = defaultdict(set)
    second: dict[tuple[str, str, date, int], set[UUID]] = defaultdict(set)
    for span, months in MONTHS.items():
        for hotel, guests in visits_of(raw).items():
            for guest, theirs in guests.items():
                first = period(span, theirs[0][0])
                begin = date(first * months // 12, first * months % 12 + 1, 1)
                for place, (day, *_) in enumerate(theirs):
                    key = span, hotel, begin, period(span, day) - first
                    came[key].add(guest)
                    if place == 1:
                        second[key].add(guest)
    return {key: (len(found), len(second[key])) for key, found in came.items()}


def first_visits(raw: Raw, hotel: str, today: date) -> Iterator[tuple[date, str, str, bool, bool]]:
    """The day of each guest's first visit there, under each cut and value; whether it was a year ago or more, and
    whether a ripe one was followed by a second within the year."""
    year = timedelta(days=365)
    for guest, ((first, market, channel), *rest) in visits_of(raw)[hotel].items():
        ripe = first + year <= today
        again = ripe and bool(rest) and rest[0][0] <= first + year
        cuts = ("", ""), ("market", market), ("channel", channel), ("country", raw.countries[guest])
        yield from ((first, cut, value, ripe, again) for cut, value in cuts)


def new_guests(raw: Raw, today: date) -> dict[tuple[str, str, str, date], tuple[int, int, int]]:
    """By hotel, cut, value and month: guests, of these ripe, of these again within a year."""
    found: dict[tuple[str, str, str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    for hotel in visits_of(raw):
        for first, cut, value, ripe, again in first_visits(raw, hotel, today):
            line = found[hotel, cut, value, first.replace(day=1)]
            line[0], line[1], line[2] = line[0] + 1, line[1] + ripe, line[2] + again
    return {key: (line[0], line[1], line[2]) for key, line in found.items()}
