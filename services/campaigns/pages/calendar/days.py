"""The calendar's days, from what the last rehearsal added up; before there is one, what guests wait for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from services.campaigns.queries.calendar import Expected, Planned, Rehearsed
from shared.localtime import zone_named

DAYS = 30


@dataclass(frozen=True)
class Wanted:
    """What is shown; nothing chosen is everything."""

    journey: str = ""
    channel: str = ""
    hotel: str = ""

    def shows(self, journey: str, channel: str | None, hotel: str | None) -> bool:
        """A message that gives way has no channel: it is of each it might have gone by."""
        return (
            self.journey in ("", journey)
            and (self.channel in ("", channel) or channel is None)
            and self.hotel in ("", hotel)
        )


@dataclass
class Counts:
    """`planned`: guests whose next step is due. Messages that would go, those kept back by a cap, those that give way
    to one of the same time; `expected`: those of stays that nobody has booked yet, an estimate."""

    planned: int = 0
    sent: int = 0
    capped: int = 0
    gave_way: int = 0
    expected: float = 0.0


@dataclass
class Day:
    journeys: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))

    @property
    def together(self) -> Counts:
        found = Counts()
        for one in self.journeys.values():
            _add(found, one)
        return found


def by_day(planned: Iterable[Planned], rehearsed: Iterable[Rehearsed], expected: Iterable[Expected]) -> dict[date, Day]:
    """Each on the day that it is where the guest is."""
    found: dict[date, Day] = defaultdict(Day)
    for due in planned:
        found[due.hour.astimezone(zone_named(due.zone)).date()].journeys[due.journey].planned += due.guests
    for told in rehearsed:
        _add(found[told.day].journeys[told.journey], told)
    for more in expected:
        found[more.day].journeys[more.journey].expected += more.messages
    return found


def next_days(planned: Iterable[Planned], today: date, count: int) -> list[tuple[date, list[tuple[str, int]]]]:
    """From `today` on, what is planned by journey, the most first; where it is still the day before, it is today's."""
    found: dict[date, Counter[str]] = {today + timedelta(days=number): Counter() for number in range(count)}
    for day, there in by_day(planned, (), ()).items():
        if (shown := max(day, today)) in found:
            found[shown].update({journey: counts.planned for journey, counts in there.journeys.items()})
    return [(day, sorted(counts.items(), key=lambda one: (-one[1], one[0]))) for day, counts in found.items()]


def _add(counts: Counts, more: Counts | Rehearsed) -> None:
    counts.sent += more.sent
    counts.capped += more.capped
    counts.gave_way += more.gave_way
    if isinstance(more, Counts):
        counts.planned += more.planned
        counts.expected += more.expected


def weeks(first: date) -> list[list[date | None]]:
    """From Monday to Sunday."""
    days = [first + timedelta(days=number) for number in range(DAYS)]
    places: list[date | None] = [*[None] * first.weekday(), *days, *[None] * (6 - days[-1].weekday())]
    return [places[start : start + 7] for start in range(0, len(places), 7)]


@dataclass(frozen=True)
class Hour:
    """One line of a day's page."""

    hour: int
    journey: str
    property: str | None
    channel: str | None
    counts: Counts


def hours_of(day: date, planned: Sequence[Planned], rehearsed: Sequence[Rehearsed]) -> list[Hour]:
    """Planned ones have no channel yet: the gate chooses it."""
    found: dict[tuple[int, str, str | None, str | None], Counts] = defaultdict(Counts)
    for due in planned:
        local = due.hour.astimezone(zone_named(due.zone))
        if local.date() == day:
            found[local.hour, due.journey, due.property, None].planned += due.guests
    for told in rehearsed:
        if told.day == day:
            _add(found[told.hour, told.journey, told.property, told.channel], told)
    lines = [Hour(*key, replace(counts)) for key, counts in found.items()]
    return sorted(lines, key=lambda line: (line.hour, line.journey, line.property or "", line.channel or ""))
