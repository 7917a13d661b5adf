"""What have corrections taught, and does it count? Each can be taken back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.heard.taking_back import take_lesson_back
from services.feedback.pages.guest_words import for_reader, opened
from services.feedback.queries.heard.lessons import LessonLine, lessons
from services.feedback.rules.feelings import FeelingLabel
from services.feedback.rules.heard import WHOLE
from services.feedback.rules.lessons import AGREEING, counting
from services.feedback.store.heard.lessons import MOST
from services.feedback.store.heard.lessons import counting as all_lessons
from services.feedback.understanding.house_words import NOT_SPOKEN_OF
from shared.access.audit import record
from shared.access.people import May
from shared.errors import NotFound
from shared.vocabulary.topic import TopicLabel
from shared.web.access_control import hotels_in_scope, me, my_hotels, needs
from shared.web.i18n.labels import label
from shared.web.site import here

LESSONS = Blueprint("feedback_lessons", __name__, url_prefix="/feedback/texts/lessons")


class NoLesson(NotFound):
    """There is no such correction here, or it was taken back."""


@LESSONS.get("")
@needs(May.CARE)
def show() -> str:
    with here().transaction() as tx:
        lines = lessons(tx, [hotel.code for hotel in hotels_in_scope()], MOST)
        there = all_lessons(tx)
    counts = {
        lesson
        for hotel in {line.property for line in lines}
        for one in counting(there, hotel)
        for lesson in one.lessons
    }
    return render_template(
        "lessons.html",
        lines=lines,
        counts=counts,
        agreeing=AGREEING,
        words_of=lambda line: for_reader(opened(line.words_sealed)),
        meaning_of=_meaning,
    )


@LESSONS.post("/<uuid:lesson_id>/taking-back")
@needs(May.CARE)
def take_back(lesson_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        if not lessons(tx, [hotel.code for hotel in my_hotels()], 1, lesson_id):
            raise NoLesson()
        if take_lesson_back(tx, lesson_id, by=me().name, at=now):
            record(tx, me(), "text.lesson_taken_back", f"lesson {lesson_id}", {}, now)
    flash(gettext("Taken back. Texts that were read by it are read anew; the corrected text stays as it is."))
    return redirect("/feedback/texts/lessons", 303)


def _meaning(line: LessonLine) -> list[tuple[str, str]]:
    """In the reader's words, each with its tone."""
    found = []
    for topic, feeling in sorted(line.feelings.items()):
        name = gettext("the whole text") if topic == WHOLE else label(TopicLabel(topic))
        if feeling == NOT_SPOKEN_OF:
            found.append((gettext("not about: %(topic)s", topic=name), ""))
        else:
            felt = FeelingLabel(feeling)
            found.append((gettext("%(topic)s: %(feeling)s", topic=name, feeling=label(felt)), felt.tone))
    return found
