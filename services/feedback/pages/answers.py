"""What do guests feel, and about what? The score of each hotel with its band, and what guests wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from services.feedback.pages import spans
from services.feedback.pages.cases.labels import named
from services.feedback.pages.figures import parts, ratings, scores
from services.feedback.pages.guest_words import Words, holds_contacts, opened
from services.feedback.pages.inbox.waits import medians
from services.feedback.pages.places import place_in, place_of
from services.feedback.pages.surveys.given import Said, said_with
from services.feedback.queries import answers as queries
from services.feedback.queries.care import praise
from services.feedback.queries.heard import topics
from services.feedback.rules.nps import PASSIVES_FROM, PROMOTERS_FROM
from services.feedback.rules.redaction import redacted
from services.feedback.store.care.terms import cares_of
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.topic import TopicLabel
from shared.web.access_control import hotels_in_scope, me, needs, scope
from shared.web.app import is_fragment
from shared.web.contacts import listed
from shared.web.i18n.labels import label
from shared.web.i18n.languages import language_name
from shared.web.site import here

ANSWERS = Blueprint("feedback_answers", __name__, url_prefix="/feedback/answers")
A_PAGE, MOST_SEARCHED = 30, 5000
GROUPS = {
    "": (0, 10),
    "promoters": (PROMOTERS_FROM, 10),
    "passives": (PASSIVES_FROM, PROMOTERS_FROM - 1),
    "detractors": (0, PASSIVES_FROM - 1),
}


@dataclass(frozen=True)
class Verbatim:
    line: queries.AnswerLine
    words: str
    said: Sequence[Said]


@ANSWERS.get("")
@ANSWERS.post("")
@needs(May.SEE_FIGURES)
def show() -> str:
    """Figures and a page of words; posted, with the words in full that its form asks for."""
    now, days = here().now(), spans.days_asked_for()
    names = {} if is_fragment() else parts.segment_names()
    asked = {name: request.args.get(name, "").strip() for name in ("q", "group", "language", "after")}
    with here().transaction() as tx:
        lines, more = _lines(tx, asked)
        told: dict[str, object] = {"days": days, "searched": bool(asked["q"]), "later_page": bool(asked["after"])}
        told |= {"group": asked["group"]}
        holders = [line.guest_id for line in lines if holds_contacts(line.comment_sealed)]
        contacts = listed(tx, "answers.viewed", "answers", told, lines=len(lines), holders=holders)
        said = said_with(tx, [line.answer_id for line in lines], cares_of(tx, [line.property for line in lines]))
        found = {} if is_fragment() else _figures(tx, now, days, names)
    words = Words(contacts)
    return render_template(
        "_verbatims.html" if is_fragment() else "answers.html",
        verbatims=[
            Verbatim(line, words(line.comment_sealed, line.guest_id), said.get(line.answer_id, ())) for line in lines
        ],
        hidden=[line.answer_id for line in lines if words.hides(line.comment_sealed, line.guest_id)],
        contacts=contacts,
        next=_key(lines[-1]) if more and lines else "",
        asked={**asked, "days": days},
        days=spans.DAYS,
        searched=MOST_SEARCHED,
        **found,
    )


def _figures(tx: Tx, now: datetime, days: int, segments: Mapping[str, str]) -> dict[str, Any]:
    """What stands above the words, and the languages by which they can be chosen."""
    hotels = hotels_in_scope()
    first = {hotel.code: spans.last_days(hotel, now, days)[0] for hotel in hotels}
    praised = praise.counted(tx, scope(), now - timedelta(days=days))[0]
    cares = cares_of(tx, [one.property for one in praised])
    return {
        "hotels": scores.figures(tx, hotels, now, days),
        "parts": parts.parts(tx, hotels, first, segments),
        "most_picked": parts.MOST_PICKED,
        "rated": ratings.ratings(tx, hotels, first, {hotel.code: spans.months(hotel, now) for hotel in hotels}),
        "medians": medians(tx, hotels, now, days),
        "median_days": days,
        "matrix": topics.topics(tx, first),
        "praised": [(one, named(cares[one.property], "department", one.department)) for one in praised],
        "topic_name": lambda code: label(TopicLabel(code)),
        "language_name": _language_name,
        "spoken": [(tag, _language_name(tag)) for tag in queries.languages(tx, scope(), MOST_SEARCHED)],
        "drawn_from": scores.DRAWN_FROM,
        "month_name": scores.month_name,
    }


def _lines(tx: Tx, asked: dict[str, str]) -> tuple[list[queries.AnswerLine], bool]:
    """A page of what guests wrote, and whether there is more. Words are sealed: a search opens the newest."""
    lowest, highest = GROUPS.get(asked["group"], GROUPS[""])
    wanted = queries.AnswerFilter(
        scope=scope(),
        lowest=lowest,
        highest=highest,
        language=asked["language"] or None,
        after=place_in(asked["after"]),
    )
    sought = asked["q"].casefold()
    found = queries.words(tx, wanted, MOST_SEARCHED if sought else A_PAGE + 1)
    if sought:
        found = [line for line in found if sought in _searched(line.comment_sealed).casefold()]
    return found[:A_PAGE], len(found) > A_PAGE


def _searched(sealed: str | None) -> str:
    """Nobody finds by a search what they may not read."""
    text = opened(sealed)
    return text if me().may(May.SEE_CONTACTS) else redacted(text)


def _language_name(tag: str) -> str:
    return language_name(tag) if tag else gettext("Not known")


def _key(line: queries.AnswerLine) -> str:
    return place_of(line.answered_at, line.answer_id)
