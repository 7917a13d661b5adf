"""An answer is written, filled from a canned one, and sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.inbox import answering
from services.feedback.commands.inbox.changes import close_thread
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.inbox import labels as told
from services.feedback.pages.inbox.forms import AnswerForm
from services.feedback.pages.inbox.pictures import handed_in, visible_canned
from services.feedback.pages.inbox.seen import INBOX, back_to, same_person, visible_thread
from services.feedback.pages.inbox.thread import Draft, page_of, ways_back
from services.feedback.queries.inbox.threads import ThreadLine
from services.feedback.rules.inbox import LONGEST, CannedValue, filled, longest_words
from services.feedback.schemas import read
from services.feedback.store.inbox import canned as canned_store
from services.feedback.store.properties import names_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.pictures.scaling import LARGEST_FILE, Picture
from shared.vocabulary.channel import Channel
from shared.vocabulary.guest_language import nearest
from shared.web.access_control import me, needs
from shared.web.app import is_fragment
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.site import here


@INBOX.post("/<uuid:thread_id>/answers")
@needs(May.CARE)
@takes_files(LARGEST_FILE + OF_A_PAGE)
def answer(thread_id: UUID) -> Response:
    """A picture that is handed in is made small before a transaction is open."""
    with here().transaction() as tx:
        visible_thread(tx, thread_id)
    values, problems = read(AnswerForm(), request.form)
    picture, wrong = handed_in()
    problems, now = {**problems, **wrong}, here().now()
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        enclosed = None if problems else _enclosed(tx, picture, values)
        if enclosed and len(values["words"]) > longest_words(Channel(values["channel"]), is_pictured=True):
            problems["words"] = "too_long"
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
            picture=enclosed,
        )
        if answering.answer(tx, draft, now, by=me()):
            noted = {"channel": values["channel"], "message": str(values["answer"]), "picture": enclosed is not None}
            record(tx, me(), "thread.answered", f"thread {thread_id}", noted, now)
            if values["done"]:
                _close(tx, thread_id, now)
    flash(gettext("The answer is on its way. What becomes of it stands below it."))
    return back_to(thread_id)


@INBOX.post("/<uuid:thread_id>/canned")
@needs(May.CARE)
@takes_files(LARGEST_FILE + OF_A_PAGE)
def fill(thread_id: UUID) -> Response | str:
    """The canned answer in the guest's language, behind what was written already. A file that was chosen comes along
    and is left.
    """
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        found = _chosen(tx)
        chosen = _words_of(tx, thread, found) if found else ""
        words = "\n\n".join(filter(None, (request.form.get("words", "").strip(), chosen)))
        if is_fragment():
            return render_template(
                "_thread_words.html",
                words=words,
                canned_picture=_canned_picture(found),
                thread=thread,
                problems={},
                told=told,
                longest=max(LONGEST.values()),
            )
        return page_of(tx, thread, _draft({}, words, found))


def _draft(problems: dict[str, str], words: str | None = None, found: canned_store.Canned | None = None) -> Draft:
    form = request.form
    return Draft(
        words=form.get("words", "") if words is None else words,
        channel=form.get("channel", ""),
        answer_id=form.get("answer", ""),
        seen=form.get("seen", ""),
        problems=problems,
        canned_picture=_canned_picture(found),
        alt=form.get("alt", ""),
    )


def _enclosed(tx: Tx, picture: Picture | None, values: Mapping[str, Any]) -> answering.Enclosed | None:
    """What was handed in, else the canned answer's picture, which shows what its name says unless somebody says it."""
    if picture:
        return answering.Enclosed(media_type=picture.media_type, content=picture.content, alt=values["alt"])
    found = visible_canned(tx, values["canned_picture"])
    if found is None:
        return None
    content = bytes(found.content)
    return answering.Enclosed(media_type=found.media_type, content=content, alt=values["alt"] or found.name)


def _canned_picture(found: canned_store.Canned | None) -> str:
    """Of the one that is put in, else of the one that was before: the number of the canned answer."""
    return str(found.answer_id) if found and found.is_pictured else request.form.get("canned_picture", "")


def _chosen(tx: Tx) -> canned_store.Canned | None:
    try:
        found = canned_store.find(tx, UUID(request.form.get("canned", "")))
    except ValueError:
        return None
    return found if found and (found.property is None or found.property in me().scope) else None


def _words_of(tx: Tx, thread: ThreadLine, found: canned_store.Canned) -> str:
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
