"""Where guests write to a sender's number, feedback must know what its provider signs that with: it is published,
sealed for that purpose alone. Of a mail server nothing is."""

from __future__ import annotations

from datetime import datetime

from services.messaging.rules.senders import HouseSender
from services.messaging.store.senders import rows as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of
from shared.events.messaging import ReceiverChanged

TWILIO = "twilio"


def publish_receiver(
    tx: Tx, sender: HouseSender, version: int, at: datetime, *, ends_at: datetime | None = None
) -> None:
    """Of a sender with an account, while it has its secret. `version`: of this word about it."""
    account, secret = sender.settings.get("account"), store.secrets_of(tx, [sender.sender_id]).get(sender.sender_id)
    if sender.kind != TWILIO or not account or secret is None:
        return
    token = store.sealed_for_receivers(tx, secret)
    said = ReceiverChanged(
        sender_id=sender.sender_id, version=version, account=account, token=token, ends_at=ends_at, occurred_at=at
    )
    publish(tx, chunk_of([said]), at=at)
