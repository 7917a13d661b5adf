"""Guests signed up: each box they ticked is an express consent, in the words that stood beside it.

It counts at once where nothing speaks against it. On a page anybody can type anybody's address: where the country asks
for it, or an objection stands on the address, its owner is asked first, by a link; until they press the button nothing
is lifted. A consent lifts objections to its own purpose on the address it was given with, and no other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.commands.consents.confirmations import ask_to_confirm
from services.messaging.commands.consents.ledger import record_consent
from services.messaging.commands.consents.proof import proof_of
from services.messaging.commands.points import points_known_as
from services.messaging.store.consents.confirmations import is_asked
from services.messaging.store.consents.ledger import is_objected, state_of
from shared.access.audit import THE_GUEST
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.consent import ConsentState

KIOSK = "kiosk"


def keep_sign_ups(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Seldom more than one at a time."""
    for place in range(len(chunk)):
        said = {name: values[place] for name, values in chunk.columns.items()}
        for box, point in zip(said["boxes"], points_known_as(tx, [b["point"] for b in said["boxes"]]), strict=True):
            _keep(tx, said, box, point, at)


def _keep(tx: Tx, said: dict[str, Any], box: dict[str, Any], point: str, at: datetime) -> None:
    guest_id, channel, purpose = UUID(said["guest_id"]), box["channel"], box["purpose"]
    words, said_at = box["words"], datetime.fromisoformat(said["said_at"])
    where = f"{said['page']}: {said['form']}, version {said['form_version']}, {said['language']}"
    by = said["by"] or THE_GUEST
    objected = is_objected(tx, channel, point, purpose)
    is_watched = said["page"] == KIOSK
    if box["must_confirm"] or (objected and not is_watched):
        if state_of(tx, guest_id, channel, purpose) == ConsentState.EXPRESS and not objected:
            return
        if is_asked(tx, guest_id, channel, purpose, at):
            return  # a second link would only be a second mail
        ask_to_confirm(
            tx,
            guest_id,
            channel,
            purpose,
            said_at=said_at,
            place=where,
            words=words,
            zone=said["zone"],
            hotel=said["property"],
            by=by,
            at=at,
        )
        return
    proof = proof_of(tx, place=where, words=words, by=by)
    ref = f"sign-up {said['signup_id']}"
    record_consent(tx, guest_id, channel, purpose, said_at=said_at, source_ref=ref, at=at, proof=proof, only=point)
