"""An answer is written, filled from a canned one, and sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.inbox import answering
from services.feedback.commands.inbox.changes import close_thread
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.inbox import labels as told
from services.feedback.pages.inbox.forms import AnswerForm
from services.feedback.pages.inbox.seen import INBOX, back_to, same_person, visible_thread
from services.feedback.pages.inbox.thread import Draft, page_of, ways_back
from services.feedback.queries.inbox.threads import ThreadLine
from services.feedback.rules.inbox import LONGEST, CannedValue, filled
from services.feedback.schemas import read
from services.feedback.store.inbox import canned as canned_store
from services.feedback.store.properties import names_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel
from shared.vocabulary.guest_language import nearest
from shared.web.access_control import me, needs
from shared.web.app import is_fragment
from shared.web.site import here


@INBOX.post("/<uuid:thread_id>/answers")
@needs(May.CARE)
def answer(thread_id: UUID) -> Response:
    values, problems = read(AnswerForm(), request.form)
    now = here().now()
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        if problems:
            return form_with_problems(page_of(tx, thread, _draft(problems)))
        draft = answering.Draft(
            answer_id=values["answer"],
            thread_id=thread_id,
            guest_id=thread.guest_id,
            guests=same_person(tx, thread),
            hotels=me().scope.values,
            channel=Channel(values["channel"]),
            language=nearest(thread.language) or "en",
            words=values["words"],
            seen=values["seen"],
            point=thread.point,
        )
        if answering.answer(tx, draft, now, by=me()):
            noted = {"channel": values["channel"], "message": str(values["answer"])}
            record(tx, me(), "thread.answered", f"thread {thread_id}", noted, now)
            if values["done"]:
                _close(tx, thread_id, now)
    flash(gettext("The answer is on its way. What becomes of it stands below it."))
    return back_to(thread_id)


@INBOX.post("/<uuid:thread_id>/canned")
@needs(May.CARE)
def fill(thread_id: UUID) -> Response | str:
    """The canned answer in the guest's language, behind what was written already."""
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        chosen = _chosen(tx, thread)
        words = "\n\n".join(filter(None, (request.form.get("words", "").strip(), chosen)))
        if is_fragment():
            return render_template(
                "_thread_words.html", words=words, thread=thread, problems={}, told=told, longest=max(LONGEST.values())
            )
        return page_of(tx, thread, _draft({}, words))


def _draft(problems: dict[str, str], words: str | None = None) -> Draft:
    form = request.form
    return Draft(
        words=form.get("words", "") if words is None else words,
        channel=form.get("channel", ""),
        answer_id=form.get("answer", ""),
        seen=form.get("seen", ""),
        problems=problems,
    )


def _chosen(tx: Tx, thread: ThreadLine) -> str:
    try:
        found = canned_store.find(tx, UUID(request.form.get("canned", "")))
    except ValueError:
        return ""
    if found is None or (found.property is not None and found.property not in me().scope):
        return ""
    language = nearest(thread.language) or "en"
    text = found.texts.get(language) or found.texts.get("en") or next(iter(found.texts.values()), "")
    way = ways_back(tx, thread, same_person(tx, thread)).get(Channel(request.form.get("channel", thread.channel)))
    hotel = (way.property if way else None) or thread.property
    values = {
        CannedValue.GUEST_NAME: thread.guest_name,
        CannedValue.HOTEL_NAME: names_of(tx, [hotel]).get(hotel, "") if hotel else "",
        CannedValue.MY_NAME: me().name,
    }
    return filled(text, {str(name): value for name, value in values.items()})


def _close(tx: Tx, thread_id: UUID, at: datetime) -> None:
    """Unless the guest wrote meanwhile."""
    thread = visible_thread(tx, thread_id)
    if not thread.unread:
        close_thread(tx, thread_id, thread.version, at, by=me().name)
        record(tx, me(), "thread.done", f"thread {thread_id}", {}, at)
