"""Senders are set up, changed, paused and deleted; each in the trail, without what they are asked with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.commands.senders.receiving import publish_receiver
from services.messaging.rules.senders import HouseSender, SenderState
from services.messaging.store.senders import health
from services.messaging.store.senders import rows as store
from shared.access.audit import record
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, NotFound

TOLD = (
    "channel", "hotels", "legal_entity", "countries", "from_name", "from_address", "reply_to", "settings", "weight",
    "rate", "warm_first", "warm_percent", "warm_until",
)  # fmt: skip
"""What the trail says of a sender."""


def set_up(tx: Tx, new: HouseSender, secret: str, *, by: Person, at: datetime) -> None:
    store.add(tx, new, tx.keyring.seal(secret, Sealing.SENDER) if secret else None)
    publish_receiver(tx, new, new.version, at)
    record(tx, by, "sender.added", _subject(new.sender_id), _told(new), at)


def change(tx: Tx, wanted: HouseSender, secret: str, *, by: Person, at: datetime) -> None:
    """Without a `secret` the old one stays. It is tried anew, whatever failed before. `Conflict` where somebody was
    faster."""
    sealed = tx.keyring.seal(secret, Sealing.SENDER) if secret else None
    if not store.change(tx, replace(wanted, changed_by=by.name, changed_at=at), sealed):
        raise Conflict("somebody changed this sender meanwhile")
    health.wake(tx, wanted.sender_id)
    publish_receiver(tx, wanted, wanted.version + 1, at)
    record(tx, by, "sender.changed", _subject(wanted.sender_id), {**_told(wanted), "new_secret": bool(secret)}, at)


def pause(tx: Tx, sender_id: UUID, *, by: Person, at: datetime) -> None:
    """What it had to send goes another way, or waits."""
    _move(tx, sender_id, SenderState.PAUSED, "sender.paused", by, at)


def resume(tx: Tx, sender_id: UUID, *, by: Person, at: datetime) -> None:
    _move(tx, sender_id, SenderState.ON, "sender.resumed", by, at)
    health.wake(tx, sender_id)


def delete(tx: Tx, sender_id: UUID, *, by: Person, at: datetime) -> None:
    """Its secret goes; messages keep its name. What its account signs with is kept apart for as long as carriers report
    and guests answer."""
    if found := store.sender(tx, sender_id):
        publish_receiver(tx, found, found.version + 1, at, ends_at=at + store.BELIEVED_FOR)
    store.keep_what_it_signs_with(tx, sender_id, at)
    _move(tx, sender_id, SenderState.DELETED, "sender.deleted", by, at)


def _move(tx: Tx, sender_id: UUID, state: SenderState, action: str, by: Person, at: datetime) -> None:
    """Nothing happens where it is so already."""
    found = store.sender(tx, sender_id)
    if found is None or found.state == SenderState.DELETED:
        raise NotFound("no such sender")
    if store.change_state(tx, sender_id, state, by.name, at):
        record(tx, by, action, _subject(sender_id), {"name": found.name}, at)


def _subject(sender_id: UUID) -> str:
    return f"sender {sender_id}"


def _told(one: HouseSender) -> dict[str, Any]:
    return {"name": one.name, **{name: value for name in TOLD if (value := getattr(one, name)) not in (None, "", [])}}
