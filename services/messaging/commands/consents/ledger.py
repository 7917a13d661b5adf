"""What guests object to and what they allow.

An objection belongs to the contact point, for every guest on it; a consent belongs to the guest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.commands.consents.of_the_erased import lift_objections_of_the_erased
from services.messaging.commands.points import points_known_as
from services.messaging.store.consents import ledger as store
from shared.bus.outbox import publish
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk, chunk_of_rows
from shared.events.messaging import ConsentChanged
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope

CHANNELS = [str(channel) for channel in Channel]
SCOPES = frozenset(map(str, OptOutScope))


def honour_objections(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """From this commit on nothing that the objection covers passes the gate; what was planned is refused there."""
    faults = {place: "no such scope" for place, scope in enumerate(chunk["scope"]) if scope not in SCOPES}
    if faults:
        raise MalformedEvent("an objection must say what it ends", faults)
    params = {**chunk.columns, "point": points_known_as(tx, chunk["point"]), "channels": CHANNELS, "at": at}
    store.suppress(tx, params)
    publish_consents(tx, store.withdraw(tx, params), at)


def record_consent(
    tx: Tx,
    guest_id: UUID,
    channel: str,
    purpose: str,
    *,
    said_at: datetime,
    source_ref: str,
    at: datetime,
    proof: Sealed | None = None,
    only: str | None = None,
) -> bool:
    """A person wrote down that the guest agreed: `source_ref` names the record, `proof` when, where and in which words.
    It lifts earlier objections of the guest's own contact points to this purpose; of `only` one of them, where that is
    what was agreed about. False where a later one stands.
    """
    params = {
        "guest_id": guest_id,
        "channel": channel,
        "purpose": purpose,
        "said_at": said_at,
        "source_ref": source_ref,
        "proof": proof,
        "at": at,
        "only": only,
    }
    changed = store.record(tx, params)
    if changed:
        store.narrow_suppression(tx, params)
        store.lift_suppression(tx, params)
        lift_objections_of_the_erased(tx, guest_id, channel, purpose)
    publish_consents(tx, changed, at)
    return bool(changed)


def withdraw_profiling(tx: Tx, guest_id: UUID, *, source: str, ref: str, at: datetime) -> None:
    """From now on only offers meant for everyone; on every channel."""
    params = {"guest_id": guest_id, "source": source, "source_ref": ref, "channels": CHANNELS, "at": at}
    publish_consents(tx, store.withdraw_profiling(tx, params), at)


def publish_consents(tx: Tx, rows: list[tuple[Any, ...]], at: datetime) -> None:
    publish(tx, chunk_of_rows(ConsentChanged, rows), at=at)
