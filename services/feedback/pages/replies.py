"""What did guests write back? Their replies, for a person to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template, request

from services.feedback.pages import labels
from services.feedback.pages.guest_words import visible_words
from services.feedback.queries import replies as queries
from services.feedback.rules.replies import FOR_A_PERSON, TakenAs
from shared.access.audit import record
from shared.access.people import May
from shared.web.access_control import me, needs, scope
from shared.web.site import here

REPLIES = Blueprint("feedback_replies", __name__, url_prefix="/feedback/replies")
A_PAGE = 50
VIEWS: Mapping[str, Sequence[TakenAs]] = {"read": FOR_A_PERSON, "stops": (TakenAs.STOP,), "all": tuple(TakenAs)}


@REPLIES.get("")
@needs(May.SEE_GUESTS)
def listed() -> str:
    view = request.args.get("view", "read")
    view = view if view in VIEWS else "read"
    after = _after(request.args.get("after", ""))
    with here().transaction() as tx:
        found = queries.replies(tx, scope(), VIEWS[view], after, A_PAGE + 1)
        record(tx, me(), "replies.viewed", "replies", {"view": view}, here().now())
    page, more = found[:A_PAGE], found[A_PAGE:]
    last = f"{page[-1].received_at.isoformat()}~{page[-1].reply_id}" if more else ""
    return render_template(
        "replies.html",
        replies=page,
        view=view,
        next=last,
        after=after,
        labels=labels,
        visible_words=visible_words,
    )


def _after(text: str) -> tuple[datetime, UUID] | None:
    at, _, key = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(key)
    except ValueError:
        return None
