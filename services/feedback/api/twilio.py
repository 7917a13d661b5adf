"""The webhook by which Twilio delivers what guests write to numbers: signed, handled once, answered in TwiML.

A message is identified by its MessageSid: delivered again it changes nothing and gets an empty answer. Twilio repeats a
failed webhook only where it is asked to: the address to enter there is `…/feedback/twilio/incoming#rc=3&rp=all`.
"""

from __future__ import annotations

from typing import assert_never
from urllib.parse import urlsplit

from flask import Blueprint, abort, request
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.wrappers import Response

from services.feedback.api.texts import guest_texts
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.rules.replies import TakenAs
from services.feedback.store import reply_pictures
from services.feedback.store.guests import language_on
from services.feedback.store.receivers import tokens_of
from services.feedback.store.replies import score_of, stops_on
from services.feedback.understanding import be_ready, understand
from shared.contact_points.phones import read_phones
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.web.access_control import open_to_all, takes_anything
from shared.web.i18n.guest_languages import nearest
from shared.web.site import here
from shared.web.twilio import channel_of, refuse_all_but_twilios

MOST_PICTURES = 10

TWILIO = Blueprint("feedback_twilio", __name__, url_prefix="/feedback/twilio")


@TWILIO.post("/incoming")
@open_to_all
@takes_anything
def incoming() -> Response:
    refuse_all_but_twilios(here().part(Config).twilio_token, _tokens_of)
    sid, sender = request.form.get("MessageSid", ""), request.form.get("From", "")
    if not sid or not sender:
        abort(403)
    be_ready()
    channel = channel_of(sender)
    opt_out = request.form.get("OptOutType", "")  # what Twilio has answered by itself already
    with here().transaction() as tx:
        read = next(iter(read_phones(sender)), None)  # of a short code there is no other spelling
        point, *others = tx.keyring.indexes(channel.kept_as, read.address if read else sender.strip())
        reply = Reply(
            ref=sid,
            channel=channel,
            point=point,
            others=tuple(others),
            text=_words(),
            stopped=opt_out.upper() == "STOP",
            started=opt_out.upper() == "START",
            number=read.address if read else None,
            sender=read.address if read else None,
        )
        now = here().now()
        taken_as = receive_reply(tx, reply, now)
        if taken_as is not None:
            reply_pictures.add(tx, reply.reply_id, [tx.keyring.seal(url, Sealing.WORDS) for url in _pictures()], now)
        text = None if opt_out or taken_as is None else _answer(tx, reply, taken_as)
    return _twiml(text)


def _tokens_of(account: str) -> list[str]:
    """What the house's own senders at that account sign with."""
    with here().transaction() as tx:
        return [tx.keyring.open(token, Sealing.RECEIVER) for token in tokens_of(tx, account, here().now())]


def _words() -> str:
    """What was written, or the button that was pressed: its words, else the name that we gave it. The name in the
    sender's own profile is nobody's word for who a guest is."""
    found = (request.form.get(field, "") for field in ("Body", "ButtonText", "ListTitle", "ButtonPayload"))
    return next((text for text in found if text), "")


def _pictures() -> list[str]:
    """Where the pictures that came with the message lie."""
    found = (request.form.get(f"MediaUrl{place}", "") for place in range(MOST_PICTURES))
    provider = urlsplit(here().part(Config).twilio_address).netloc
    return [url for url in found if url.startswith("https://") or (url and urlsplit(url).netloc == provider)]


def _answer(tx: Tx, reply: Reply, taken_as: TakenAs) -> str | None:
    """A first STOP is confirmed, a score thanked for, HELP answered; words wait for a person."""
    stops = stops_on(tx, reply.channel, reply.points)
    language = language_on(tx, reply.channel, reply.points)
    texts = guest_texts(f"{reply.channel}_texts")[nearest(language) or "en"]
    match taken_as:
        case TakenAs.STOP:
            return texts["stop"] if stops == 1 else None
        case TakenAs.HELP:
            return texts["help"]
        case TakenAs.START:
            return texts["start"]
        case TakenAs.SCORE:
            score = score_of(tx, reply.reply_id)
            return None if stops or score is None else texts["score"].format(score=score)
        case TakenAs.SCORE_ASKED:
            low, high = understand(reply.text, survey_open=True, theirs=language).asks or (None, None)
            return None if stops else texts["which"].format(low=low, high=high)
        case (
            TakenAs.STOP_INSIDE
            | TakenAs.SCORE_UNSURE
            | TakenAs.COMPLAINT
            | TakenAs.REACTION
            | TakenAs.AUTO_REPLY
            | TakenAs.ADVERT
            | TakenAs.SIGNS
            | TakenAs.WORDS
        ):
            return None
        case _:
            assert_never(taken_as)


def _twiml(text: str | None) -> Response:
    answer = MessagingResponse()
    if text:
        answer.message(text)
    return Response(str(answer), 200, content_type="text/xml; charset=utf-8")
