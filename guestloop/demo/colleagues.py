"""The demo's staff at work: follow-ups are called and closed, the worst become complaints that take days.

What is done when is settled by a hash of the case, so that the same year comes out the same. The last cases stay open
for whoever looks at the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guestloop.demo.cast import STAFF
from services.feedback.commands.cases import Opening, close_case, open_case
from services.feedback.rules.cases import Outcome
from services.feedback.store.cases import Case, open_cases
from shared.access.people import Person
from shared.database.pool import Database
from shared.ids import draw, make_id
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.role import Role

DONE = {
    CaseKind.FOLLOW_UP: (
        (Outcome.APOLOGISED, "Rang the guest up and said sorry; they were glad that somebody called."),
        (Outcome.PUT_RIGHT, "Housekeeping was told, and the pillow changed in that room."),
        (Outcome.EXPLAINED, "Explained that the lift was being repaired that week."),
        (Outcome.NOT_REACHED, "Tried three times, nobody answered."),
    ),
    CaseKind.COMPLAINT: (
        (Outcome.COMPENSATED, "A night given back, and the director wrote to the guest."),
        (Outcome.PUT_RIGHT, "The air conditioning of that floor was mended."),
    ),
}
HURRIED, SLOW = timedelta(hours=2), timedelta(hours=44)
WORST = 3
COMPLAINS_AFTER = timedelta(hours=1)
COMPLAINT_TAKES = timedelta(days=9)
LAST = timedelta(days=8)


@dataclass(frozen=True)
class Task:
    at: datetime
    case: Case
    complains: bool


class Colleagues:
    """A timed role over feedback's open cases."""

    name = "demo staff"

    def __init__(self, feedback: Database, until: datetime) -> None:
        self._feedback, self._until = feedback, until

    def next_due(self) -> datetime | None:
        tasks = self._tasks()
        return tasks[0].at if tasks else None

    def step(self, now: datetime) -> int:
        """One task at a time, each its own transaction, as each would be a request of its own."""
        due = [task for task in self._tasks() if task.at <= now]
        if not due:
            return 0
        self._do(due[0], now)
        return 1

    def _tasks(self) -> list[Task]:
        with self._feedback.glance() as tx:
            cases = open_cases(tx)
        tasks = [_task(case) for case in cases if not self._is_left(case)]
        return sorted(tasks, key=lambda task: (task.at, task.case.case_id))

    def _is_left(self, case: Case) -> bool:
        """Of the last cases every other is left for whoever looks."""
        return case.opened_at > self._until - LAST and draw("left", case.case_id) % 2 == 0

    def _do(self, task: Task, now: datetime) -> None:
        case, who = task.case, _manager_of(task.case.property)
        with self._feedback.transaction() as tx:
            if task.complains:
                close_case(
                    tx, case.case_id, Outcome.APOLOGISED, now, by=who, words="It is more than that: see the complaint."
                )
                opening = Opening(
                    ref=f"demo {case.case_id}",
                    guest_id=case.guest_id,
                    reason=CaseReason.PHONE,
                    kind=CaseKind.COMPLAINT,
                    level=2,
                    stay_id=case.stay_id,
                    property=case.property,
                    words="He wants to speak with the director, and will not come again like this.",
                    by=who,
                )
                open_case(tx, opening, now)
                return
            outcomes = DONE[CaseKind(case.kind)]
            outcome, words = outcomes[draw("outcome", case.case_id) % len(outcomes)]
            close_case(tx, case.case_id, outcome, now, by=who, words=words)


def _task(case: Case) -> Task:
    complains = case.kind == CaseKind.FOLLOW_UP and case.level == WORST
    return Task(case.opened_at + (COMPLAINS_AFTER if complains else _takes(case)), case, complains)


def _takes(case: Case) -> timedelta:
    share = draw("takes", case.case_id) % 100 / 100
    return COMPLAINT_TAKES * (0.4 + share) if case.kind == CaseKind.COMPLAINT else HURRIED + (SLOW - HURRIED) * share


def _manager_of(property_code: str | None) -> str:
    managers = [one for one in STAFF if one.role is Role.DUTY_MANAGER]
    return next((one.name for one in managers if property_code in one.properties), managers[0].name)


def person_named(name: str) -> Person:
    """One of the staff, as commands ask for whoever acts."""
    one = next(each for each in STAFF if each.name == name)
    return Person(make_id("demo person", one.email), one.name, one.role, frozenset(one.properties))
