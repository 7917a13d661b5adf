"""What people answer guests: a message each, at once and through the gate, as any other."""

from __future__ import annotations

from datetime import datetime

import orjson

from services.messaging.rules.answers import JOURNEY, WANT
from services.messaging.store.read_models import zones_of_properties
from services.messaging.store.sending.requests import keep_requests
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.purpose import Purpose


def keep_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Each once: answered again under the same id, the first words stand."""
    zones = zones_of_properties(tx, sorted({code for code in chunk["property"] if code}))
    some = len(chunk)
    columns = {
        "message_id": chunk["message_id"],
        "version": [1] * some,
        "guest_id": chunk["guest_id"],
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
        "values": _values(chunk),
        "requested_at": chunk["answered_at"],
    }
    keep_requests(tx, {**columns, "at": at})


def _values(chunk: Chunk) -> list[str]:
    names = ("point", "language", "words", "subject", "in_reply_to", "heard_at")
    return [
        orjson.dumps(dict(zip(names, given, strict=True))).decode()
        for given in zip(*(chunk[name] for name in names), strict=True)
    ]
