"""Tasks that staff give one another by hand, and those that journeys ask for: done and undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.store.care import alerts
from services.feedback.store.care import tasks as store
from services.feedback.store.care.tasks import StaffTask
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import TaskClosed
from shared.vocabulary.task import TaskOutcome


def make_task(tx: Tx, values: Mapping[str, Any], due_at: datetime, at: datetime, *, by: str) -> bool:
    """`values`: of `TaskForm`. Once for each form; whether it is new."""
    task = StaffTask(
        task_id=values["id"],
        property=values["hotel"],
        title_sealed=tx.keyring.seal(values["title"], Sealing.WORDS),
        due_at=due_at,
        department=values["department"],
        owner_id=values["owner"],
        guest_id=values["guest"],
        case_id=values["case"],
        made_by=by,
        made_at=at,
    )
    return store.add(tx, task)


def tick_task(tx: Tx, task_id: UUID, at: datetime, *, by: str, outcome: TaskOutcome = TaskOutcome.DONE) -> bool:
    """Done; of a late one nobody is called any more, and the journey that asked for it learns how it ended. Whether it
    was open."""
    if not store.tick(tx, task_id, by, at, outcome):
        return False
    alerts.answer(tx, "task_id", task_id, by, at)
    _tell_journey(tx, task_id, at)
    return True


def untick_task(tx: Tx, task_id: UUID, at: datetime) -> bool:
    """Ticked by mistake. Whether it was done."""
    if not store.untick(tx, task_id):
        return False
    _tell_journey(tx, task_id, at)
    return True


def _tell_journey(tx: Tx, task_id: UUID, at: datetime) -> None:
    """Of an erased guest nothing is told."""
    task = store.asked_by_journey(tx, task_id)
    if task is None or task.guest_id is None:
        return
    closed = TaskClosed(
        task_id=task.task_id,
        version=task.version,
        guest_id=task.guest_id,
        stay_id=task.stay_id,
        property=task.property,
        journey=task.journey,
        step=task.journey_step,
        open=task.done_at is None,
        outcome=TaskOutcome(task.outcome) if task.outcome else None,
        occurred_at=at,
    )
    publish(tx, chunk_of([closed]), at=at)
