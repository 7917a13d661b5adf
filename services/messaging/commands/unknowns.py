"""What a person or the provider's own list says of messages whose outcome was unclear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.messaging.channels.sender import Finding, Trace
from services.messaging.commands.telling import State, tell
from services.messaging.store import results as store
from services.messaging.store import unknowns
from services.messaging.store.unknowns import RESOLVE, Unclear
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason

ARRIVED, NEVER_ARRIVED = str(Reason.ARRIVED), str(Reason.NEVER_ARRIVED)


def resolve_unknown(tx: Tx, message_id: UUID, found: str, *, by: Person, at: datetime) -> None:
    """«The guest has it»: sent. «It never arrived»: failed, and it no longer counts as a contact."""
    state = MessageState.SENT if found == ARRIVED else MessageState.FAILED
    told = {"message_id": message_id, "state": str(state), "reason": found, "at": at}
    states = tx.rows(State, RESOLVE, told)
    if not states:
        raise Conflict()
    if state is MessageState.FAILED:
        tx.execute(store.GIVE_BACK_CONTACTS, {"message_id": [message_id]})
    tell(tx, states, at)
    record(tx, by, "message.resolved", f"message {message_id}", {"found": found}, at)


def settle_unknowns(tx: Tx, asked: Sequence[tuple[Unclear, Finding]], horizon: timedelta, at: datetime) -> int:
    """What the provider lists was sent. What it does not list, `horizon` after it became unclear, was never taken: it
    is due again and passes the gate again, unless it is an offer; that failed, and no longer counts as a contact.
    `at`: an instant before the provider was asked."""
    tx.execute(unknowns.LOCK_POINTS, {"points": [one.point for one, _ in asked]})
    found = {finding.provider_ref: one for one, finding in asked if finding.trace is Trace.FOUND}  # one a number of it
    never = [one for one, finding in asked if finding.trace is Trace.NONE and at - one.since >= horizon]
    offers = [one for one in never if one.purpose == Purpose.MARKETING]
    again = [one for one in never if one.purpose != Purpose.MARKETING]
    states = _settle(tx, [(one, ref) for ref, one in found.items()], MessageState.SENT, Reason.PROVIDER_HAS_IT, at)
    failed = _settle(tx, [(one, None) for one in offers], MessageState.FAILED, Reason.PROVIDER_NEVER_HAD_IT, at)
    if failed:
        tx.execute(store.GIVE_BACK_CONTACTS, {"message_id": [state.message_id for state in failed]})
    tell(tx, [*states, *failed], at)
    queued = tx.execute(unknowns.QUEUE, {**_keys(again), "at": at}).rowcount if again else 0
    return len(states) + len(failed) + queued


def _settle(
    tx: Tx, settled: Sequence[tuple[Unclear, str | None]], state: MessageState, reason: Reason, at: datetime
) -> list[State]:
    if not settled:
        return []
    said = {
        "state": [str(state)] * len(settled),
        "reason": [str(reason)] * len(settled),
        "ref": [ref for _, ref in settled],
    }
    return tx.rows(State, unknowns.SETTLE, {**_keys([one for one, _ in settled]), **said, "at": at})


def _keys(some: Sequence[Unclear]) -> dict[str, list[object]]:
    return {"message_id": [one.message_id for one in some], "version": [one.version for one in some]}
