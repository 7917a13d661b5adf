"""Where a provider says for good that nobody is reached, nothing is sent again until a person says it is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.messaging.store.guests import refused_points as store
from services.messaging.store.point_aliases import hold_points
from shared.access.audit import record
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of_rows
from shared.events.messaging import PointRefused


def refuse_points(tx: Tx, messages: Sequence[UUID], at: datetime) -> None:
    """The contact points of these messages, which failed or came back for them."""
    hold_points(tx)
    _publish(tx, store.refuse_points_of(tx, messages, at), refused=True, at=at)


def lift_refusal(tx: Tx, guest_id: UUID, point: str, *, by: Person, at: datetime) -> bool:
    """The address or number is right after all. False where it is not refused."""
    hold_points(tx)
    lifted = store.lift(tx, guest_id, point, by.name, at)
    _publish(tx, lifted, refused=False, at=at)
    for one in lifted:
        record(tx, by, "point.refusal_lifted", f"guest {guest_id}", {"channel": one.channel}, at)
    return bool(lifted)


def _publish(tx: Tx, points: Sequence[store.RefusedPoint], *, refused: bool, at: datetime) -> None:
    if points:
        rows = [(one.channel, one.point, one.version, refused, at) for one in points]
        publish(tx, chunk_of_rows(PointRefused, rows), at=at)
