"""What did guests say of this topic? The texts behind a figure, and what a person corrects of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.feedback.commands.heard.correcting import NoText, correct_text
from services.feedback.pages import spans
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.guest_words import for_reader, opened
from services.feedback.pages.places import place_in, place_of
from services.feedback.queries.heard import texts as queries
from services.feedback.rules.feelings import FeelingLabel
from services.feedback.rules.heard import WHOLE, HeardKind
from services.feedback.rules.lessons import LONGEST_PHRASE
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.topic import TopicLabel
from shared.web.access_control import hotels_in_scope, me, my_hotels, needs
from shared.web.i18n.labels import label
from shared.web.site import here

TEXTS = Blueprint("feedback_texts", __name__, url_prefix="/feedback/texts")
A_PAGE = 30
PREFIX = "topic_"
WRONG = {
    "long": _l("Name at most %(count)s words.", count=LONGEST_PHRASE),
    "elsewhere": _l("These words do not stand in the text one after the other."),
    "common": _l("These words stand in texts of any kind. Name others."),
}


@TEXTS.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    now, days = here().now(), spans.days_asked_for()
    asked = {name: request.args.get(name, "") for name in ("topic", "feeling", "kind", "after")}
    wanted = queries.TextFilter(
        first={one.code: spans.last_days(one, now, days)[0] for one in hotels_in_scope()},
        topic=asked["topic"] if asked["topic"] in set(TopicLabel) else WHOLE,
        feeling=asked["feeling"] if asked["feeling"] in set(FeelingLabel) else None,
        kind=asked["kind"] if asked["kind"] in set(HeardKind) else None,
        after=place_in(asked["after"]),
    )
    with here().transaction() as tx:
        found = queries.texts(tx, wanted, A_PAGE + 1)
    return render_template(
        "texts.html",
        lines=found[:A_PAGE],
        next=place_of(found[A_PAGE - 1].said_at, found[A_PAGE - 1].text_id) if len(found) > A_PAGE else "",
        asked={**asked, "days": days},
        days=spans.DAYS,
        **_labels(),
    )


@TEXTS.get("/<uuid:text_id>")
@needs(May.CARE)
def ask(text_id: UUID) -> str:
    with here().transaction() as tx:
        line = _visible(tx, text_id)
    return _form(line, line.feelings, "")


def _form(line: queries.TextLine, feelings: Mapping[str, str], phrase: str, problem: str = "") -> str:
    chosen = {topic: feeling for topic, feeling in feelings.items() if topic != WHOLE}
    whole = feelings.get(WHOLE, "neutral")
    values = {"line": line, "prefix": PREFIX, "whole": whole, "chosen": chosen, "phrase": phrase}
    return render_template("text.html", **values, problem=WRONG.get(problem), longest=LONGEST_PHRASE, **_labels())


@TEXTS.post("/<uuid:text_id>")
@needs(May.CARE)
def correct(text_id: UUID) -> Response:
    """What is chosen for the whole text and for each topic; a topic without a feeling is not spoken of. The words that
    mean it teach what others say with them."""
    now = here().now()
    topics = {str(one): request.form.get(f"{PREFIX}{one}", "") for one in TopicLabel}
    feelings = {WHOLE: request.form.get("whole", ""), **{topic: said for topic, said in topics.items() if said}}
    with here().transaction() as tx:
        line = _visible(tx, text_id)
        said, phrase = [opened(sealed) for sealed in line.words_sealed], request.form.get("words", "")
        try:
            corrected = correct_text(tx, text_id, feelings, by=me().name, at=now, said=said, phrase=phrase)
        except InputError as error:
            if "words" not in error.problems:
                raise
            return form_with_problems(_form(line, feelings, phrase, error.problems["words"]))
        if corrected:
            record(tx, me(), "text.corrected", f"text {text_id}", {"kind": line.kind, "hotel": line.property}, now)
    flash(gettext("It counts as you said."))
    return redirect("/feedback/texts", 303)


def words_of(line: queries.TextLine) -> list[str]:
    """Without the addresses and numbers in them; the guest's own page shows all."""
    return [for_reader(opened(sealed)) for sealed in line.words_sealed]


def _labels() -> dict[str, Any]:
    return {
        "words_of": words_of,
        "label": label,
        "taught_words": lambda line: for_reader(opened(line.taught_words_sealed)),
        "feelings": [(str(one), label(one)) for one in FeelingLabel],
        "topics": [(str(one), label(one)) for one in TopicLabel],
        "kinds": [(str(one), label(one)) for one in HeardKind],
        "feeling_of": FeelingLabel,
        "topic_of": TopicLabel,
        "kind_of": HeardKind,
    }


def _visible(tx: Tx, text_id: UUID) -> queries.TextLine:
    """A text of this person's hotels. Raises `NoText`."""
    line = queries.text(tx, text_id, [hotel.code for hotel in my_hotels()])
    if line is None:
        raise NoText()
    return line
