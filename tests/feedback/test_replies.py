"""What guests write back, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.rules.replies import TakenAs, scope_of_stop
from shared.crypto.purposes import Sealing
from shared.vocabulary.channel import Channel
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, Feedback


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    return Feedback(make_database("feedback"))


def reply(feedback: Feedback, text: str, ref: str = "SM1", number: str = NUMBER, at: datetime = AT) -> TakenAs | None:
    with feedback.tx() as tx:
        return receive_reply(
            tx, Reply(ref=ref, channel=Channel.SMS, point=feedback.point("sms", number), text=text), at
        )


def test_a_stop_ends_what_it_answers() -> None:
    assert scope_of_stop(Channel.SMS, "feedback") == "channel"
    assert scope_of_stop(Channel.EMAIL, "feedback") == "feedback"
    assert scope_of_stop(Channel.EMAIL, "marketing") == "marketing"
    assert scope_of_stop(Channel.EMAIL, None) == "marketing"


def test_a_stop_is_said_for_the_contact_point_at_once_and_only_once(feedback: Feedback) -> None:
    feedback.knows(ANA)
    feedback.sent("survey")
    assert reply(feedback, "STOP") is TakenAs.STOP
    assert reply(feedback, "STOP") is None  # the provider delivers its webhook again
    (said,) = feedback.published("optout.requested.v1")
    assert (said["channel"], said["scope"], said["guest_id"]) == ("sms", "channel", str(ANA))
    assert said["point"] == feedback.point("sms", NUMBER)


def test_a_stop_from_a_number_nobody_knows_still_counts(feedback: Feedback) -> None:
    assert reply(feedback, "STOP", number="+351910000999") is TakenAs.STOP
    (said,) = feedback.published("optout.requested.v1")
    assert said["guest_id"] is None


@pytest.mark.parametrize(
    "text", ["we'll stop by at six", "The bus stop is near", "La planta baja", "cancel my booking"]
)
def test_a_sentence_that_merely_contains_a_stop_word_opens_no_case(feedback: Feedback, text: str) -> None:
    feedback.knows(ANA)
    feedback.sent("survey")
    assert reply(feedback, text) is TakenAs.WORDS
    assert feedback.published("optout.requested.v1") == []
    assert feedback.published("case.opened.v1") == []


def test_a_sentence_that_means_stop_is_one(feedback: Feedback) -> None:
    feedback.knows(ANA)
    assert reply(feedback, "please take me off your list") is TakenAs.STOP
    assert len(feedback.published("optout.requested.v1")) == 1


def test_a_score_and_a_stop_in_one_reply_both_count(feedback: Feedback) -> None:
    feedback.knows(ANA)
    feedback.sent("survey")
    assert reply(feedback, "9 STOP") is TakenAs.STOP
    assert [answer["score"] for answer in feedback.published("survey.answered.v1")] == [9]
    assert len(feedback.published("optout.requested.v1")) == 1


def test_of_two_guests_on_one_number_the_one_written_to_last_answers(feedback: Feedback) -> None:
    feedback.knows(ANA)
    feedback.knows(BEN)
    feedback.sent("to ben", guest=BEN)
    assert reply(feedback, "9") is TakenAs.SCORE
    (answer,) = feedback.published("survey.answered.v1")
    assert answer["guest_id"] == str(BEN)


def test_a_second_number_changes_the_answer_and_is_words_once_it_is_final(feedback: Feedback) -> None:
    feedback.knows(ANA)
    feedback.sent("survey")
    assert reply(feedback, "9") is TakenAs.SCORE
    assert reply(feedback, "3", ref="SM2") is TakenAs.SCORE
    assert reply(feedback, "1", ref="SM3", at=AT + timedelta(hours=72)) is TakenAs.WORDS
    assert [answer["score"] for answer in feedback.published("survey.answered.v1")] == [9, 3]


def test_what_a_guest_wrote_rests_sealed(feedback: Feedback) -> None:
    feedback.knows(ANA)
    reply(feedback, "The pillows were hard")
    ((text,),) = feedback.all("select text_sealed from reply")
    assert text.startswith("sealed:")
    assert feedback.database.keyring.open(text, Sealing.WORDS) == "The pillows were hard"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, [text.strip(".! ")]) for text in ("YES", "Yes!", "y", "JA", "oui", "Si", "Sí", "是", "Tak.")),
        *((text, []) for text in ("Yes, but not now", "No", "yes it was lovely", "STOP", "y el desayuno")),
    ],
)
def test_a_bare_yes_by_text_message_is_published(feedback: Feedback, text: str, said: list[str]) -> None:
    for _ in range(2):
        with feedback.tx() as tx:
            point = feedback.point("sms", NUMBER)
            receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=point, text=text), AT)
    with feedback.tx() as tx:
        receive_reply(tx, Reply(ref="2", channel=Channel.EMAIL, point="email.1:x", text=text), AT)
    assert [one["words"] for one in feedback.published("reply.affirmed.v1")] == said
