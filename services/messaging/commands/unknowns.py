"""Messages whose outcome was unclear, settled by a person or by the provider's own list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.messaging.channels.sender import LookupOutcome, LookupResult
from services.messaging.commands.sending.publish_status import publish_status
from services.messaging.store.sending import matching_unknowns, unknowns
from services.messaging.store.sending.matching_unknowns import Wanted
from services.messaging.store.sending.results import MessageStatus
from services.messaging.store.sending.unknowns import Unclear
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import Reason

AT_ONCE = 500
ARRIVED, NEVER_ARRIVED = str(Reason.ARRIVED), str(Reason.NEVER_ARRIVED)


def resolve_unknown(tx: Tx, message_id: UUID, found: str, *, by: Person, at: datetime) -> None:
    """«The guest has it»: sent. «It never arrived»: failed, and it no longer counts as a contact."""
    state = _state(found)
    params = {"message_id": message_id, "state": str(state), "reason": found, "at": at}
    states = unknowns.resolve(tx, params)
    if not states:
        raise Conflict()
    publish_status(tx, states, at)
    record(tx, by, "message.resolved", f"message {message_id}", {"found": found}, at)


def settle_matching(tx: Tx, wanted: Wanted, found: str, *, by: Person | str, at: datetime, most: int = AT_ONCE) -> int:
    """The same of the next so many that match; how many. 0: none is left that nobody else is settling."""
    states = matching_unknowns.settle_next(tx, wanted, str(_state(found)), found, at, most)
    if not states:
        return 0
    publish_status(tx, states, at)
    details = {"found": found, "filter": wanted.asked, "messages": len(states)}
    first = min(state.message_id for state in states)
    record(tx, by, "messages.resolved", f"messages from {first}", details, at)
    return len(states)


def _state(found: str) -> MessageState:
    return MessageState.SENT if found == ARRIVED else MessageState.FAILED


def settle_unknowns(tx: Tx, asked: Sequence[tuple[Unclear, LookupResult]], horizon: timedelta, at: datetime) -> int:
    """What the provider lists was sent. What it does not list, `horizon` after it became unclear, was never taken: it
    is due again and passes the gate again, unless it is an offer; that failed, and no longer counts as a contact.
    `at`: an instant before the provider was asked."""
    unknowns.lock_points(tx, {"points": [one.point for one, _ in asked]})
    found = {
        finding.provider_ref: one for one, finding in asked if finding.trace is LookupOutcome.FOUND
    }  # one a number of it
    never = [one for one, finding in asked if finding.trace is LookupOutcome.NONE and at - one.since >= horizon]
    offers = [one for one in never if one.purpose == Purpose.MARKETING]
    again = [one for one in never if one.purpose != Purpose.MARKETING]
    states = _settle(tx, [(one, ref) for ref, one in found.items()], MessageState.SENT, Reason.PROVIDER_HAS_IT, at)
    failed = _settle(tx, [(one, None) for one in offers], MessageState.FAILED, Reason.PROVIDER_NEVER_HAD_IT, at)
    publish_status(tx, [*states, *failed], at)
    queued = unknowns.queue(tx, {**_keys(again), "at": at}) if again else 0
    return len(states) + len(failed) + queued


def _settle(
    tx: Tx, settled: Sequence[tuple[Unclear, str | None]], state: MessageState, reason: Reason, at: datetime
) -> list[MessageStatus]:
    if not settled:
        return []
    columns = {
        "state": [str(state)] * len(settled),
        "reason": [str(reason)] * len(settled),
        "ref": [ref for _, ref in settled],
    }
    return unknowns.settle(tx, {**_keys([one for one, _ in settled]), **columns, "at": at})


def _keys(some: Sequence[Unclear]) -> dict[str, list[object]]:
    return {"message_id": [one.message_id for one in some], "version": [one.version for one in some]}
