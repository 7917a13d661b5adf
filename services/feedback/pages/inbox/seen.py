"""The one loader of a thread, and what its page needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from services.feedback.pages.cases.seen import Problems
from services.feedback.queries import guests
from services.feedback.queries.inbox import threads as queries
from shared.access.people import May, Person
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.web.access_control import me

INBOX = Blueprint("feedback_inbox", __name__, url_prefix="/feedback/inbox")
NO_PROBLEMS = Problems()


class NoThread(NotFound):
    """There is no such conversation here."""


def visible_thread(tx: Tx, thread_id: UUID) -> queries.ThreadLine:
    """The thread, where this person sees one of its hotels or its guest. Raises `NoThread`."""
    found = queries.thread(tx, thread_id, me().scope)
    if found is None:
        raise NoThread()
    return found


def same_person(tx: Tx, thread: queries.ThreadLine) -> Sequence[UUID]:
    """The guest and all who were merged into them; of a stranger nobody."""
    return guests.same_person(tx, thread.guest_id) if thread.guest_id else []


def hands_of(tx: Tx, thread: queries.ThreadLine) -> list[Person]:
    """Who may look after it: whoever sees it and cares for guests."""
    hotels = {*thread.hotels, *(guests.hotels_of(tx, thread.guest_id) if thread.guest_id else ())}
    return [one for one in guests.staff(tx) if one.may(May.CARE) and one.scope.meets(hotels)]


def back_to(thread_id: UUID) -> Response:
    return redirect(f"/feedback/inbox/{thread_id}", 303)
