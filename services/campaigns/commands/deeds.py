"""What journeys ask of others beside messages: tasks for the staff, tags and tiers of guests, and what the house's own
systems are told. Each once an enrolment and step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.campaigns.rules.advance import Advanced, Doing, Due
from services.campaigns.rules.deeds import FIRST, tag_row, task_row, tier_row
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.task import Task
from services.campaigns.steps.update import Update
from services.campaigns.steps.webhook import Webhook
from services.campaigns.store import deeds as store
from services.campaigns.store.deeds import Deed
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Lane
from shared.events.campaigns import GuestTierRequested, GuestUpdateRequested, JourneyTold, TaskRequested
from shared.events.dictionary import chunk_of_rows
from shared.ids import make_id


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
        Deed(
            id_,
            due.id,
            due.journey,
            doing.step.key,
            doing.step.kind,
            due.property or homes.get(due.guest_id),
            doing.due_at,
            due.version,
        )
        for id_, (due, doing) in wanted.items()
    ]
    new = store.add(tx, deeds, at)
    tasks, updates, tiers, told = [], [], [], []
    for deed in deeds:
        due, doing = wanted[deed.id]
        journey = documents[due.journey, due.version]
        if deed.id not in new:
            continue
        match doing.step:
            case Task() if deed.property is not None:
                tasks.append(task_row(deed.id, journey, doing.step, due.guest_id, due.stay_id, deed.property, at))
            case Update(tag=str()):
                updates.append(tag_row(deed.id, journey, doing.step, due.guest_id, doing.due_at))
            case Update():
                tiers.append(tier_row(deed.id, journey, doing.step, due.guest_id, doing.due_at))
            case Webhook():
                told.append(_told(deed, journey, due, doing.step, at))
    if tasks:
        publish(tx, chunk_of_rows(TaskRequested, tasks), at=at, lane=Lane.STAY)
    if updates:
        publish(tx, chunk_of_rows(GuestUpdateRequested, updates), at=at)
    if tiers:
        publish(tx, chunk_of_rows(GuestTierRequested, tiers), at=at)
    if told:
        publish(tx, chunk_of_rows(JourneyTold, told), at=at)


def _id(due: Due, doing: Doing) -> UUID:
    return make_id(doing.step.kind, due.journey, doing.step.key, due.guest_id, due.occurrence)


def _told(deed: Deed, journey: Journey, due: Due, step: Webhook, at: datetime) -> tuple[object, ...]:
    """In the order of `JourneyTold`'s fields: numbers and names of the house, nothing of the guest's own."""
    names = (due.journey, journey.name, step.key, step.name)
    return (deed.id, FIRST, due.guest_id, due.stay_id, deed.property, *names, at)
