"""What Twilio posts: signed over the public address (`GUESTLOOP_ORIGIN`), never over what a proxy passes on, and over
the fields of the form, which are read before the signature is checked: at most 64 kB (`shared.web.bodies`) and
`MOST_FIELDS`, and nothing at all without a signature.
"""

from __future__ import annotations

from flask import abort, request
from twilio.request_validator import RequestValidator, get_signature_algorithm

from shared.vocabulary.channel import Channel
from shared.web.config import WebConfig
from shared.web.site import here

MOST_FIELDS = 200  # Twilio sends some thirty, and three for each picture
SIGNATURE = "X-Twilio-Signature"
WHATSAPP = "whatsapp:"  # before a number that is meant there


def channel_of(address: str) -> Channel:
    """Of a number as Twilio writes it."""
    return Channel.WHATSAPP if address.startswith(WHATSAPP) else Channel.SMS


def refuse_all_but_twilios(token: str) -> None:
    """Aborts with 403 where the request is not signed by the account's `token`, with 413 where it is too large."""
    if not token or not request.headers.get(SIGNATURE):
        abort(403)
    if request.get_data().count(b"&") >= MOST_FIELDS:
        abort(413)
    if not _is_signed(token):
        abort(403)


def _is_signed(token: str) -> bool:
    path = request.full_path if request.query_string else request.path
    algorithm = get_signature_algorithm(request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""))
    address = here().part(WebConfig).origin + path
    return bool(RequestValidator(token).validate(address, request.form, request.headers[SIGNATURE], algorithm))
