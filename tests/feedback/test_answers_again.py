"""Answers are published again as they stand, for a subscriber that must be filled anew."""

from __future__ import annotations

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.queries.present_state import all_answers
from shared.bus.republish import republish
from shared.vocabulary.channel import Channel
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback


def test_each_answer_is_told_once_more_as_it_was(make_database: MakeDatabase) -> None:
    feedback = Feedback(make_database("feedback"))
    for what, guest, score in (("one", ANA, 9), ("two", BEN, 3)):
        message = feedback.sent(what, guest=guest, at=AT)
        with feedback.tx() as tx:
            answer_survey(tx, message, score, "The pillow was hard.", Channel.EMAIL, AT)
    before = feedback.published("survey.answered.v1")
    assert republish(feedback.database, all_answers, AT, most=1) == 2
    again = feedback.published("survey.answered.v1")[len(before) :]
    told, once_more = ({one["answer_id"]: {**one, "lane": ""} for one in some} for some in (before, again))
    assert once_more == told
    assert {one["score"] for one in again} == {9, 3}
