"""Answers from the inbox: published once, followed by what became of them."""

from __future__ import annotations

from itertools import permutations

import pytest

from services.feedback.commands.inbox.answering import NoWayBack
from services.feedback.queries.inbox.waits import first_answers
from services.feedback.rules.inbox import filled, message_id_in, subject_of_answer, unfilled
from shared.crypto.purposes import Sealing
from shared.events import chunk_of
from shared.events.messaging import MessageBounced, MessageHeld, MessageSent, MessageSkipped
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, STAY, Feedback
from tests.feedback.inbox import (
    HOUR,
    STATE,
    answers,
    line,
    receipt,
    told,
    writes,
)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def test_an_answer_is_published_once_with_the_point_that_the_guest_wrote_from(feedback: Feedback) -> None:
    survey = feedback.sent("survey", stay=STAY)
    writes(feedback, "Is there a shuttle?", to=survey)
    answer_id = answers(feedback, "At nine.")
    answers(feedback, "At nine.", at=AT + 2 * HOUR)  # the form again
    (said,) = feedback.published("reply.answered.v1")
    assert said["message_id"] == str(answer_id) and said["guest_id"] == str(ANA)
    assert (said["channel"], said["point"]) == ("sms", feedback.point("sms", NUMBER))
    assert (said["stay_id"], said["language"], said["heard_at"]) == (str(STAY), "pt", "2016-03-02T10:00:00Z")
    assert (said["subject"], said["in_reply_to"]) == (None, None)
    assert feedback.database.keyring.open(said["words"], Sealing.ANSWER) == "At nine."
    assert said["useful_until"] > said["answered_at"]
    assert feedback.all(STATE) == [(False, False, None, None, None)]
    sealed = feedback.one("select words_sealed from thread_answer")
    assert feedback.database.keyring.open(sealed, Sealing.WORDS) == "At nine."


def test_what_a_guest_writes_while_somebody_answers_stays_unread(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    seen = line(feedback).heard_at
    writes(feedback, "And breakfast?", at=AT + HOUR)
    answers(feedback, seen=seen, at=AT + 2 * HOUR)
    assert feedback.all(STATE) == [(True, False, None, None, AT + HOUR)]


def test_nobody_is_answered_where_they_did_not_write(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    with pytest.raises(NoWayBack):
        answers(feedback, channel=Channel.EMAIL)
    assert feedback.published("reply.answered.v1") == []


def test_what_messaging_says_is_kept_by_version_in_whatever_order(feedback: Feedback) -> None:
    for order in permutations(range(3)):
        with feedback.tx() as tx:
            tx.execute("truncate thread, thread_answer, reply")
        writes(feedback, "Is there a shuttle?")
        answer_id = answers(feedback)
        events = [
            told(MessageHeld, answer_id, "held", 1, reason="quiet_hours", held_until=AT + 9 * HOUR),
            told(MessageSent, answer_id, "sent", 2),
            receipt(answer_id),
        ]
        for place in (*order, 0, 1):
            feedback.hear(chunk_of([events[place]]))
        found = feedback.all("select state, reason, receipt from thread_answer")
        assert found == [("sent", None, "delivered")], order
        assert not line(feedback).unread


@pytest.mark.parametrize("bounced", [False, True], ids=["skipped", "bounced"])
def test_an_answer_that_does_not_arrive_comes_back_unread_and_the_guest_waits_still(
    feedback: Feedback, bounced: bool
) -> None:
    writes(feedback, "Is there a shuttle?")
    answer_id = answers(feedback)
    lost = receipt(answer_id, MessageBounced, "bad_address")
    lost = lost if bounced else told(MessageSkipped, answer_id, "skipped", reason="suppressed")
    feedback.hear(chunk_of([lost]))
    assert feedback.all(STATE) == [(True, False, None, None, AT)]
    feedback.hear(chunk_of([lost]))  # again
    assert feedback.one("select version from thread") == 3


def test_a_guest_who_got_another_answer_does_not_wait_because_one_was_lost(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    first = answers(feedback, key="1")
    answers(feedback, "At nine.", key="2", at=AT + 2 * HOUR)
    feedback.hear(chunk_of([told(MessageSkipped, first, "skipped", reason="suppressed")]))
    assert feedback.one("select waits_since from thread") is None


def test_a_messages_fate_touches_no_thread_where_it_is_no_answer(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    before = feedback.all("select * from thread")
    feedback.sent("survey")
    assert feedback.all("select * from thread") == before


def test_how_long_guests_wait_is_counted_of_first_answers_that_were_sent(feedback: Feedback) -> None:
    survey = feedback.sent("survey")
    with feedback.tx() as tx:
        tx.execute("update message_known set property = 'LIS'")
    for place, wait in enumerate((1, 3, 20)):
        at = AT + place * 48 * HOUR
        writes(feedback, f"Question {place}?", at=at, to=survey)
        first = answers(feedback, key=f"{place}", at=at + wait * HOUR)
        feedback.hear(chunk_of([told(MessageSent, first, "sent")]))
        answers(feedback, key=f"{place} more", at=at + (wait + 1) * HOUR)  # no first one
    with feedback.tx() as tx:
        assert first_answers(tx, ["LIS", "SHA"], AT)["LIS"].median == 3 * HOUR
        assert first_answers(tx, ["LIS"], AT)["LIS"].n == 3
    lost = receipt(make_id("form", "2"), MessageBounced, "bad_address")
    feedback.hear(chunk_of([lost]))
    with feedback.tx() as tx:
        assert first_answers(tx, ["LIS"], AT)["LIS"].n == 2
        assert first_answers(tx, ["SHA"], AT) == {}


@pytest.mark.parametrize(
    ("subject", "of_answer"),
    [
        ("The pillow", "Re: The pillow"),
        ("RE: it", "RE: it"),
        ("回复：枕头", "回复：枕头"),
        (" \r\n ", None),
        ("Antw: x", "Antw: x"),
    ],
)
def test_an_answer_to_a_mail_has_its_subject(subject: str, of_answer: str | None) -> None:
    assert subject_of_answer(subject) == of_answer


def test_only_a_message_id_is_one() -> None:
    assert message_id_in("<42@guest.example>") == "<42@guest.example>"
    assert message_id_in("x\r\nBcc: all@example.com") is None
    assert message_id_in(f"<{'x' * 300}@guest.example>") is None


def test_values_that_are_not_known_stay_visible() -> None:
    text = filled("Dear {{ guest.name }} of {{hotel.name}}", {"guest.name": "Ana", "hotel.name": ""})
    assert text == "Dear Ana of {{hotel.name}}"
    assert unfilled(text) and not unfilled("Dear Ana, {{ so }}")
