"""A score that a person decides or corrects: with its trace, in the figures and in the case that arose from it."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.feedback.commands.correct_score import correct_score
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.rules.replies import TakenAs
from services.feedback.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.vocabulary.channel import Channel
from tests.cast import ANA, DINA, NOW, WEI
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, Feedback
from tests.web import browser, words


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def reply(feedback: Feedback, text: str, ref: str = "1") -> tuple[UUID, TakenAs | None]:
    found = Reply(ref=ref, channel=Channel.SMS, point=feedback.point("sms", NUMBER), text=text)
    with feedback.tx() as tx:
        return found.reply_id, receive_reply(tx, found, NOW)


def correct(feedback: Feedback, message_id: UUID, score: int | None) -> bool:
    with feedback.tx() as tx:
        return correct_score(tx, message_id, score, by="Dina Duarte", at=NOW)


def voices(feedback: Feedback) -> list[tuple[int]]:
    return feedback.all("select score from voice where span = '9999-12-31'")


def tally(feedback: Feedback) -> list[tuple[int, int]]:
    return feedback.all("select sum(promoters)::int, sum(detractors)::int from voice_tally where span = '9999-12-31'")


def test_the_words_a_score_was_read_from_are_kept_sealed(feedback: Feedback) -> None:
    feedback.sent("survey", at=NOW)
    reply(feedback, "I give it a 4/5 but the wifi was slow")
    ((score, scale, given),) = feedback.all("select score, given_scale, given_sealed from survey_answer")
    assert (score, scale) == (8, 5)
    assert feedback.database.keyring.open(given, Sealing.WORDS) == "4/5"


def test_a_correction_keeps_its_trace_and_reaches_figures_and_case(feedback: Feedback) -> None:
    message_id = feedback.sent("survey", at=NOW)
    reply(feedback, "2")
    assert (voices(feedback), len(feedback.published("case.opened.v1"))) == ([(2,)], 1)
    assert correct(feedback, message_id, 9)
    assert not correct(feedback, message_id, 9)  # the form is sent twice
    assert feedback.all("select before, after, by_name from score_correction") == [(2, 9, "Dina Duarte")]
    assert (voices(feedback), tally(feedback)) == ([(9,)], [(1, 0)])
    assert len(feedback.published("case.closed.v1")) == 1
    assert [(one["version"], one["score"]) for one in feedback.published("survey.answered.v1")] == [(1, 2), (2, 9)]


def test_what_was_no_score_leaves_the_figures_and_the_survey_waits_again(feedback: Feedback) -> None:
    message_id = feedback.sent("survey", at=NOW)
    reply(feedback, "2")
    assert correct(feedback, message_id, None)
    assert (voices(feedback), tally(feedback)) == ([], [(0, 0)])
    assert feedback.published("survey.answered.v1")[-1]["void"] is True
    assert len(feedback.published("case.closed.v1")) == 1
    assert reply(feedback, "9", ref="2")[1] is TakenAs.SCORE
    said = feedback.published("survey.answered.v1")
    assert [one["version"] for one in said] == sorted({one["version"] for one in said})
    assert voices(feedback) == [(9,)]


def test_a_score_corrected_downwards_is_followed_up(feedback: Feedback) -> None:
    message_id = feedback.sent("survey", at=NOW)
    reply(feedback, "9")
    assert feedback.published("case.opened.v1") == []
    correct(feedback, message_id, 2)
    assert len(feedback.published("case.opened.v1")) == 1


def test_a_person_decides_what_may_be_a_score_with_the_whole_text_before_them(feedback: Feedback) -> None:
    feedback.sent("survey", at=NOW)
    reply_id, taken_as = reply(feedback, "9 great stay")
    assert taken_as is TakenAs.SCORE_UNSURE
    assert feedback.published("survey.answered.v1") == []
    dina = browser(SERVICE.build_web, Config(), feedback.database, DINA)
    assert "9 great stay" in words(dina.get("/feedback/replies"))
    dina.post(f"/feedback/replies/{reply_id}/score", {"score": "9"})
    assert [one["score"] for one in feedback.published("survey.answered.v1")] == [9]
    wei = browser(SERVICE.build_web, Config(), feedback.database, WEI)
    wei.get("/feedback/replies")
    assert wei.post(f"/feedback/replies/{reply_id}/score", {"score": "1"}).status_code == 404


def test_a_half_is_asked_back_and_counts_once_it_is_whole(feedback: Feedback) -> None:
    feedback.sent("survey", at=NOW)
    assert reply(feedback, "8.5")[1] is TakenAs.SCORE_ASKED
    assert feedback.published("survey.answered.v1") == []
    assert reply(feedback, "9", ref="2")[1] is TakenAs.SCORE


def test_a_text_is_tried_without_being_kept(feedback: Feedback) -> None:
    dina = browser(SERVICE.build_web, Config(), feedback.database, DINA)
    dina.get("/feedback/replies/try")
    page = words(dina.post("/feedback/replies/try", {"text": "9, but noisy", "survey": "yes", "number": ""}))
    assert "9 of 10" in page
    assert feedback.all("select count(*) from reply") == [(0,)]
