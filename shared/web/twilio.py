"""What Twilio posts: signed over the public address (`GUESTLOOP_ORIGIN`), never over what a proxy passes on, and over
the fields of the form, which are read before the signature is checked: at most 64 kB (`shared.web.bodies`) and
`MOST_FIELDS`, and nothing at all without a signature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flask import abort, request
from twilio.request_validator import RequestValidator, get_signature_algorithm

from shared.vocabulary.channel import Channel
from shared.web.config import WebConfig
from shared.web.site import here

MOST_FIELDS = 200  # Twilio sends some thirty, and three for each picture
ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
SIGNATURE = "X-Twilio-Signature"
WHATSAPP = "whatsapp:"  # before a number that is meant there


def channel_of(address: str) -> Channel:
    """Of a number as Twilio writes it."""
    return Channel.WHATSAPP if address.startswith(WHATSAPP) else Channel.SMS


def no_others(_account: str) -> Iterable[str]:
    """For whoever knows no account but one."""
    return ()


def refuse_all_but_twilios(token: str, tokens_of: Callable[[str], Iterable[str]] = no_others) -> None:
    """Aborts with 403 where the request is not signed by `token`, nor by one of those `tokens_of` the account that it
    names; with 413 where it is too large."""
    if not request.headers.get(SIGNATURE):
        abort(403)
    if request.get_data().count(b"&") >= MOST_FIELDS:
        abort(413)
    if token and _is_signed(token):
        return
    account = request.form.get("AccountSid", "")
    if not ACCOUNT.fullmatch(account) or not any(map(_is_signed, tokens_of(account))):
        abort(403)


def _is_signed(token: str) -> bool:
    path = request.full_path if request.query_string else request.path
    algorithm = get_signature_algorithm(request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""))
    address = here().part(WebConfig).origin + path
    return bool(RequestValidator(token).validate(address, request.form, request.headers[SIGNATURE], algorithm))
