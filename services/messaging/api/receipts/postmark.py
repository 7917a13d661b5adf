"""Postmark: it proves itself by the name and password that stand in the address it was given."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort
from werkzeug.datastructures import Authorization

from services.messaging.api.receipts.told import Told, instant, message_named, part
from services.messaging.config import Config
from shared.vocabulary.mail_status import code_in, reason_of
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

TYPES: Mapping[str, Reason | None] = {
    "HardBounce": Reason.BAD_ADDRESS,
    "BadEmailAddress": Reason.BAD_ADDRESS,
    "SpamNotification": Reason.POLICY,
    "Blocked": Reason.POLICY,
    "DMARCPolicy": Reason.POLICY,
    "SMTPApiError": Reason.SET_UP,
    "InboundError": Reason.SET_UP,
    "SoftBounce": Reason.TEMPORARY,
    "DnsError": Reason.TEMPORARY,
    "Transient": None,  # it is tried further
    "AutoResponder": None,
    "ChallengeVerification": None,
    "AddressChange": None,
    "Subscribe": None,
}
"""Why it came back; None where it did not. A type that is not here came back, and nothing says why."""


def told(body: Mapping[str, Any], proof: Authorization | None, config: Config, now: datetime) -> list[Told]:
    """Aborts with 403 where the password is not the one that it was given."""
    given = (proof.password if proof is not None and proof.type == "basic" else "") or ""
    wanted = config.postmark_secret
    if not wanted or not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        abort(403)
    kind = body.get("RecordType")
    message_id = _message(body)
    if message_id is None:
        return []
    if kind == "Delivery":
        return [Told(message_id, ReceiptState.DELIVERED, instant(body.get("DeliveredAt"), now))]
    if kind == "SpamComplaint" or (kind == "Bounce" and body.get("Type") == "SpamComplaint"):
        return [Told(message_id, ReceiptState.COMPLAINED, instant(body.get("BouncedAt"), now))]
    if (
        kind == "SubscriptionChange"
        and body.get("SuppressSending")
        and body.get("SuppressionReason") == "ManualSuppression"
    ):
        return [Told(message_id, None, instant(body.get("ChangedAt"), now))]
    if kind == "Bounce":
        known = TYPES.get(str(body.get("Type")), Reason.RETURNED)
        at = instant(body.get("BouncedAt"), now)
        if known is None:
            return [Told(message_id, ReceiptState.ON_ITS_WAY, at)]
        said = str(body.get("Details") or "")  # the description is Postmark's own, and names several causes
        code = code_in(said)
        return [Told(message_id, ReceiptState.BOUNCED, at, reason_of(code, said) or known, code)]
    return []


def _message(body: Mapping[str, Any]) -> Any:
    """Postmark has a number of its own for a mail; ours stands in the metadata that its SMTP server keeps of a mail, by
    the header `X-PM-Metadata-message`, or in the head of what it returns."""
    named = part(body, "Metadata").get("message")
    return message_named(f"{named}@metadata") if named else message_named(body.get("MessageID"))
