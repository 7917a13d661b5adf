"""Mailgun: each event with a signature of its own, HMAC-SHA256 of its instant and token under the account's key.

An old signature is not believed; one that comes again within its time changes nothing, since receipts only rise.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort

from services.messaging.api.receipts.told import Told, instant, message_named, part
from services.messaging.config import Config
from shared.vocabulary.mail_status import code_in, reason_of
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

BELIEVED_FOR = 8 * 3600 + 600  # seconds: Mailgun tries for eight hours
SUPPRESSED = frozenset({"suppress-bounce", "suppress-unsubscribe", "suppress-complaint"})


def told(body: Mapping[str, Any], config: Config, now: datetime) -> list[Told]:
    """Aborts with 403 where it is not signed."""
    signature = part(body, "signature")
    stamp, token, given = (str(signature.get(name, "")) for name in ("timestamp", "token", "signature"))
    wanted = hmac.digest(config.mailgun_key.encode(), f"{stamp}{token}".encode("utf-8", "replace"), "sha256").hex()
    if not config.mailgun_key or not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        abort(403)
    if not stamp.isdecimal() or len(stamp) > 12 or abs(now.timestamp() - int(stamp)) > BELIEVED_FOR:
        abort(403)
    event = part(body, "event-data")
    message_id = message_named(part(event, "message", "headers").get("message-id"))
    at = instant(event.get("timestamp"), now)
    if message_id is None:
        return []
    match event.get("event"):
        case "delivered":
            return [Told(message_id, ReceiptState.DELIVERED, at)]
        case "complained":
            return [Told(message_id, ReceiptState.COMPLAINED, at)]
        case "unsubscribed":
            return [Told(message_id, None, at)]
        case "failed" if event.get("severity") == "temporary":
            return [Told(message_id, ReceiptState.ON_ITS_WAY, at)]
        case "failed":
            return [Told(message_id, ReceiptState.BOUNCED, at, *_why(event))]
        case _:
            return []


def _why(event: Mapping[str, Any]) -> tuple[Reason, str | None]:
    status = part(event, "delivery-status")
    code = code_in(status.get("enhanced-code"), status.get("message"), status.get("description"))
    plain = status.get("code")
    if event.get("reason") in SUPPRESSED:  # Mailgun did not send it, by what it knows of before
        known = Reason.BAD_ADDRESS if event.get("reason") == "suppress-bounce" else Reason.RETURNED
        return known, str(plain) if isinstance(plain, int) else code
    said = " ".join(str(status.get(name) or "") for name in ("message", "description"))
    return reason_of(code, said) or Reason.RETURNED, code or (str(plain) if isinstance(plain, int) else None)
