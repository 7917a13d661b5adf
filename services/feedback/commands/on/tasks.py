"""Journeys ask the staff for something: a task on the hotel's list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.feedback.store.care import tasks as store
from services.feedback.store.care.tasks import StaffTask
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.events import Chunk


def keep_requested(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Once each, however often and in whatever order they come."""
    names = ("task_id", "guest_id", "stay_id", "property", "journey", "journey_name", "step", "title", "department")
    columns = zip(*(chunk[name] for name in (*names, "due_at")), strict=True)
    tasks = [
        StaffTask(
            task_id=UUID(task),
            property=hotel,
            title_sealed=tx.keyring.seal(title, Sealing.WORDS),
            due_at=datetime.fromisoformat(due),
            department=department,
            owner_id=None,
            guest_id=UUID(guest),
            case_id=None,
            made_by=name,
            made_at=at,
            journey=journey,
            journey_step=step,
            stay_id=UUID(stay) if stay else None,
        )
        for task, guest, stay, hotel, journey, name, step, title, department, due in columns
    ]
    store.add_all(tx, tasks)
