"""A rehearsal's report as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from services.campaigns.queries import rehearsals as queries
from services.campaigns.queries.rehearsals import Cell, InLanguage, Line, Verdict
from services.campaigns.rules.rehearsals import Rehearsal
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState

SHADES = 4


@dataclass(frozen=True)
class Day:
    """`hours`: by hour how many go, and how dark it is; `shade`: how dark the day is."""

    day: date
    sent: int
    hours: Mapping[int, tuple[int, int]]
    shade: int = 0


@dataclass(frozen=True)
class Report:
    days: Sequence[Day]
    hours: Sequence[int]
    busiest: Cell | None
    sent: int
    guests: int
    parts: int
    by_channel: Mapping[str, int]
    by_journey: Mapping[str, Mapping[str, int]]
    refused: Sequence[Verdict]
    waits: Sequence[Verdict]
    languages: Mapping[str, Sequence[InLanguage]]
    guests_followed: Mapping[UUID, Sequence[Line]]

    @property
    def weeks(self) -> list[list[Day | None]]:
        """From Monday to Sunday; None where the rehearsal begins later in the week, or has ended."""
        if not self.days:
            return []
        before, after = self.days[0].day.weekday(), 6 - self.days[-1].day.weekday()
        places = [*[None] * before, *self.days, *[None] * after]
        return [places[first : first + 7] for first in range(0, len(places), 7)]

    @property
    def is_empty(self) -> bool:
        return not (self.sent or self.refused or self.waits)

    @property
    def not_sent(self) -> int:
        return sum(one.messages for one in self.refused)


def report_of(tx: Tx, one: Rehearsal, journey: str | None, scope: Scope) -> Report:
    asked = (tx, one.id, journey, scope)
    cells, verdicts = queries.cells(*asked), queries.verdicts(*asked)
    sent = [verdict for verdict in verdicts if verdict.state == MessageState.SENT]
    by_journey: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_channel: dict[str, int] = defaultdict(int)
    for verdict in sent:
        by_journey[verdict.journey][str(verdict.channel)] += verdict.messages
        by_channel[str(verdict.channel)] += verdict.messages
    languages: dict[str, list[InLanguage]] = defaultdict(list)
    for told in queries.languages(*asked):
        languages[told.template].append(told)
    lines = queries.five_guests(*asked)
    return Report(
        days=days_of(cells),
        hours=_hours(cells),
        busiest=max(cells, key=lambda cell: cell.sent, default=None),
        sent=sum(by_channel.values()),
        guests=sum(verdict.guests for verdict in sent),
        parts=sum(verdict.parts for verdict in sent if verdict.channel == Channel.SMS),
        by_channel=by_channel,
        by_journey=by_journey,
        refused=[verdict for verdict in verdicts if verdict.state not in (MessageState.SENT, MessageState.HELD)],
        waits=queries.how_long_held(*asked),
        languages=languages,
        guests_followed={guest: list(told) for guest, told in groupby(lines, key=lambda line: line.guest_id)},
    )


def days_of(cells: Sequence[Cell]) -> list[Day]:
    """Every day from the first to the last, those without a message too."""
    if not cells:
        return []
    most = max(cell.sent for cell in cells)
    by_day: dict[date, dict[int, tuple[int, int]]] = defaultdict(dict)
    for cell in cells:
        by_day[cell.day][cell.hour] = (cell.sent, _shade(cell.sent, most))
    first, last = min(by_day), max(by_day)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sent = {day: sum(count for count, _ in by_day[day].values()) for day in days}
    busiest = max(sent.values())
    return [Day(day, sent[day], by_day[day], _shade(sent[day], busiest) if sent[day] else 0) for day in days]


def _shade(count: int, most: int) -> int:
    return max(1, -(-count * SHADES // most))


def _hours(cells: Sequence[Cell]) -> list[int]:
    used = {cell.hour for cell in cells}
    return list(range(min(used), max(used) + 1)) if used else []
