"""Every line that the ledger of a period must have."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tests.oracle.contacts import find_crowds
from tests.oracle.export import Row
from tests.oracle.gate import PRIORITY, Gate, Verdict
from tests.oracle.guests import Guest
from tests.oracle.places import local
from tests.oracle.plans import Plan, birthdays, surveys, win_backs

Key = tuple[str, str, str]  # journey, guest, occurrence


@dataclass(frozen=True)
class Line:
    key: Key
    at: datetime
    local: datetime
    property: str | None
    state: str
    reason: str | None
    channel: str | None
    to: str | None
    language: str


@dataclass
class Waiting:
    plan: Plan
    held: bool = False


def guests_of(rows: Iterable[Row], guest_of: dict[str, str]) -> list[Guest]:
    """The guests that the reservations were taken to be, in a settled order."""
    known = [row for row in sorted(rows, key=lambda row: row.order()) if row.number in guest_of]
    crowds = find_crowds(known, guest_of)
    by_guest: dict[str, list[Row]] = defaultdict(list)
    for row in known:
        by_guest[guest_of[row.number]].append(row)
    return [Guest(guest, by_guest[guest], crowds) for guest in sorted(by_guest)]


def predict(
    guests: list[Guest],
    from_day: date,
    to_day: date,
    went_first: frozenset[tuple[Key, datetime]] = frozenset(),
    went_next: frozenset[tuple[Key, datetime]] = frozenset(),
) -> list[Line]:
    """The lines whose local day lies between `from_day` and `to_day`.

    `went_first` settles what only chance can: of two messages of one household planned for one instant, either may go.
    `went_next`: those that may have gone by their second channel since the first had served another of the household.
    """
    rows = [row for guest in guests for row in guest.rows]
    lines = _play(_plans(guests, from_day, to_day), Gate(_heard(rows)), went_first, went_next)
    return [line for line in lines if from_day <= line.local.date() <= to_day]


def _plans(guests: list[Guest], from_day: date, to_day: date) -> Iterator[Plan]:
    for guest in guests:
        yield from surveys(guest, from_day)
        yield from birthdays(guest, from_day, to_day)
        yield from win_backs(guest, from_day)


def _heard(rows: Iterable[Row]) -> dict[str, list[datetime]]:
    heard: dict[str, set[datetime]] = defaultdict(set)
    for row in rows:
        heard[row.property].update(at for at, _ in row.happenings())
    return {code: sorted(instants) for code, instants in heard.items()}


def _play(
    plans: Iterable[Plan],
    gate: Gate,
    went_first: frozenset[tuple[Key, datetime]],
    went_next: frozenset[tuple[Key, datetime]],
) -> Iterator[Line]:
    """Judge plan by plan as time goes by; at one instant by priority, then as planned earliest."""
    queue: list[tuple[datetime, int, datetime, int, int, Waiting]] = []
    settled: set[Key] = set()

    def wait(number: int, waiting: Waiting, at: datetime) -> None:
        plan = waiting.plan
        later = 2 - ((_key(plan), at) in went_next) - 2 * ((_key(plan), at) in went_first)
        heapq.heappush(queue, (at, -PRIORITY[plan.journey], plan.due, later, number, waiting))

    for number, plan in enumerate(plans):
        wait(number, Waiting(plan), plan.due)
    while queue:
        at, _, _, _, number, waiting = heapq.heappop(queue)
        plan = waiting.plan
        if _key(plan) in settled:
            continue
        if plan.ends and plan.ends <= at:
            if waiting.held:
                yield _line(plan, plan.ends, Verdict("withdrawn", None, None, None))
            continue
        verdict = gate.judge(plan, at)
        yield _line(plan, at, verdict)
        if verdict.until:
            wait(number, Waiting(plan, held=True), verdict.until)
            continue
        settled.add(_key(plan))
        if verdict.state == "sent":
            gate.count(plan, verdict, at)


def _key(plan: Plan) -> Key:
    return plan.journey, plan.guest.id, plan.occurrence


def _line(plan: Plan, at: datetime, verdict: Verdict) -> Line:
    return Line(
        _key(plan),
        at,
        local(at, plan.zone),
        plan.row.property if plan.row else None,
        verdict.state,
        verdict.reason,
        verdict.channel,
        verdict.to,
        plan.guest.language(at),
    )
