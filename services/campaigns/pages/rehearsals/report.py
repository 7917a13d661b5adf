"""A rehearsal's report as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from services.campaigns.queries import rehearsals as queries
from services.campaigns.queries.rehearsals import Cell, Cost, Expected, InLanguage, Line, Pace, Verdict
from services.campaigns.rules.rehearsals import Rehearsal
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState

SHADES = 4


@dataclass(frozen=True)
class Day:
    """`hours`: by hour how many go, and how dark it is; `shade`: how dark the day is. `expected`: how many more go, of
    stays that nobody has booked yet."""

    day: date
    sent: int
    hours: Mapping[int, tuple[int, int]]
    shade: int = 0
    expected: float = 0.0


@dataclass(frozen=True)
class Money:
    """What messages cost, by currency; `unpriced`: messages of which nobody has said the price."""

    amounts: Mapping[str, Decimal]
    unpriced: int


@dataclass(frozen=True)
class Usual:
    """Stays that nobody has booked yet, at the usual pace: an estimate, of no guest. `pace`: by hotel."""

    pace: Sequence[Pace]
    messages: float
    by_channel: Mapping[str, float]
    amounts: Mapping[str, Decimal]

    @property
    def stays(self) -> int:
        return sum(one.stays for one in self.pace)

    @property
    def without_history(self) -> list[str]:
        return [one.property for one in self.pace if one.basis == "none"]

    @property
    def bases(self) -> set[str]:
        return {one.basis for one in self.pace} - {"none"}


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
    cost: Money
    cost_by_journey: Mapping[str, Money]
    usual: Usual | None

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
    lines, costs = queries.five_guests(*asked), queries.costs(*asked)
    by_key: dict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        by_key[cost.journey].append(cost)
    expected = queries.expected(*asked)
    return Report(
        days=days_of(cells, expected),
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
        cost=_money(costs),
        cost_by_journey={key: _money(some) for key, some in by_key.items()},
        usual=_usual(queries.pace(tx, one.id, scope), expected),
    )


def _money(costs: Iterable[Cost]) -> Money:
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    unpriced = 0
    for cost in costs:
        unpriced += cost.unpriced
        if cost.currency:
            amounts[cost.currency] += cost.amount
    return Money(amounts, unpriced)


def _usual(pace: Sequence[Pace], expected: Sequence[Expected]) -> Usual | None:
    """None where it was not asked for: as things stand, or of days that have passed."""
    if not pace:
        return None
    by_channel: dict[str, float] = defaultdict(float)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for one in expected:
        by_channel[one.channel] += float(one.messages)
        if one.currency:
            amounts[one.currency] += one.cost
    return Usual(pace, sum(by_channel.values()), by_channel, amounts)


def days_of(cells: Sequence[Cell], expected: Sequence[Expected] = ()) -> list[Day]:
    """Every day from the first to the last, those without a message too."""
    if not cells and not expected:
        return []
    most = max((cell.sent for cell in cells), default=0)
    more: dict[date, float] = defaultdict(float)
    for one in expected:
        more[one.day] += float(one.messages)
    by_day: dict[date, dict[int, tuple[int, int]]] = defaultdict(dict)
    for cell in cells:
        by_day[cell.day][cell.hour] = (cell.sent, _shade(cell.sent, most))
    first, last = min({*by_day, *more}), max({*by_day, *more})
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sent = {day: sum(count for count, _ in by_day[day].values()) for day in days}
    busiest = max(sent.values())
    return [Day(day, sent[day], by_day[day], _shade(sent[day], busiest) if sent[day] else 0, more[day]) for day in days]


def _shade(count: int, most: int) -> int:
    return max(1, -(-count * SHADES // most))


def _hours(cells: Sequence[Cell]) -> list[int]:
    used = {cell.hour for cell in cells}
    return list(range(min(used), max(used) + 1)) if used else []
