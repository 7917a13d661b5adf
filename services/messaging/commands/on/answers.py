"""What people answer guests: a message each, at once and through the gate, as any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import orjson

from services.messaging.commands.points import points_known_as
from services.messaging.rules.answers import JOURNEY, WANT
from services.messaging.store.guests import recognised
from services.messaging.store.read_models import zones_of_properties
from services.messaging.store.sending.requests import keep_requests
from services.messaging.store.templates import answer_pictures
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.purpose import Purpose


def keep_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Each once: answered again under the same id, the first words stand. What was written to a stranger who is known
    as a guest by now is the guest's.
    """
    recognised.hold(tx)
    known = recognised.guests_of(tx, chunk["guest_id"])
    points = _points(tx, chunk)
    zones = zones_of_properties(tx, sorted({code for code in chunk["property"] if code}))
    some = len(chunk)
    columns = {
        "message_id": chunk["message_id"],
        "version": [1] * some,
        "guest_id": [known.get(str(guest), guest) for guest in chunk["guest_id"]],
        "journey": [JOURNEY] * some,
        "journey_version": [1] * some,
        "step": ["answer"] * some,
        "occurrence": [f"message:{message_id}" for message_id in chunk["message_id"]],
        "channels": [orjson.dumps([channel]).decode() for channel in chunk["channel"]],
        "purpose": [str(Purpose.STAY_SERVICE)] * some,
        "priority": [0] * some,
        "template": [JOURNEY] * some,
        "property": chunk["property"],
        "stay_id": chunk["stay_id"],
        "zone": [zones.get(code or "", "UTC") for code in chunk["property"]],
        "due_at": chunk["answered_at"],
        "local_time": [None] * some,
        "useful_until": chunk["useful_until"],
        "wants": [orjson.dumps([WANT]).decode()] * some,
        "holdout": [0] * some,
        "values": _values(tx, chunk, points),
        "requested_at": chunk["answered_at"],
    }
    keep_requests(tx, {**columns, "at": at})
    answer_pictures.keep(tx, chunk.columns)


def _points(tx: Tx, chunk: Chunk) -> list[str]:
    """As they are known here; of guests' own the guest's points tell."""
    if not any(chunk["address"]):
        return list(chunk["point"])
    return points_known_as(tx, chunk["point"])


def _values(tx: Tx, chunk: Chunk, points: Sequence[str]) -> list[str]:
    names = ("language", "words", "subject", "in_reply_to", "heard_at", "picture_alt")
    return [
        orjson.dumps({"point": point, **dict(zip(names, given, strict=True)), **_where(tx, address)}).decode()
        for point, address, *given in zip(points, chunk["address"], *(chunk[name] for name in names), strict=True)
    ]


def _where(tx: Tx, address: str | None) -> dict[str, str]:
    """The address of a stranger, as messaging keeps addresses."""
    if address is None:
        return {}
    return {"address": tx.keyring.seal(tx.keyring.open(Sealed(address), Sealing.ANSWER), Sealing.CONTACT)}


def recognise_strangers(tx: Tx, chunk: Chunk, at: datetime) -> None:  # noqa: ARG001 - the shape of a handler
    """What was written to a stranger was written to this guest: it is shown with theirs and goes with them, until
    somebody says that they are not that guest."""
    recognised.keep(tx, {**chunk.columns, "message_ids": [" ".join(map(str, each)) for each in chunk["messages"]]})
