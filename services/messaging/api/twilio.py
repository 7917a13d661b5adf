"""The webhook by which Twilio reports what became of a message to a number: signed; repeated, late and out of order.

The signature (`shared.web.twilio`) covers the query, in which our own name of the message stands: who cannot sign names
no message. Fields are added without notice and are signed over as they come. The
answer is empty; Twilio repeats a failed webhook only where the address asks for it, `…#rc=3&rp=all`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from services.messaging.channels.twilio.codes import came_back
from services.messaging.channels.twilio.sender import price_in
from services.messaging.commands.receipts import take_reports
from services.messaging.config import Config
from services.messaging.rules.receipts import Report
from services.messaging.store.senders.rows import secrets_of_account
from shared.crypto.purposes import Sealing
from shared.vocabulary.receipt import ReceiptState
from shared.web.access_control import open_to_all, takes_anything
from shared.web.site import here
from shared.web.twilio import channel_of, refuse_all_but_twilios

STATES: Mapping[str, ReceiptState] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), ReceiptState.ON_ITS_WAY),
    **dict.fromkeys(("delivered", "read"), ReceiptState.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "canceled"), ReceiptState.BOUNCED),
}

twilio = Blueprint("messaging_twilio", __name__, url_prefix="/messaging/twilio")


@twilio.post("/status")
@open_to_all
@takes_anything
def status() -> Response:
    refuse_all_but_twilios(here().part(Config).twilio_token, _tokens_of)
    now = here().now()
    if report := report_of(request.args.get("mid", ""), request.form, now):
        with here().transaction() as tx:
            take_reports(tx, [report], now)
    return Response(status=200)


def _tokens_of(account: str) -> list[str]:
    """What the house's own senders at that account are asked with, or were lately; each signs what it reports."""
    with here().transaction() as tx:
        return [tx.keyring.open(secret, Sealing.SENDER) for secret in secrets_of_account(tx, account, here().now())]


def report_of(message_id: str, form: Mapping[str, str], now: datetime) -> Report | None:
    """What a form says; None for a state that this version does not know, or of no message of ours."""
    state = STATES.get(form.get("MessageStatus", "").lower())
    try:
        message = UUID(message_id)
    except ValueError:
        return None
    if state is None:
        return None
    code = form.get("ErrorCode", "")
    priced = price_in(form.get("Price", ""), form.get("PriceUnit", ""))
    return Report(
        message_id=message,
        state=state,
        channel=channel_of(form.get("To", "")),
        happened_at=now,  # Twilio's own instant has no zone
        reason=came_back(int(code) if code.isdecimal() else None) if state is ReceiptState.BOUNCED else None,
        detail=code or None,
        ref=form.get("MessageSid") or None,
        price=priced[0] if priced else None,
        currency=priced[1] if priced else None,
        is_read=form["MessageStatus"].lower() == "read",
    )
