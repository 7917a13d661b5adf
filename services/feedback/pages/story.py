"""Feedback's part of a guest's story: answers, replies and our answers to them, cases opened and closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from services.feedback.pages import labels
from services.feedback.pages.guest_words import Words
from services.feedback.pages.inbox import labels as told
from services.feedback.pages.surveys.given import Said, said_with
from services.feedback.queries import answers, cases, guests, replies
from services.feedback.queries.care import tasks
from services.feedback.queries.heard import reviews
from services.feedback.queries.inbox import lines, threads
from services.feedback.rules.replies import TakenAs
from services.feedback.store.care.terms import cares_of
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import me, needs
from shared.web.contacts import on_the_page_of
from shared.web.site import asked_for_a_page, here

STORY = Blueprint("feedback_story", __name__, url_prefix="/feedback/guests")
MOST = 200
Reading = Callable[[str | None], str]
"""A guest's sealed words as the reader may see them."""


@STORY.get("/<uuid:guest_id>/story")
@needs(May.SEE_GUESTS)
def story(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        words = partial(Words(on_the_page_of(tx, guest_id)), subject=guest_id)
        found = sorted(_entries(tx, guest_id, words), key=lambda entry: str(entry["at"]), reverse=True)[:MOST]
        thread = threads.thread_of(tx, guest_id, me().scope)
        known = guests.guest(tx, guest_id, me().scope) is not None
        if not asked_for_a_page():
            record(tx, me(), "guest.story_viewed", f"guest {guest_id}", {}, here().now())
    actions = render_template("_story_actions.html", guest_id=guest_id, known=known, thread=thread)
    return jsonify(entries=found, actions=actions)


def _entries(tx: Tx, guest_id: UUID, words: Reading) -> Iterator[dict[str, Any]]:
    same, mine = guests.same_person(tx, guest_id), me().scope
    answered = answers.answers_of(tx, same, mine, MOST)
    said = said_with(tx, [answer.answer_id for answer in answered], cares_of(tx, [one.property for one in answered]))
    for answer in answered:
        more = said.get(answer.answer_id, [])
        yield _entry("answer", "answer", answer.answered_at, answer, words, more)
    for reply in replies.replies_of(tx, same, mine, MOST):
        if reply.taken_as != TakenAs.SCORE:  # it stands among the answers already
            yield _entry("answer", "reply", reply.received_at, reply, words)
    for ours in lines.answers(tx, same, mine, MOST):
        yield _entry("answer", "answered", ours.answered_at, ours, words)
    for review in reviews.reviews_of(tx, same, mine, MOST):
        yield _entry("answer", "review", review.said_at, review, words)
    for case in cases.cases_of(tx, same, mine, MOST):
        yield _entry("case", "opened", case.opened_at, case, words)
        if case.closed_at:
            yield _entry("case", "closed", case.closed_at, case, words)
    for task in tasks.of_guests(tx, same, mine, MOST):
        yield _entry("case", "task", task.made_at, task, words)
        if task.done_at:
            yield _entry("case", "task_done", task.done_at, task, words)


def _entry(kind: str, what: str, at: Any, line: object, words: Reading, said: Sequence[Said] = ()) -> dict[str, Any]:
    html = render_template(
        "_story_entry.html", what=what, line=line, labels=labels, told=told, visible_words=words, said=said
    )
    return {"at": at.isoformat(), "kind": kind, "html": html}
