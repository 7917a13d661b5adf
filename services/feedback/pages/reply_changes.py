"""What a person decides about a reply: whether it is an objection, and which score it is."""

from __future__ import annotations

from base64 import b64decode
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.correct_score import correct_score
from services.feedback.commands.objections import decide_objection
from services.feedback.queries import replies as queries
from services.feedback.rules.replies import scope_of_stop
from services.feedback.schemas import ScoreForm, VerdictForm, need
from services.feedback.store import messages, reply_pictures
from shared.access.audit import record
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.pictures.private import shown
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.site import here

REPLY_CHANGES = Blueprint("feedback_reply_changes", __name__, url_prefix="/feedback/replies/<uuid:reply_id>")


class NoReply(NotFound):
    """There is no such reply here."""


@REPLY_CHANGES.post("/objection")
@needs(May.CARE)
def decide(reply_id: UUID) -> Response:
    """Only this ends what holds offers and surveys."""
    is_objection, now = need(VerdictForm(), request.form)["verdict"] == "objection", here().now()
    with here().transaction() as tx:
        reply = _visible(tx, reply_id)
        message = messages.find(tx, reply.message_id) if reply.message_id else None
        scope = scope_of_stop(Channel(reply.channel), message.purpose if message else None)
        decide_objection(tx, reply_id, is_objection=is_objection, scope=scope, by=me().name, at=now)
        record(tx, me(), "objection.decided", f"reply {reply_id}", {"is_objection": is_objection}, now)
    no_objection = gettext("It is no objection; nothing waits any more.")
    flash(gettext("It counts as an objection.") if is_objection else no_objection)
    return redirect("/feedback/replies?view=unread", 303)


@REPLY_CHANGES.post("/score")
@needs(May.CARE)
def score(reply_id: UUID) -> Response:
    """Empty: what was taken for a score is none."""
    wanted, now = need(ScoreForm(), request.form)["score"], here().now()
    with here().transaction() as tx:
        reply = _visible(tx, reply_id)
        if reply.message_id is None:
            raise NoReply()
        if correct_score(tx, reply.message_id, wanted, by=me().name, at=now):
            details = {"before": reply.score, "after": wanted}
            record(tx, me(), "score.corrected", f"reply {reply_id}", details, now)
    flash(gettext("The score is %(score)s now.", score="–" if wanted is None else wanted))
    return redirect("/feedback/replies?view=scores", 303)


@REPLY_CHANGES.get("/pictures/<uuid:picture_id>")
@needs(May.SEE_CONTACTS)
def picture(reply_id: UUID, picture_id: UUID) -> Response:
    """A picture that came with the reply, behind the sign-in."""
    with here().transaction() as tx:
        _visible(tx, reply_id)
        found = reply_pictures.shown(tx, reply_id, picture_id)
        if found is None:
            raise NoReply()
        content = b64decode(tx.keyring.open(Sealed(found.content_sealed), Sealing.WORDS))
    return shown(content, found.content_type)


def _visible(tx: Tx, reply_id: UUID) -> queries.ReplyLine:
    """The reply, where this person may see its hotel or its guest. Raises `NoReply`."""
    reply = queries.reply(tx, reply_id, me().scope)
    if reply is None:
        raise NoReply()
    return reply
