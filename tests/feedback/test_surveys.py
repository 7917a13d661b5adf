"""Survey answers and the cases they open; what feedback keeps of what it hears."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from services.feedback.commands.answer_survey import AnsweredBefore, NoSurvey, SurveyClosed, answer_survey
from services.feedback.commands.cases import NotOpen, Opening, close_case, open_case
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.queries.present_state import all_answers
from services.feedback.rules.cases import Outcome
from shared.bus.republish import republish
from shared.crypto.purposes import Sealing
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.messaging import MessageSkipped
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, STAY, Feedback, state


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    return Feedback(make_database("feedback"))


def answer(feedback: Feedback, message_id: UUID, score: int, comment: str | None = None, at: datetime = AT) -> UUID:
    with feedback.tx() as tx:
        return answer_survey(tx, message_id, score, comment, Channel.EMAIL, at)


def test_an_answer_is_said_with_the_stay_it_is_about(feedback: Feedback) -> None:
    answer(feedback, feedback.sent("survey", stay=STAY), 9, "Lovely")
    (said,) = feedback.published("survey.answered.v1")
    assert (said["guest_id"], said["stay_id"], said["property"], said["score"]) == (str(ANA), str(STAY), "LIS", 9)
    assert feedback.database.keyring.open(said["comment"], Sealing.WORDS) == "Lovely"
    assert feedback.published("case.opened.v1") == []


def test_an_answer_names_the_survey_that_was_answered_also_changed_by_another_and_said_again(
    feedback: Feedback,
) -> None:
    """By it a journey knows the answer to its own survey."""
    by_sms, by_mail = feedback.sent("survey", stay=STAY), feedback.sent("survey by mail", channel="email", stay=STAY)
    answer(feedback, by_sms, 9)
    answer(feedback, by_mail, 3)
    republish(feedback.database, all_answers, AT + timedelta(hours=1))
    said = feedback.published("survey.answered.v1")
    assert [(one["version"], one["message_id"]) for one in said] == [(one, str(by_sms)) for one in (1, 2, 2)]


def test_the_surveys_of_a_stay_have_one_answer_which_may_be_changed_for_a_while(feedback: Feedback) -> None:
    by_sms, by_mail = feedback.sent("survey", stay=STAY), feedback.sent("survey by mail", channel="email", stay=STAY)
    first = answer(feedback, by_sms, 9, "Lovely")
    assert answer(feedback, by_mail, 8, at=AT + timedelta(hours=71)) == first
    said = feedback.published("survey.answered.v1")
    assert [(one["answer_id"], one["version"], one["score"]) for one in said] == [
        (str(first), 1, 9),
        (str(first), 2, 8),
    ]
    assert said[1]["answered_at"] == said[0]["answered_at"]
    assert feedback.database.keyring.open(said[1]["comment"], Sealing.WORDS) == "Lovely"
    assert feedback.all("select before, after, by_name from score_correction") == [(9, 8, None)]
    with pytest.raises(AnsweredBefore):
        answer(feedback, by_sms, 1, at=AT + timedelta(hours=72))


def test_the_same_answer_twice_is_one_answer(feedback: Feedback) -> None:
    survey = feedback.sent("survey")
    first = answer(feedback, survey, 9, "Lovely")
    for _ in range(2):
        assert answer(feedback, survey, 9, "Lovely", at=AT + timedelta(days=9)) == first
    assert len(feedback.published("survey.answered.v1")) == 1


def test_a_changed_answer_moves_the_figure_and_opens_a_case_once(feedback: Feedback) -> None:
    survey = feedback.sent("survey")
    for score in (9, 2, 0, 10):
        answer(feedback, survey, score)
    promoters, detractors = "sum(promoters)::int", "sum(detractors)::int"
    assert feedback.all(f"select span, {promoters}, {detractors} from voice_tally group by span order by span") == [
        (date(2016, 3, 1), 1, 0),
        (date(9999, 12, 31), 1, 0),
    ]
    assert [case["level"] for case in feedback.published("case.opened.v1")] == [3]


def test_a_survey_closes_a_season_after_it_was_sent(feedback: Feedback) -> None:
    survey = feedback.sent("survey")
    with pytest.raises(SurveyClosed):
        answer(feedback, survey, 0, at=AT + timedelta(days=90))
    assert feedback.published("survey.answered.v1") == feedback.published("case.opened.v1") == []
    assert feedback.all("select * from voice") == []


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_off_the_scale_is_refused(feedback: Feedback, score: int) -> None:
    with pytest.raises(InputError, match="score"):
        answer(feedback, feedback.sent("survey"), score)


def test_only_a_survey_that_was_sent_can_be_answered(feedback: Feedback) -> None:
    marketing = feedback.sent("win-back", purpose="marketing")
    skipped = make_id("message", "skipped")
    feedback.hear(chunk_of([state(MessageSkipped, skipped, ANA, "feedback", None, "skipped")]))
    for message_id in (marketing, skipped, make_id("message", "never heard of")):
        with pytest.raises(NoSurvey):
            answer(feedback, message_id, 9)


@pytest.mark.parametrize(("score", "level"), [(8, 1), (7, 1), (5, 2), (2, 3), (0, 3), (9, None)])
def test_a_score_at_or_below_the_propertys_threshold_opens_a_follow_up(
    feedback: Feedback, score: int, level: int | None
) -> None:
    feedback.property_says(threshold=8)
    answer(feedback, feedback.sent("survey"), score)
    assert [case["level"] for case in feedback.published("case.opened.v1")] == ([level] if level else [])


def test_the_newest_threshold_counts_in_whatever_order_it_was_heard(feedback: Feedback) -> None:
    feedback.property_says(threshold=3, version=2)
    feedback.property_says(threshold=8, version=1)
    answer(feedback, feedback.sent("survey"), 5)
    assert feedback.published("case.opened.v1") == []


def test_a_case_is_opened_once_and_closed_once(feedback: Feedback) -> None:
    opening = Opening(ref="desk:1", guest_id=ANA, reason=CaseReason.DESK, kind=CaseKind.COMPLAINT, level=2)
    with feedback.tx() as tx:
        case_id = open_case(tx, opening, AT)
        assert open_case(tx, opening, AT) == case_id
        close_case(tx, case_id, Outcome.COMPENSATED, AT, by="Dina Duarte")
    with pytest.raises(NotOpen), feedback.tx() as tx:
        close_case(tx, case_id, Outcome.EXPLAINED, AT, by="Dina Duarte")
    opened, closed = feedback.published("case.opened.v1"), feedback.published("case.closed.v1")
    assert [(case["version"], case["open"]) for case in opened + closed] == [(1, True), (2, False)]


def test_an_older_state_of_a_guest_changes_nothing(feedback: Feedback) -> None:
    feedback.knows(ANA, 2, number="+351910000002")
    feedback.knows(ANA, 1)
    assert feedback.all("select version, numbers from guest_known") == [(2, [feedback.point("sms", "+351910000002")])]


def test_the_words_of_an_erased_guest_go_and_nothing_brings_the_guest_back(feedback: Feedback) -> None:
    feedback.knows(ANA)
    answer(feedback, feedback.sent("survey"), 2, "I was ill")
    with feedback.tx() as tx:
        receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=feedback.point("sms", NUMBER), text="Call me"), AT)
    feedback.erased(ANA, 5)
    feedback.knows(ANA, 4)
    feedback.knows(ANA, 6)
    assert feedback.all("select emails, numbers, gone from guest_known") == [([], [], True)]
    assert feedback.all("select text_sealed, point, guest_id from reply") == [(None, "", None)]
    assert feedback.all("select score, comment_sealed from survey_answer") == [(2, None)]
    (said,) = feedback.published("guest.forgotten.v1")
    assert (said["guest_id"], said["service"], said["version"]) == (str(ANA), "feedback", 5)


def test_a_guest_erased_before_being_heard_of_stays_erased(feedback: Feedback) -> None:
    feedback.erased(ANA, 3)
    feedback.knows(ANA, 2)
    assert feedback.all("select gone, emails from guest_known") == [(True, [])]
