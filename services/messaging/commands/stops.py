"""Stop sending, and resume it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.messaging.rules.refusals.stops import KINDS
from services.messaging.store import stops as store
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError
from shared.ids import make_id


def stop_sending(tx: Tx, kind: str, key: str, reason: str, *, by: Person, at: datetime) -> bool:
    """It takes effect with the next claim. False where the same is stopped already."""
    if kind not in KINDS or (kind == "all") != (key == ""):
        raise InputError(None, {"what": "is nothing that can be stopped"})
    stop = store.Stop(make_id("stop", kind, key, at.isoformat()), kind, key, reason, by.name, at, None, None)
    if not store.add(tx, stop):
        return False
    record(tx, by, "sending.stopped", f"stop {stop.stop_id}", {"what": kind, "which": key, "reason": reason}, at)
    return True


def lift_stop(tx: Tx, stop_id: UUID, *, by: Person, at: datetime) -> int:
    """What waited for it is judged again now. How many messages that is; none where it was lifted already."""
    if not store.lift(tx, stop_id, by=by.name, at=at):
        return 0
    waiting = store.wake_stopped(tx, at)
    record(tx, by, "sending.resumed", f"stop {stop_id}", {"waiting": waiting}, at)
    return waiting
