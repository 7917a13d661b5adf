"""A reply may be an objection, a person has read it, somebody who had objected comes back, or says yes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.messaging.commands.consents.confirmations import confirm_by_reply
from services.messaging.commands.consents.ledger import honour_objections, record_consent
from services.messaging.commands.consents.proof import proof_of
from services.messaging.commands.points import points_known_as
from services.messaging.store.consents import objections as store
from shared.access.audit import THE_GUEST
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, chunk_of
from shared.events.feedback import OptoutRequested
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.purpose import Purpose


def hold_for_objections(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """From this commit on nothing but stay service passes the gate for whoever the reply may speak for.

    Where a person found that it is an objection, it is honoured in the same transaction in which the hold ends, whether
    or not feedback's own event of it has arrived: no message slips between the two. A later version is never undone by
    an earlier one.
    """
    params = {**chunk.columns, "point": points_known_as(tx, chunk["point"])}
    applied = store.keep(tx, params)
    ended = [row for row in applied if not row.unread]
    if ended:
        store.wake(tx, ended, at)
    objected = [place for place in range(len(chunk)) if chunk["scope"][place] and chunk["optout_id"][place]]
    if objected:
        honour_objections(tx, chunk_of([_objection(chunk, place) for place in objected]), at)


def _objection(chunk: Chunk, place: int) -> OptoutRequested:
    guest_id = chunk["guest_id"][place]
    return OptoutRequested(
        optout_id=UUID(chunk["optout_id"][place]),
        version=1,
        channel=Channel(chunk["channel"][place]),
        point=chunk["point"][place],
        guest_id=UUID(guest_id) if guest_id else None,
        scope=OptOutScope(chunk["scope"][place]),
        source="reply",
        requested_at=datetime.fromisoformat(chunk["occurred_at"][place]),
    )


def confirm_by_replies(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """A bare yes confirms the one consent that waits for it on that number."""
    for place, point in enumerate(points_known_as(tx, chunk["point"])):  # seldom more than one
        said_at = datetime.fromisoformat(chunk["affirmed_at"][place])
        confirm_by_reply(tx, chunk["channel"][place], point, chunk["words"][place], said_at=said_at, at=at)


def bring_back(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Ends the objection on the contact point, with a new proof. What the guest had agreed to before they objected they
    agree to again; offers that they never agreed to stay ended. One that was made after the request stands.
    """
    for place, point in enumerate(points_known_as(tx, chunk["point"])):  # seldom more than one
        channel, said_at = chunk["channel"][place], datetime.fromisoformat(chunk["requested_at"][place])
        ref = str(chunk["optin_id"][place])
        for guest_id, purpose in store.ended_by_objection(tx, channel, point, said_at):
            proof = proof_of(tx, place=f"reply by {channel}", words=chunk["words"][place], by=THE_GUEST)
            record_consent(
                tx, guest_id, channel, purpose, said_at=said_at, source_ref=ref, at=at, proof=proof, only=point
            )
        store.lift(tx, channel, point, said_at, keep=Purpose.MARKETING)
