"""What do guests feel, and about what? The score of each hotel with its band, and what guests wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel import Locale, UnknownLocaleError
from flask import Blueprint, render_template, request

from services.feedback.pages import figures
from services.feedback.pages.guest_words import visible_words
from services.feedback.queries import answers as queries
from services.feedback.rules.nps import PASSIVES_FROM, PROMOTERS_FROM
from shared.access.audit import record
from shared.access.people import Hotel, May
from shared.database.pool import Tx
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.app import is_fragment
from shared.web.i18n.languages import locale
from shared.web.site import here

ANSWERS = Blueprint("feedback_answers", __name__, url_prefix="/feedback/answers")
DAYS, USUAL_DAYS = (30, 90, 365), 90
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


@ANSWERS.get("")
@needs(May.SEE_FIGURES)
def listed() -> str:
    now, days = here().now(), _days()
    asked = {name: request.args.get(name, "").strip() for name in ("q", "group", "language", "after")}
    with here().transaction() as tx:
        found, more = _verbatims(tx, asked)
        record(tx, me(), "answers.viewed", "answers", {"days": days, "searched": bool(asked["q"])}, now)
        hotels = [] if is_fragment() else figures.figures(tx, hotels_in_scope(), now, days)
        languages = [] if is_fragment() else queries.languages(tx, scope(), MOST_SEARCHED)
    return render_template(
        "_verbatims.html" if is_fragment() else "answers.html",
        verbatims=found,
        next=_key(found[-1].line) if more and found else "",
        asked={**asked, "days": days},
        hotels=hotels,
        spoken=[(tag, _language_name(tag)) for tag in languages],
        days=DAYS,
        searched=MOST_SEARCHED,
        drawn_from=figures.DRAWN_FROM,
        month_name=figures.month_name,
    )


def hotels_in_scope() -> Sequence[Hotel]:
    looked_at = scope()
    return [hotel for hotel in my_hotels() if hotel.code in looked_at]


def _verbatims(tx: Tx, asked: dict[str, str]) -> tuple[list[Verbatim], bool]:
    """A page of what guests wrote, and whether there is more. Words are sealed: a search opens the newest."""
    lowest, highest = GROUPS.get(asked["group"], GROUPS[""])
    wanted = queries.AnswerFilter(
        scope=scope(),
        lowest=lowest,
        highest=highest,
        language=asked["language"] or None,
        after=_after(asked["after"]),
    )
    sought = asked["q"].casefold()
    lines = queries.words(tx, wanted, MOST_SEARCHED if sought else A_PAGE + 1)
    found = [Verbatim(line, visible_words(line.comment_sealed)) for line in lines]
    found = [one for one in found if sought in one.words.casefold()]
    return found[:A_PAGE], len(found) > A_PAGE


def _days() -> int:
    text = request.args.get("days", "")
    return int(text) if text.isdecimal() and int(text) in DAYS else USUAL_DAYS


def _language_name(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _key(line: queries.AnswerLine) -> str:
    return f"{line.answered_at.isoformat()}~{line.answer_id}"


def _after(text: str) -> tuple[datetime, UUID] | None:
    at, _, key = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(key)
    except ValueError:
        return None
