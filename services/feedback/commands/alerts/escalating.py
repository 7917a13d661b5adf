"""What time brings: the next one is called, and what is late is told."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.alerts.calling import call_or_tell
from services.feedback.rules.cases import EntryKind
from services.feedback.store import cases
from services.feedback.store.care import alerts as store
from services.feedback.store.care import tasks
from services.feedback.store.care.alerts import Alert
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.case import AlertReason

AT_ONCE = 100
BY_ITSELF = ""
"""Who did it, where nobody did."""


def escalate(tx: Tx, at: datetime) -> int:
    """One set of each: calls that are due, cases and tasks that have just become late. How many there were."""
    due = store.take_due(tx, at, AT_ONCE)
    call_or_tell(tx, due, at)
    late = cases.take_late(tx, at, AT_ONCE)
    cases.enter_all(tx, [_entry(one, at) for one in late])
    behind = tasks.take_late(tx, at, AT_ONCE)
    ringing = store.ringing(tx, [one.case_id for one in late])
    raised = [_of_case(one, at) for one in late if one.case_id not in ringing]
    call_or_tell(tx, store.raise_all(tx, [*raised, *(_of_task(one, at) for one in behind)]), at)
    return len(due) + len(late) + len(behind)


def _of_case(case: cases.Case, at: datetime) -> Alert:
    return Alert(
        alert_id=make_id("alert", case.case_id, "late", at.isoformat()),
        because=AlertReason.LATE,
        case_id=case.case_id,
        property=case.property,
        room=case.room,
        raised_at=at,
    )


def _of_task(task: tasks.LateTask, at: datetime) -> Alert:
    return Alert(
        alert_id=make_id("alert", task.task_id, "late"),
        because=AlertReason.TASK_LATE,
        task_id=task.task_id,
        property=task.property,
        raised_at=at,
    )


def _entry(case: cases.Case, at: datetime) -> cases.Entry:
    return cases.Entry(
        entry_id=make_id("case entry", case.case_id, EntryKind.LATE, at.isoformat()),
        case_id=case.case_id,
        kind=EntryKind.LATE,
        by_name=BY_ITSELF,
        at=at,
    )
