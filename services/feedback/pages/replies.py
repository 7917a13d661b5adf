"""What did guests write back? Their replies, for a person to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from flask import Blueprint, render_template, request

from services.feedback.pages import labels
from services.feedback.pages.guest_words import Words, holds_contacts, opened
from services.feedback.pages.places import place_in, place_of
from services.feedback.queries import replies as queries
from services.feedback.rules.cases import HIGHEST, LOWEST
from services.feedback.rules.replies import FOR_A_PERSON, TakenAs
from services.feedback.store.reply_pictures import of_replies
from shared.access.people import May
from shared.web.access_control import needs, scope
from shared.web.contacts import listed
from shared.web.site import here

REPLIES = Blueprint("feedback_replies", __name__, url_prefix="/feedback/replies")
A_PAGE = 50
UNREAD = "unread"
VIEWS: Mapping[str, Sequence[TakenAs]] = {
    UNREAD: (TakenAs.STOP_INSIDE,),
    "read": FOR_A_PERSON,
    "stops": (TakenAs.STOP, TakenAs.STOP_INSIDE, TakenAs.START),
    "scores": (TakenAs.SCORE, TakenAs.SCORE_UNSURE, TakenAs.SCORE_ASKED),
    "all": tuple(TakenAs),
}


@REPLIES.get("")
@REPLIES.post("")
@needs(May.SEE_GUESTS)
def show() -> str:
    """A page of the list; posted, with the words in full that its form asks for."""
    view = request.args.get("view", "read")
    view = view if view in VIEWS else "read"
    after = place_in(request.args.get("after", ""))
    with here().transaction() as tx:
        if view == UNREAD:
            found = queries.unread(tx, scope(), A_PAGE)
        else:
            found = queries.replies(tx, scope(), VIEWS[view], after, A_PAGE + 1)
        waiting, _ = queries.count_unread(tx, scope(), here().now())
        page, more = found[:A_PAGE], found[A_PAGE:]
        pictures = of_replies(tx, [reply.reply_id for reply in page])
        told = {"view": view, "later_page": after is not None}
        holders = [reply.subject() for reply in page if holds_contacts(reply.text_sealed)]
        contacts = listed(tx, "replies.viewed", "replies", told, lines=len(page), holders=holders)
    words = Words(contacts)
    last = place_of(page[-1].received_at, page[-1].reply_id) if more else ""
    return render_template(
        "replies.html",
        replies=page,
        view=view,
        waiting=waiting,
        pictures=pictures,
        scores=range(LOWEST, HIGHEST + 1),
        because=because,
        next=last,
        after=after,
        labels=labels,
        contacts=contacts,
        visible_words=words,
        hidden=[reply.reply_id for reply in page if words.hides(reply.text_sealed, reply.subject())],
    )


def because(line: queries.ReplyLine) -> Sequence[str]:
    """The words that what a reply was taken as rests on."""
    found = orjson.loads(opened(line.because_sealed) or "{}")
    return list(dict.fromkeys(word for words in found.values() for word in words))
