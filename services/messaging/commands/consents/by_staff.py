"""What staff record for a guest: what they no longer want, what they agreed to and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.messaging.commands.consents.ledger import honour_objections, record_consent, withdraw_profiling
from services.messaging.commands.consents.proof import proof_of
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.feedback import OptoutRequested
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.purpose import ConsentPurpose

Point = tuple[str, str]  # channel, index


def object_for(
    tx: Tx, guest_id: UUID, scope: str, points: Sequence[Point], *, how: str, by: Person, at: datetime
) -> None:
    """`scope`: a channel, which ends all on it; all_marketing; everything, which ends every channel."""
    ended = {"everything": tuple(Channel), OptOutScope.ALL_MARKETING: (Channel.EMAIL,)}.get(scope, (scope,))
    asked = OptOutScope.ALL_MARKETING if scope == OptOutScope.ALL_MARKETING else OptOutScope.CHANNEL
    for channel in ended:
        object_to(tx, guest_id, channel, asked, _of(tx, guest_id, channel, points), source=_source(how), at=at)
    record(tx, by, "consent.stopped", f"guest {guest_id}", {"scope": scope, "how": how}, at)


def withdraw(
    tx: Tx, guest_id: UUID, channel: str, purpose: str, points: Sequence[Point], *, by: Person, at: datetime
) -> None:
    """One entry of what the guest allows ends."""
    if purpose == ConsentPurpose.PROFILING:
        withdraw_profiling(tx, guest_id, source="desk", ref=by.name, at=at)
    else:
        object_to(tx, guest_id, channel, purpose, _of(tx, guest_id, channel, points), source="desk", at=at)
    record(tx, by, "consent.withdrawn", f"guest {guest_id}", {"channel": channel, "purpose": purpose}, at)


def object_to(
    tx: Tx, guest_id: UUID, channel: str, scope: str, points: Sequence[str], *, source: str, at: datetime
) -> None:
    """An objection on each of these points of a channel, as if feedback had published it."""
    objections = [
        OptoutRequested(
            optout_id=make_id("optout", guest_id, channel, scope, point, at.isoformat()),
            version=1,
            channel=Channel(channel),
            point=point,
            guest_id=guest_id,
            scope=OptOutScope(scope),
            source=source,
            requested_at=at,
        )
        for point in points
    ]
    honour_objections(tx, chunk_of(objections), at)


def _of(tx: Tx, guest_id: UUID, channel: str, points: Sequence[Point]) -> list[str]:
    """The guest's points of a channel; without any, one that nobody has, so that nobody else objects by it."""
    mine = sorted({point for theirs, point in points if theirs == channel})
    return mine or [tx.keyring.index(Channel(channel).kept_as, f"nobody {guest_id}")]


def _source(how: str) -> str:
    return f"desk: {how}" if how else "desk"


def agree_for(
    tx: Tx,
    guest_id: UUID,
    channel: str,
    purpose: str,
    *,
    said_at: datetime,
    place: str,
    words: str,
    by: Person,
    at: datetime,
) -> bool:
    """An express consent, with its proof: when, where, in which words, recorded by whom."""
    proof = proof_of(tx, place=place, words=words, by=by.name, role=by.role)
    ref = f"recorded by {by.name}"
    done = record_consent(tx, guest_id, channel, purpose, said_at=said_at, source_ref=ref, at=at, proof=proof)
    if done:
        record(tx, by, "consent.recorded", f"guest {guest_id}", {"channel": channel, "purpose": purpose}, at)
    return done
