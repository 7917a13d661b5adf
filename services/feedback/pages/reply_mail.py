"""A guest's mail as a whole, with what it quotes: what a reply was taken from can be read until its term."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, render_template

from services.feedback.mail.parts import header, parsed, text_of
from services.feedback.pages.guest_words import for_reader
from services.feedback.queries import mails as queries
from shared.access.audit import record
from shared.access.people import May
from shared.web.access_control import me, needs
from shared.web.contacts import on_the_page_of
from shared.web.site import here

REPLY_MAIL = Blueprint("feedback_reply_mail", __name__, url_prefix="/feedback/replies/<uuid:reply_id>/mail")


@REPLY_MAIL.get("")
@needs(May.SEE_GUESTS)
def show(reply_id: UUID) -> str:
    with here().transaction() as tx:
        kept = queries.kept_mail(tx, reply_id, me().scope)
        if kept is None:
            abort(404)
        mail = parsed(queries.raw_of(tx, kept))
        contacts = on_the_page_of(tx, kept.subject())
        record(tx, me(), "reply.mail_read", f"reply {reply_id}", {}, here().now())

    def visible(text: str) -> str:
        return text if contacts.shows(kept.subject()) else for_reader(text)

    title, text = visible(header(mail, "Subject")), visible(text_of(mail))
    return render_template("reply_mail.html", kept=kept, title=title, text=text, contacts=contacts)
