"""A consent said to staff that counts once the guest has confirmed it: by the button behind a link sent to them,
or by a bare yes to the text message that brought it.

1. what was said is kept with its proof; until it is confirmed nothing may be sent on it
2. one message without any offer asks, through the gate as every message; once more at most, for seven days each
3. the button records an express consent: the words, when they were confirmed, from which network, by which link

Opening the link confirms nothing: mail programs and scanners open links by themselves.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import orjson

from services.messaging.commands.consents.ledger import publish_consents, record_consent
from services.messaging.commands.consents.proof import proof_of, with_more
from services.messaging.rules.confirmations import JOURNEY, TEMPLATE, VALID_FOR
from services.messaging.store.consents import confirmations as store
from services.messaging.store.consents.confirmations import Confirmation
from services.messaging.store.sending.requests import keep_requests
from shared.access.audit import THE_GUEST, record
from shared.access.people import Person
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose


def ask_to_confirm(
    tx: Tx,
    guest_id: UUID,
    channel: str,
    purpose: str,
    *,
    said_at: datetime,
    place: str,
    words: str,
    zone: str,
    hotel: str | None,
    by: Person | str,
    at: datetime,
) -> None:
    """Keeps what was said, and asks the guest. `zone`: the guest's; `hotel`: in whose name it is asked."""
    name, role = (by, None) if isinstance(by, str) else (by.name, by.role)
    id_ = make_id("confirmation", guest_id, channel, purpose, at.isoformat())
    said = {
        "guest_id": guest_id,
        "channel": channel,
        "purpose": purpose,
        "said_at": said_at,
        "source_ref": f"recorded by {name}",
        "proof": proof_of(tx, place=place, words=words, by=name, role=role),
        "at": at,
    }
    message_id = _message_of(id_, 1)
    store.add(tx, {**said, "id": id_, "message_id": message_id, "expires_at": at + VALID_FOR})
    publish_consents(tx, store.mark_pending(tx, said), at)
    _send(tx, message_id, guest_id, channel, zone, hotel, at)
    record(tx, by, "consent.asked", f"guest {guest_id}", {"channel": channel, "purpose": purpose}, at)


def ask_once_more(tx: Tx, guest_id: UUID, confirmation_id: UUID, *, zone: str, by: Person, at: datetime) -> None:
    """Raises `Conflict` where it is confirmed, or was asked twice."""
    found = store.lock(tx, guest_id, confirmation_id)
    if found is None or found.confirmed_at or found.second_message_id:
        raise Conflict()
    message_id = _message_of(found.id, 2)
    store.ask_again(tx, {"id": found.id, "message_id": message_id, "at": at, "expires_at": at + VALID_FOR})
    _send(tx, message_id, guest_id, found.channel, zone, found.hotel, at)
    details = {"channel": found.channel, "purpose": found.purpose, "again": True}
    record(tx, by, "consent.asked", f"guest {guest_id}", details, at)


def confirm(tx: Tx, asked: Confirmation, message_id: UUID, network: str, *, at: datetime) -> bool:
    """The guest pressed the button. False where it came too late; pressed again, it changes nothing."""
    if asked.confirmed_at is not None:
        return True
    if at >= asked.expires_at or asked.gone:
        return False
    ref = f"confirmed by the link of message {message_id}"
    _count(tx, asked, ref, at, network=network, link=str(message_id))
    return True


def confirm_by_reply(tx: Tx, channel: str, point: str, words: str, *, said_at: datetime, at: datetime) -> bool:
    """The guest answered the question by a bare yes. Whether that confirmed something: where none waits on this contact
    point, or several do (of two guests, of two purposes), it says nothing."""
    waiting = [asked for asked in store.waiting_on(tx, channel, point, said_at) if not asked.gone]
    if len(waiting) != 1:
        return False
    (asked,) = waiting
    _count(tx, asked, f"confirmed by reply to message {asked.second_message_id or asked.message_id}", at, reply=words)
    return True


def _count(tx: Tx, asked: Confirmation, ref: str, at: datetime, **how: str) -> None:
    """From now on it counts. `how`: what of the way in which it was confirmed belongs to the proof."""
    said_at, confirmed_at = asked.said_at.isoformat(), at.isoformat()
    sealed = with_more(tx, Sealed(asked.proof_sealed), said_at=said_at, confirmed_at=confirmed_at, **how)
    record_consent(tx, asked.guest_id, asked.channel, asked.purpose, said_at=at, source_ref=ref, at=at, proof=sealed)
    store.mark_confirmed(tx, asked.id, at)
    details = {"channel": asked.channel, "purpose": asked.purpose}
    record(tx, THE_GUEST, "consent.confirmed", f"guest {asked.guest_id}", details, at)


def _message_of(confirmation_id: UUID, number: int) -> UUID:
    return make_id("message", JOURNEY, confirmation_id, number)


def _by(channel: Channel) -> list[str]:
    """Where the channel itself may not ask (WhatsApp takes nothing but an approved text), a text message to the same
    number does: whoever has it answers for it."""
    return list(dict.fromkeys(map(str, (channel, channel.kept_as))))


def _send(tx: Tx, message_id: UUID, guest_id: UUID, channel: str, zone: str, hotel: str | None, at: datetime) -> None:
    """About something the guest asked for: it carries no offer and counts against no cap; the gate judges it as any."""
    columns = {
        "message_id": message_id,
        "version": 1,
        "guest_id": guest_id,
        "journey": JOURNEY,
        "journey_version": 1,
        "step": "ask",
        "occurrence": f"message:{message_id}",
        "channels": orjson.dumps(_by(Channel(channel))).decode(),
        "purpose": str(Purpose.STAY_SERVICE),
        "priority": 0,
        "template": TEMPLATE,
        "property": hotel,
        "stay_id": None,
        "zone": zone,
        "due_at": at,
        "local_time": None,
        "useful_until": at + VALID_FOR,
        "wants": "[]",
        "holdout": 0,
        "values": "{}",
        "requested_at": at,
    }
    keep_requests(tx, {**{name: [value] for name, value in columns.items()}, "at": at})
