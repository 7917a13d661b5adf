"""What console and feedback want colleagues to be written."""

from __future__ import annotations

from datetime import datetime

import orjson

from services.messaging.notices.render import unsound_details
from services.messaging.store import notices as store
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk
from shared.vocabulary.mail_body import MailBody
from shared.vocabulary.notice import NoticeKind


def keep_notices(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Queue each, once. What is published again was queued the first time. Raises `MalformedEvent`."""
    if chunk.republished:
        return
    pairs = zip(chunk["kind"], chunk["details"], strict=True)
    faults = {place: unsound_details(NoticeKind(kind), details) for place, (kind, details) in enumerate(pairs)}
    faults |= {place: fault for place, body in enumerate(chunk["body"]) if body and (fault := _unsound(tx, body))}
    if found := {place: fault for place, fault in faults.items() if fault}:
        raise MalformedEvent(next(iter(found.values())), found)
    details = [tx.keyring.seal(orjson.dumps(each).decode(), Sealing.NOTICE) for each in chunk["details"]]
    store.keep(tx, {**chunk.columns, "details": details, "at": at})


def _unsound(tx: Tx, body: Sealed) -> str | None:
    try:
        MailBody.read(tx.keyring.open(body, Sealing.NOTICE))
    except (ValueError, KeyError, TypeError) as error:
        return f"the body of a notice cannot be read ({type(error).__name__})"
    return None
