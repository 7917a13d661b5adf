"""What guests write back, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.rules.replies import TakenAs, read_reply, scope_of_stop, without_quotes
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


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        " stop. ",
        "Stop!!",
        "StopAll",
        "UNSUBSCRIBE",
        "cancel",
        "END",
        "quit",
        "REVOKE",
        "optout",
        "Opt out",
        "opt-out",
        "ARRÊT",
        "arret",
        "Parar",
        "SAIR",
        "BAJA",
        "Stopp",
        "abmelden",
        "退订",
        "TD",
        "ＴＤ",
        "T",
        "r",
        "стоп",
    ],
)
def test_a_stop_word_and_nothing_else_is_a_stop(text: str) -> None:
    assert read_reply(text, survey_open=True).taken_as is TakenAs.STOP


@pytest.mark.parametrize(
    "text",
    [
        "we'll stop by at six",
        "Please stop texting me",
        "at the end of the week",
        "请帮我退订谢谢",
        "não quero parar aqui",
    ],
)
def test_a_sentence_that_contains_a_stop_word_is_for_a_person(text: str) -> None:
    assert read_reply(text, survey_open=True).taken_as is TakenAs.STOP_INSIDE


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("9", 9, None),
        (" 10 ", 10, None),
        ("9 but the pillows were hard", 9, "but the pillows were hard"),
        ("0!", 0, None),
        ("８", 8, None),
        ("7/10", 7, None),
        ("8, obrigada", 8, "obrigada"),
        ("9分", 9, None),
        ("九分", 9, None),
        ("十分", 10, None),
        ("nine", 9, None),
        ("Nine!", 9, None),
        ("Fünf", 5, None),
        ("nine but noisy", 9, "but noisy"),
        ("ten out of ten", 10, None),
        ("9 out of 10, lovely", 9, "lovely"),
    ],
)
def test_a_number_answers_an_open_survey(text: str, score: int, comment: str | None) -> None:
    reading = read_reply(text, survey_open=True)
    assert (reading.taken_as, reading.score, reading.comment) == (TakenAs.SCORE, score, comment)
    assert read_reply(text, survey_open=False).taken_as is TakenAs.WORDS


@pytest.mark.parametrize(
    "text",
    [
        *("11", "100", "9th floor", "room 9", "", "-1", "thank you", "nonstop fun", "T-shirt", "很好", "十分满意"),
        *("2 nights were not enough", "3晚都很吵", "one of the best stays", "seven of us came"),
    ],
)
def test_other_words_are_words(text: str) -> None:
    assert read_reply(text, survey_open=True).taken_as is TakenAs.WORDS


@pytest.mark.parametrize("text", ["HELP", "help!", "Info", "ajuda", "Hilfe", "帮助"])
def test_a_call_for_help_is_known(text: str) -> None:
    assert read_reply(text, survey_open=True).taken_as is TakenAs.HELP


def test_the_message_a_mail_quotes_is_not_the_guests_word() -> None:
    mail = "9 great\n\nOn Mon, Ana Silva wrote:\n> reply STOP to end"
    assert without_quotes(mail) == "9 great"
    assert read_reply(mail, survey_open=True).score == 9


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


def test_a_sentence_with_stop_in_it_opens_a_case_and_ends_nothing(feedback: Feedback) -> None:
    feedback.knows(ANA)
    feedback.sent("survey")
    assert reply(feedback, "we'll stop by at six") is TakenAs.STOP_INSIDE
    assert feedback.published("optout.requested.v1") == []
    (case,) = feedback.published("case.opened.v1")
    assert (case["kind"], case["guest_id"], case["open"]) == ("follow_up", str(ANA), True)


def test_a_sentence_with_stop_in_it_reaches_a_person_where_two_guests_share_the_number(feedback: Feedback) -> None:
    feedback.knows(ANA)
    feedback.knows(BEN)
    assert reply(feedback, "please stop texting me") is TakenAs.STOP_INSIDE
    assert len(feedback.published("case.opened.v1")) == 1


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
