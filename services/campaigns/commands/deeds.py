"""What journeys ask of other services beside messages: tasks for the staff, tags of guests. Each once an enrolment and
step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.rules.advance import Advanced, Doing, Due
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.task import Task
from services.campaigns.steps.update import Update
from services.campaigns.store import deeds as store
from services.campaigns.store.deeds import Deed
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Lane
from shared.events.campaigns import GuestTierRequested, GuestUpdateRequested, TaskRequested
from shared.events.dictionary import chunk_of_rows
from shared.ids import make_id

FIRST = 1  # each is asked for once: its version, as campaigns speaks of it


def ask_others(
    tx: Tx, moves: Sequence[tuple[Due, Advanced]], documents: Mapping[tuple[str, int], Journey], at: datetime
) -> None:
    """A task of an enrolment that is of no hotel goes where the guest stayed last; who stayed nowhere yet has one that
    no hotel can be given: the journey's page counts it."""
    wanted = {_id(due, doing): (due, doing) for due, to in moves for doing in to.doing}
    if not wanted:
        return
    homes = store.last_hotels(tx, [due.guest_id for due, _ in wanted.values() if due.property is None])
    deeds = [
        Deed(id_, due.id, due.journey, doing.step.key, doing.step.kind, due.property or homes.get(due.guest_id))
        for id_, (due, doing) in wanted.items()
    ]
    new = store.add(tx, deeds, at)
    tasks, updates, tiers = [], [], []
    for deed in deeds:
        due, doing = wanted[deed.id]
        journey = documents[due.journey, due.version]
        if deed.id not in new:
            continue
        match doing.step:
            case Task() if deed.property is not None:
                tasks.append(_task(deed, deed.property, journey, due, doing.step, at))
            case Update(tag=str(tag)):
                updates.append(_update(deed, journey, due, doing, tag))
            case Update():
                tiers.append(_tier(deed, journey, due, doing, doing.step))
    if tasks:
        publish(tx, chunk_of_rows(TaskRequested, tasks), at=at, lane=Lane.STAY)
    if updates:
        publish(tx, chunk_of_rows(GuestUpdateRequested, updates), at=at)
    if tiers:
        publish(tx, chunk_of_rows(GuestTierRequested, tiers), at=at)


def _id(due: Due, doing: Doing) -> UUID:
    return make_id(doing.step.kind, due.journey, doing.step.key, due.guest_id, due.occurrence)


def _task(deed: Deed, hotel: str, journey: Journey, due: Due, task: Task, at: datetime) -> tuple[object, ...]:
    """In the order of `TaskRequested`'s fields; the staff's time begins when they are asked."""
    names = (due.journey, journey.name, task.key, task.title, task.department)
    return (deed.id, FIRST, due.guest_id, due.stay_id, hotel, *names, at + task.within, at)


def _update(deed: Deed, journey: Journey, due: Due, doing: Doing, tag: str) -> tuple[object, ...]:
    """In the order of `GuestUpdateRequested`'s fields. Of two words on one tag the one that was due later counts."""
    assert isinstance(doing.step, Update)
    names = (due.journey, journey.name, doing.step.key)
    return (deed.id, FIRST, due.guest_id, *names, tag, doing.step.given, doing.due_at)


def _tier(deed: Deed, journey: Journey, due: Due, doing: Doing, update: Update) -> tuple[object, ...]:
    """In the order of `GuestTierRequested`'s fields; as with tags, the word that was due last counts."""
    return (deed.id, FIRST, due.guest_id, due.journey, journey.name, update.key, update.tier, doing.due_at)
