"""Tasks that staff give one another by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.store.care import alerts
from services.feedback.store.care import tasks as store
from services.feedback.store.care.tasks import StaffTask
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx


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


def tick_task(tx: Tx, task_id: UUID, at: datetime, *, by: str) -> bool:
    """Done; of a late one nobody is called any more. Whether it was open."""
    if not store.tick(tx, task_id, by, at):
        return False
    alerts.answer(tx, "task_id", task_id, by, at)
    return True


def untick_task(tx: Tx, task_id: UUID) -> bool:
    """Ticked by mistake. Whether it was done."""
    return store.untick(tx, task_id)
