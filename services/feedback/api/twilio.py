"""What guests answer by SMS, as Twilio hands it in: signed, once, answered in TwiML.

The signature is checked over the public address (`GUESTLOOP_ORIGIN`), never over what a proxy passes on. A message is
known by its MessageSid: handed in again it changes nothing and gets an empty answer. Twilio repeats a webhook that
failed only where it is asked to: the address to enter there is `…/feedback/twilio/incoming#rc=3&rp=all`.
"""

from __future__ import annotations

from flask import Blueprint, abort, request
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.wrappers import Response

from services.feedback.api.words import read_words
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.queries.surveys import language_on
from services.feedback.rules.replies import TakenAs
from services.feedback.store.replies import score_of, stops_on
from shared.database.pool import Tx
from shared.web.access_control import open_to_all, takes_anything
from shared.web.config import WebConfig
from shared.web.i18n.guest_languages import nearest
from shared.web.site import here

TWILIO = Blueprint("feedback_twilio", __name__, url_prefix="/feedback/twilio")


@TWILIO.post("/incoming")
@open_to_all
@takes_anything
def incoming() -> Response:
    sid, sender = request.form.get("MessageSid", ""), request.form.get("From", "")
    if not _is_twilios() or not sid or not sender:
        abort(403)
    told = request.form.get("OptOutType", "")
    with here().transaction() as tx:
        point = tx.keyring.index("sms", sender.strip())
        reply = Reply(
            ref=sid, channel="sms", point=point, text=request.form.get("Body", ""), stopped=told.upper() == "STOP"
        )
        taken_as = receive_reply(tx, reply, here().now())
        text = None if told or taken_as is None else _answer(tx, reply, taken_as)
    return _twiml(text)


def _is_twilios() -> bool:
    token = here().part(Config).twilio_token
    signature = request.headers.get("X-Twilio-Signature", "")
    if not token or not signature:
        return False
    path = request.full_path if request.query_string else request.path
    algorithm = get_signature_algorithm(request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""))
    address = here().part(WebConfig).origin + path
    return bool(RequestValidator(token).validate(address, request.form, signature, algorithm))


def _answer(tx: Tx, reply: Reply, taken_as: TakenAs) -> str | None:
    """One confirmation of a stop, thanks for a score, what HELP asks for; words wait for a person."""
    stops = stops_on(tx, reply.channel, reply.point)
    words = read_words("sms_words")[nearest(language_on(tx, reply.channel, reply.point)) or "en"]
    if taken_as is TakenAs.STOP:
        return words["stop"] if stops == 1 else None
    if taken_as is TakenAs.HELP:
        return words["help"]
    if taken_as is TakenAs.SCORE and not stops:
        return words["score"].format(score=score_of(tx, reply.reply_id))
    return None


def _twiml(text: str | None) -> Response:
    answer = MessagingResponse()
    if text:
        answer.message(text)
    return Response(str(answer), 200, content_type="text/xml; charset=utf-8")
