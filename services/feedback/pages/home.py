"""Feedback's part of the home page: the score of each hotel, and the cases that wait for an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify
from flask_babel import ngettext
from werkzeug.wrappers import Response

from services.feedback.pages.figures.scores import nps_by_hotel
from services.feedback.pages.labels import span
from services.feedback.pages.spans import USUAL_DAYS
from services.feedback.queries.care import tasks
from services.feedback.queries.cases import Counts, counts
from services.feedback.queries.inbox import threads
from services.feedback.queries.replies import count_unread
from services.feedback.rules.replies import A_PERSON_READS_WITHIN
from shared.access.people import May
from shared.vocabulary.case import CaseKind
from shared.web.access_control import hotels_in_scope, me, needs, scope
from shared.web.pages.delivery import waiting_for_a_person
from shared.web.pages.needs import Weight
from shared.web.site import here

HOME = Blueprint("feedback_home", __name__, url_prefix="/feedback/home")


@HOME.get("")
@needs(May.SEE_FIGURES)
def show() -> Response:
    now = here().now()
    with here().transaction() as tx:
        open_ones = counts(tx, scope(), me().person_id, now)
        to_do = tasks.counts(tx, scope(), me().person_id, now)
        unread = count_unread(tx, scope(), now - A_PERSON_READS_WITHIN)
        inbox = threads.count_unread(tx, scope())
        nps, aside = nps_by_hotel(tx, hotels_in_scope(), now, USUAL_DAYS), waiting_for_a_person(tx)
    scores = [
        {
            "hotel": code,
            "score": one.score,
            "band": one.band,
            "n": one.n,
            "promoters": one.promoters,
            "passives": one.passives,
            "detractors": one.detractors,
            "days": USUAL_DAYS,
        }
        for code, one in nps.items()
        if one.n
    ]
    return jsonify(
        needs=[*_unread(*unread), *_needs(open_ones), *_inbox(inbox), *_tasks(to_do), *aside],
        nps=scores,
        open_cases=open_ones.open,
    )


def _unread(unread: int, overdue: int) -> list[dict[str, Any]]:
    """At once, and urgent once a person should have read them; nothing but reading ends it."""
    if not unread:
        return []
    text = ngettext(
        "%(num)s reply may be an objection; its guest gets no offers and no surveys until somebody has read it",
        "%(num)s replies may be objections; their guests get no offers and no surveys until somebody has read them",
        unread,
    )
    if overdue:
        hours = A_PERSON_READS_WITHIN // timedelta(hours=1)
        text = ngettext(
            "%(num)s reply that may be an objection has been unread for more than %(hours)s hours",
            "%(num)s replies that may be objections have been unread for more than %(hours)s hours",
            overdue,
            hours=hours,
        )
    return [_need(text, "bad" if overdue else "look", unread, "/feedback/replies?view=unread")]


def _needs(found: Counts) -> list[dict[str, Any]]:
    """Most urgent first."""
    found_needs: list[dict[str, Any]] = []
    if found.unanswered:
        text = ngettext(
            "%(num)s alert has no answer yet",
            "%(num)s alerts have no answer yet",
            found.unanswered,
        )
        found_needs.append(_need(text, "bad", found.unanswered, "/feedback/alerts"))
    if found.late:
        text = ngettext("%(num)s case is past its deadline", "%(num)s cases are past their deadline", found.late)
        found_needs.append(_need(text, "bad", found.late))
    if found.complaints:
        text = ngettext(
            "%(num)s complaint is open; its guest gets no offers until it is closed, for 30 days at most",
            "%(num)s complaints are open; their guests get no offers until they are closed, for 30 days at most",
            found.complaints,
        )
        found_needs.append(_need(text, "look", found.complaints, f"/feedback/cases?kind={CaseKind.COMPLAINT}"))
    if found.open and found.oldest:
        waited = span(here().now() - found.oldest)
        text = ngettext(
            "%(num)s case waits for an answer, since %(span)s",
            "%(num)s cases wait for an answer, the oldest since %(span)s",
            found.open,
            span=waited,
        )
        found_needs.append(_need(text, "look", found.open))
    return found_needs


def _inbox(unread: int) -> list[dict[str, Any]]:
    if not unread:
        return []
    text = ngettext("%(num)s conversation is unread", "%(num)s conversations are unread", unread)
    return [_need(text, "look", unread, "/feedback/inbox?view=unread")]


def _tasks(found: tasks.TaskCounts) -> list[dict[str, Any]]:
    if not found.late:
        return []
    text = ngettext("%(num)s task is late", "%(num)s tasks are late", found.late)
    return [_need(text, "bad", found.late, "/feedback/tasks")]


def _need(text: str, tone: str, count: int, url: str = "/feedback/cases") -> dict[str, Any]:
    return {"text": str(text), "url": url, "tone": tone, "count": count, "weight": Weight.GUEST}
