"""What a journey asks of others beside messages, as they hear it: each in the order of its event's fields."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.campaigns.rules.journey import Journey
from services.campaigns.steps.task import Task
from services.campaigns.steps.update import Update

FIRST = 1  # each is asked for once: its version, as campaigns speaks of it
Row = tuple[object, ...]


def task_row(
    id_: UUID, journey: Journey, task: Task, guest: UUID, stay: UUID | None, hotel: str, asked_at: datetime
) -> Row:
    """The staff's time begins when they are asked."""
    names = (journey.key, journey.name, task.key, task.title, task.department)
    return (id_, FIRST, guest, stay, hotel, *names, asked_at + task.within, asked_at)


def tag_row(id_: UUID, journey: Journey, update: Update, guest: UUID, due_at: datetime) -> Row:
    """Of two words on one tag the one that was due later counts."""
    names = (journey.key, journey.name, update.key)
    return (id_, FIRST, guest, *names, update.tag, update.given, due_at)


def tier_row(id_: UUID, journey: Journey, update: Update, guest: UUID, due_at: datetime) -> Row:
    """As with tags, the word that was due last counts."""
    return (id_, FIRST, guest, journey.key, journey.name, update.key, update.tier, due_at)
