"""End enrolments, and take back what was asked for them and has not gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.rules.enrolments import COMES_BACK, Enrolment
from services.campaigns.rules.requests import WITHDRAWAL_VERSION
from services.campaigns.store import cut_short, messages, replanning
from services.campaigns.store import enrolments as store
from services.campaigns.store.messages import Taken
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import Chunk, Lane, event_type
from shared.vocabulary.reason import Reason

GOES_ON = COMES_BACK | {Reason.DATE_UNKNOWN}
"""Reasons after which what was asked for and has not gone is planned again, where the date is there again."""
MAY_GO_ON = frozenset({Reason.MERGED, Reason.STAY_MOVED})
"""Reasons that a merge taken back makes undone."""


@dataclass(frozen=True)
class Leaving:
    enrolment: Enrolment
    reason: str  # a `Reason`, or the event that ended it


def leave(tx: Tx, leavings: Sequence[Leaving], at: datetime) -> None:
    """The enrolments are locked by the caller."""
    if not leavings:
        return
    cut_short.keep(tx, [one.enrolment.id for one in leavings if one.reason in MAY_GO_ON])
    replanning.rewind(tx, [one.enrolment.id for one in leavings if one.reason in GOES_ON and one.enrolment.open])
    reasons = {leaving.enrolment.id: str(leaving.reason) for leaving in leavings}
    store.stop(tx, reasons, at)
    withdraw(tx, {message: str(leaving.reason) for leaving in leavings for message in leaving.enrolment.open}, at)


def withdraw(tx: Tx, reasons: dict[UUID, str], at: datetime) -> None:
    """Take messages back, each for its reason, and publish which of them could be."""
    taken = messages.take_back(tx, sorted(reasons), at)
    for lane in Lane:
        _publish_withdrawn(
            tx, sorted((one for one in taken if one.lane == lane), key=lambda one: one.id), reasons, at, lane
        )


def _publish_withdrawn(tx: Tx, taken: list[Taken], reasons: dict[UUID, str], at: datetime, lane: Lane) -> None:
    if not taken:
        return
    columns: dict[str, list[Any]] = {
        "message_id": [one.id for one in taken],
        "version": [WITHDRAWAL_VERSION] * len(taken),
        "guest_id": [one.guest_id for one in taken],
        "reason": [reasons[one.id] for one in taken],
        "withdrawn_at": [at] * len(taken),
    }
    publish(tx, Chunk(event_type("message.withdrawn.v1"), columns), at=at, lane=lane)
