"""The seeded guests: the same seed, the same answers, at the hour they come."""

from __future__ import annotations

from datetime import timedelta

from guestloop.simulation.guests import LATEST_ANSWER, AnsweringGuests, answer_to
from services.feedback.store.messages import SentMessage
from shared.ids import make_id
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback


def heard(number: int, purpose: str = "feedback", point: str | None = "a1") -> SentMessage:
    return SentMessage(
        seq=number,
        message_id=make_id("message", number),
        guest_id=ANA,
        purpose=purpose,
        channel="email",
        sent_at=AT,
        point=point,
        language="en",
    )


def test_about_a_quarter_answers_a_survey_and_one_in_a_hundred_says_stop() -> None:
    answers = [answer for number in range(4000) if (answer := answer_to(heard(number), seed=1))]
    stops = [answer for answer in answers if answer.score is None]
    assert 20 <= len(stops) <= 60
    assert 900 <= len(answers) - len(stops) <= 1100
    assert all(AT < answer.at <= AT + LATEST_ANSWER for answer in answers)


def test_the_same_seed_gives_the_same_answers_and_another_gives_others() -> None:
    once, again, other = ([answer_to(heard(number), seed) for number in range(300)] for seed in (1, 1, 2))
    assert once == again != other


def test_nobody_scores_an_advertisement_or_answers_from_nowhere() -> None:
    assert all(
        answer is None or answer.score is None
        for answer in (answer_to(heard(number, "marketing"), seed=1) for number in range(1000))
    )
    assert answer_to(heard(1, point=None), seed=1) is None


def test_answers_come_in_when_they_are_due_and_each_once(make_database: MakeDatabase) -> None:
    feedback = Feedback(make_database("feedback"))
    feedback.knows(ANA)
    for number in range(60):
        feedback.sent(f"survey {number}")
    guests = AnsweringGuests(feedback.database, seed=3)
    first = guests.next_due()
    assert first is not None and first > AT
    assert guests.step(first - timedelta(seconds=1)) == 0
    assert guests.step(first) >= 1
    guests.step(AT + LATEST_ANSWER)
    assert guests.next_due() is None
    answered, stopped = feedback.published("survey.answered.v1"), feedback.published("optout.requested.v1")
    assert len(answered) + len(stopped) >= 8
    assert len({said["answer_id"] for said in answered}) == len(answered)
