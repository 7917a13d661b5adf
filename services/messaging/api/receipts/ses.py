"""Amazon SES, by SNS: each notification is signed, and the certificate stands at an address of Amazon's alone.

Anybody with an account there can have SNS sign something, so only the topics of the settings are believed. The address
to which we subscribe is confirmed by asking Amazon, once a topic of ours says so. SES replaces the Message-ID; our own
name of a message stands in the tag that goes with it (`X-SES-MESSAGE-TAGS`), or in the head as we wrote it.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from flask import abort

from services.messaging.api.receipts.certificates import Certificates, NoCertificate
from services.messaging.api.receipts.told import Told, instant, message_named, part
from services.messaging.config import Config
from shared.outgoing.client import NoAnswer
from shared.vocabulary.mail_status import code_in, reason_of
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        ("SubscriptionConfirmation", "UnsubscribeConfirmation"),
        ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}
BOUNCES: Mapping[tuple[str, str], Reason] = {
    ("Permanent", "NoEmail"): Reason.BAD_ADDRESS,
    ("Transient", "MailboxFull"): Reason.MAILBOX_FULL,
    ("Transient", "MessageTooLarge"): Reason.CONTENT,
    ("Transient", "ContentRejected"): Reason.CONTENT,
    ("Transient", "AttachmentRejected"): Reason.CONTENT,
}


def told(body: Mapping[str, Any], config: Config, now: datetime) -> list[Told]:
    """Aborts with 403 for what is not of a topic of ours, or not signed; with 503 where Amazon does not answer."""
    if str(body.get("TopicArn")) not in config.ses_topics:
        abort(403)
    certificates = Certificates.of(config)
    _prove(body, certificates)
    if body.get("Type") == "SubscriptionConfirmation":
        try:
            certificates.confirm(str(body.get("SubscribeURL")))
        except NoCertificate:
            abort(403)
        except NoAnswer:
            abort(503)
        return []
    try:
        said = json.loads(str(body.get("Message")))
    except ValueError:
        return []
    return _events(said if isinstance(said, dict) else {}, now)


def _prove(body: Mapping[str, Any], certificates: Certificates) -> None:
    fields, kind = SIGNED.get(str(body.get("Type"))), HASHES.get(str(body.get("SignatureVersion")))
    if fields is None or kind is None:
        abort(403)
    signed = "".join(f"{name}\n{body[name]}\n" for name in fields if body.get(name) is not None)
    try:
        key = certificates.key(str(body.get("SigningCertURL")))
        key.verify(b64decode(str(body.get("Signature")), validate=True), signed.encode(), PKCS1v15(), kind())
    except NoAnswer:
        abort(503)
    except (NoCertificate, InvalidSignature, ValueError):
        abort(403)


def _events(said: Mapping[str, Any], now: datetime) -> list[Told]:
    mail, kind = part(said, "mail"), said.get("eventType") or said.get("notificationType")
    message_id = _message(mail)
    if message_id is None:
        return []
    match kind:
        case "Delivery":
            return [Told(message_id, ReceiptState.DELIVERED, instant(part(said, "delivery").get("timestamp"), now))]
        case "DeliveryDelay":
            return [Told(message_id, ReceiptState.ON_ITS_WAY, now)]
        case "Complaint":
            complaint = part(said, "complaint")
            if complaint.get("complaintFeedbackType") == "not-spam":
                return []
            return [Told(message_id, ReceiptState.COMPLAINED, instant(complaint.get("timestamp"), now))]
        case "Bounce":
            return [_bounce(message_id, part(said, "bounce"), now)]
        case "Subscription":
            return [Told(message_id, None, now)]
        case _:
            return []


def _bounce(message_id: UUID, bounce: Mapping[str, Any], now: datetime) -> Told:
    recipients = [one for one in _list(bounce.get("bouncedRecipients")) if isinstance(one, dict)]
    said = " ".join(str(one.get("diagnosticCode") or "") for one in recipients)
    code = code_in(*(one.get("status") for one in recipients), said)
    kind, sub = str(bounce.get("bounceType")), str(bounce.get("bounceSubType"))
    known = BOUNCES.get((kind, sub), Reason.TEMPORARY if kind == "Transient" else Reason.RETURNED)
    at = instant(bounce.get("timestamp"), now)
    return Told(message_id, ReceiptState.BOUNCED, at, reason_of(code, said) or known, code)


def _message(mail: Mapping[str, Any]) -> UUID | None:
    for tag in _list(part(mail, "tags").get("message")):
        if found := message_named(f"{tag}@tag"):
            return found
    for header in _list(mail.get("headers")):
        if isinstance(header, dict) and str(header.get("name")).lower() == "message-id":
            return message_named(header.get("value"))
    return message_named(part(mail, "commonHeaders").get("messageId"))


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []
