"""The calendar's days: what is planned stands beside what the last rehearsal saw."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.campaigns.queries.calendar import Planned, Rehearsed
from shared.localtime import zone_named

DAYS = 30


@dataclass
class Journeys:
    """By journey: guests whose next step is due, messages that would go and that would give way."""

    planned: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    gave_way: Counter[str] = field(default_factory=Counter)

    @property
    def keys(self) -> list[str]:
        return sorted({*self.planned, *self.sent, *self.gave_way})


def by_day(planned: Iterable[Planned], rehearsed: Iterable[Rehearsed]) -> dict[date, Journeys]:
    """Each on the day that it is where the guest is."""
    found: dict[date, Journeys] = defaultdict(Journeys)
    for due in planned:
        found[due.hour.astimezone(zone_named(due.zone)).date()].planned[due.journey] += due.guests
    for told in rehearsed:
        found[told.day].sent[told.journey] += told.sent
        found[told.day].gave_way[told.journey] += told.gave_way
    return found


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
    planned: int
    sent: int
    gave_way: int


def hours_of(day: date, planned: Sequence[Planned], rehearsed: Sequence[Rehearsed]) -> list[Hour]:
    """Planned ones have no channel yet: the gate chooses it."""
    waiting: Counter[tuple[int, str, str | None]] = Counter()
    for due in planned:
        local = due.hour.astimezone(zone_named(due.zone))
        if local.date() == day:
            waiting[local.hour, due.journey, due.property] += due.guests
    lines = [Hour(hour, journey, hotel, None, count, 0, 0) for (hour, journey, hotel), count in waiting.items()]
    lines += [
        Hour(told.hour, told.journey, told.property, told.channel, 0, told.sent, told.gave_way)
        for told in rehearsed
        if told.day == day
    ]
    return sorted(lines, key=lambda line: (line.hour, line.journey, line.property or "", line.channel or ""))
