"""What guests say, by topic: counted as it comes, corrected by the hotel, found behind each figure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.correct_score import correct_score
from services.feedback.commands.heard.correcting import NoText, correct_text
from services.feedback.commands.heard.understanding import hear_what_was_there
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.rules.improvements import Span, spans_of
from services.feedback.service import SERVICE
from services.feedback.store.stays import KEEP as KEEP_STAYS
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.errors import InputError
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ANA, DINA, MARTA, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, STAY, Feedback
from tests.web import Browser, browser, words

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TALLIED = """
    select property, day, kind, topic, feeling, sum(texts)::int from topic_tally
    group by 1, 2, 3, 4, 5 having sum(texts) <> 0 order by 1, 2, 3, 4, 5
"""
COUNTED = """
    select property, day, kind, topic, feeling, count(*)::int from heard_topic where property is not null
    group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""
FEELINGS = "select topic, feeling from heard_topic order by 1"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    return feedback


def page(feedback: Feedback, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who, at=AT + timedelta(days=1))


def answered(feedback: Feedback, comment: str | None, *, what: str = "one", score: int = 9, at: datetime = AT) -> UUID:
    message = feedback.sent(what, at=at)
    with feedback.tx() as tx:
        return answer_survey(tx, message, score, comment, Channel.EMAIL, at)


def replied(feedback: Feedback, text: str, ref: str = "r1") -> UUID:
    reply = Reply(ref=ref, channel=Channel.SMS, point=feedback.point("sms", NUMBER), text=text)
    with feedback.tx() as tx:
        receive_reply(tx, reply, AT)
    return reply.reply_id


def agrees(feedback: Feedback) -> None:
    assert feedback.all(TALLIED) == feedback.all(COUNTED)


def stayed(feedback: Feedback, stay: UUID, departure: date, hotel: str = "LIS") -> None:
    days = {"arrival": [departure - timedelta(days=2)], "departure": [departure]}
    columns = {
        "stay_id": [stay],
        "version": [1],
        "property": [hotel],
        "guest_id": [ANA],
        "reservation": ["LIS-1"],
        "room_type": [""],
        **days,
    }
    with feedback.tx() as tx:
        tx.execute(KEEP_STAYS, {**columns, "status": ["checked_out"]})


def test_the_words_of_an_answer_and_a_reply_count_by_topic_as_they_come(feedback: Feedback) -> None:
    answered(feedback, "The room was spotless")
    replied(feedback, "The wifi did not work")
    assert feedback.all(TALLIED) == [
        ("LIS", AT.date(), "comment", "", "positive", 1),
        ("LIS", AT.date(), "comment", "cleanliness", "positive", 1),
        ("LIS", AT.date(), "comment", "room", "positive", 1),
        ("LIS", AT.date(), "reply", "", "negative", 1),
        ("LIS", AT.date(), "reply", "wifi", "negative", 1),
    ]
    agrees(feedback)


def test_what_comes_twice_counts_once_and_a_changed_comment_as_it_is_now(feedback: Feedback) -> None:
    for _ in range(2):
        replied(feedback, "The wifi did not work")
        answered(feedback, "The room was dirty")
    answered(feedback, "The breakfast was delicious")
    assert feedback.all("select topic, feeling from heard_topic where kind = 'comment' order by 1") == [
        ("", "positive"),
        ("food", "positive"),
    ]
    assert feedback.one("select count(*) from heard_text") == 2
    agrees(feedback)


def test_an_answer_that_was_none_counts_nowhere(feedback: Feedback) -> None:
    answered(feedback, "The room was dirty")
    with feedback.tx() as tx:
        correct_score(tx, make_id("message", "one"), None, by="Dina", at=AT)
    assert feedback.all(TALLIED) == [] and feedback.one("select count(*) from heard_text") == 0


def test_words_from_before_are_understood_by_the_clock_in_sets_and_once(feedback: Feedback) -> None:
    answered(feedback, "The room was dirty")
    replied(feedback, "The wifi did not work")
    kept = feedback.all(TALLIED)
    with feedback.tx() as tx:
        tx.execute("delete from heard_topic")
        tx.execute("delete from heard_text")
        tx.execute("update survey_answer set is_heard = false")
        tx.execute("update reply set is_heard = false")
    clock = next(one for one in SERVICE.clocks(feedback.database, Config(), VirtualClock(AT)) if one.name == "alerts")
    assert clock.next_due() == AT
    assert clock.step(AT) == 2 and clock.step(AT) == 0
    assert clock.next_due() is None or clock.next_due() != AT
    assert feedback.all(TALLIED) == kept
    agrees(feedback)


def test_words_whose_key_is_gone_are_passed_over_for_good(feedback: Feedback) -> None:
    answered(feedback, "The room was dirty")
    with feedback.tx() as tx:
        tx.execute("update survey_answer set is_heard = false, comment_sealed = 'sealed:k9:broken'")
        assert hear_what_was_there(tx, AT) == 1 and hear_what_was_there(tx, AT) == 0


def test_what_a_person_found_counts_at_once_and_stays(feedback: Feedback) -> None:
    answer = answered(feedback, "The room was dirty")
    found = {"": "neutral", "noise": "negative"}
    with feedback.tx() as tx:
        assert correct_text(tx, answer, found, by="Dina", at=AT)
        assert not correct_text(tx, answer, found, by="Dina", at=AT)
    assert feedback.all(FEELINGS) == [("", "neutral"), ("noise", "negative")]
    agrees(feedback)
    answered(feedback, "The room was very dirty")
    assert feedback.all(FEELINGS) == [("", "neutral"), ("noise", "negative")], "a later reading changes nothing"
    before, after, by = feedback.all("select before, after, by_name from heard_correction")[0]
    assert (before, after, by) == ({"": "negative", "cleanliness": "negative", "room": "negative"}, found, "Dina")


@pytest.mark.parametrize("found", [{}, {"noise": "negative"}, {"": "glad"}, {"": "neutral", "moon": "negative"}])
def test_a_correction_names_a_feeling_of_the_whole_and_topics_that_there_are(
    feedback: Feedback, found: dict[str, str]
) -> None:
    answer = answered(feedback, "The room was dirty")
    with feedback.tx() as tx, pytest.raises(InputError):
        correct_text(tx, answer, found, by="Dina", at=AT)
    with feedback.tx() as tx, pytest.raises(NoText):
        correct_text(tx, make_id("none"), {"": "neutral"}, by="Dina", at=AT)


def test_a_figure_opens_its_texts_and_a_text_is_corrected_on_its_page(feedback: Feedback) -> None:
    answer = answered(feedback, "The room was dirty, write me at ana@example.com")
    marta = page(feedback)
    matrix = marta.get("/feedback/answers").text
    assert "/feedback/texts?days=90&amp;topic=cleanliness&amp;feeling=negative" in matrix
    shown = words(marta.get("/feedback/texts?days=90&topic=cleanliness&feeling=negative"))
    assert "The room was dirty" in shown and "ana@example.com" not in shown
    assert "The room was dirty" not in words(marta.get("/feedback/texts?topic=cleanliness&feeling=positive"))
    assert "The room was dirty" not in words(marta.get("/feedback/texts?kind=review"))
    dina = page(feedback, DINA)
    dina.get(f"/feedback/texts/{answer}")
    dina.post(f"/feedback/texts/{answer}", {"whole": "negative", "topic_noise": "negative"})
    assert feedback.all(FEELINGS) == [("", "negative"), ("noise", "negative")]
    assert "corrected by" in words(marta.get("/feedback/texts"))


def test_somebody_of_another_hotel_sees_and_corrects_none_of_it(feedback: Feedback) -> None:
    answer = answered(feedback, "The room was dirty")
    wei = page(feedback, WEI)
    assert "dirty" not in words(wei.get("/feedback/texts?days=365")) and "dirty" not in words(
        wei.get("/feedback/answers")
    )
    assert wei.get(f"/feedback/texts/{answer}").status_code == 404
    assert wei.post(f"/feedback/texts/{answer}", {"whole": "positive"}).status_code == 404


def test_of_an_erased_guest_the_figure_stays_and_the_words_go(feedback: Feedback) -> None:
    answered(feedback, "The room was dirty")
    feedback.erased(ANA, 2)
    agrees(feedback)
    assert len(feedback.all(TALLIED)) == 3
    shown = words(page(feedback).get("/feedback/texts"))
    assert "dirty" not in shown and "The words were erased; what they came to still counts." in shown


def test_the_texts_are_read_page_by_page(feedback: Feedback) -> None:
    for number in range(1, 36):
        answered(feedback, f"Room {number} was dirty", what=f"survey {number}", at=AT + timedelta(minutes=number))
    marta = page(feedback)
    first = marta.get("/feedback/texts?topic=room&feeling=negative")
    assert "Room 35 was" in words(first) and "Room 5 was" not in words(first)
    after = first.text.split("after=")[1].split('"')[0]
    second = words(marta.get(f"/feedback/texts?topic=room&feeling=negative&after={after}"))
    assert "Room 5 was" in second and "Room 6 was" not in second and "Room 1 was" in second


def test_scores_are_told_by_language_and_the_response_rate_by_month(feedback: Feedback) -> None:
    stayed(feedback, STAY, AT.date() - timedelta(days=1))
    answered(feedback, None, score=10)
    shown = words(page(feedback).get("/feedback/answers"))
    assert "English 100 74 1" in shown and "100% of 1" in shown
    assert feedback.all("select distinct language from voice_tally") == [("en",)]


BY_HAND = "/feedback/answers/by-hand"


def enter(who: Browser, **more: str) -> TestResponse:
    form = {"guest": str(ANA), "stay": str(STAY), "score": "4", "day": "2026-11-20", "comment": "The room was dirty"}
    who.get(f"{BY_HAND}?guest={ANA}")
    return who.post(BY_HAND, {**form, **more})


def test_an_answer_on_paper_is_the_answer_of_the_stay(feedback: Feedback) -> None:
    stayed(feedback, STAY, AT.date())
    dina = page(feedback, DINA)
    enter(dina)
    enter(dina)
    assert feedback.all("select score, channel, entered_by, answered_at::date from survey_answer") == [
        (4, "by_hand", DINA.name, AT.date())
    ]
    (said,) = feedback.published("survey.answered.v1")
    assert (said["by_hand"], said["score"]) == (True, 4)
    assert feedback.one("select count(*) from care_case") == 1
    assert ("", "negative") in feedback.all(FEELINGS)
    agrees(feedback)


def test_a_desk_in_shanghai_enters_todays_answer_before_eight_in_the_morning(feedback: Feedback) -> None:
    morning = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # seven, on the 21st
    stayed(feedback, STAY, date(2026, 11, 23), "SHA")
    with feedback.tx() as tx:
        tx.execute("update stay_known set arrival = '2026-11-21', status = 'checked_in'")
        tx.execute(
            "insert into property_known (code, version, name, zone, survey_threshold) values "
            "('SHA', 1, 'Shanghai', 'Asia/Shanghai', 6)"
        )
    wei = browser(SERVICE.build_web, Config(), feedback.database, WEI, at=morning)
    form = wei.get(f"{BY_HAND}?guest={ANA}").text
    assert 'value="2026-11-21"' in form and str(STAY) in form
    assert "not later than today" in words(enter(wei, day="2026-11-22"))
    enter(wei, day="2026-11-21")
    assert feedback.all("select day, answered_at from survey_answer") == [(date(2026, 11, 21), morning)]


def test_it_may_be_put_right_for_a_while_and_a_guests_own_answer_is_not_replaced(feedback: Feedback) -> None:
    stayed(feedback, STAY, AT.date())
    dina = page(feedback, DINA)
    enter(dina)
    enter(dina, score="8", comment="")
    assert feedback.all("select score, comment_sealed from survey_answer") == [(8, None)]
    assert feedback.all(TALLIED) == []
    other = make_id("stay", "other")
    stayed(feedback, other, AT.date())
    message = feedback.sent("survey", stay=other, at=AT)
    with feedback.tx() as tx:
        answer_survey(tx, message, 10, None, Channel.EMAIL, AT)
    assert "This stay has its answer already." in words(enter(dina, stay=str(other)))
    assert feedback.one("select score from survey_answer where stay_id = %s", other) == 10


def test_a_guest_who_answers_the_survey_after_all_changes_the_one_answer(feedback: Feedback) -> None:
    stayed(feedback, STAY, AT.date())
    enter(page(feedback, DINA))
    message = feedback.sent("survey", stay=STAY, at=AT)
    with feedback.tx() as tx:
        answer_survey(tx, message, 9, None, Channel.EMAIL, AT + timedelta(hours=30))
    assert feedback.all("select score from survey_answer") == [(9,)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"day": "2026-12-24"}, "not later than today"),
        ({"score": "11"}, "from 0 to 10"),
        ({"stay": ""}, "Choose the stay"),
        ({"stay": "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"}, "Choose the stay"),
    ],
)
def test_what_cannot_be_an_answer_is_told_at_its_field(feedback: Feedback, wrong: dict[str, str], told: str) -> None:
    stayed(feedback, STAY, AT.date())
    assert told in words(enter(page(feedback, DINA), **wrong))
    assert feedback.one("select count(*) from survey_answer") == 0


def test_a_stay_of_last_year_takes_no_answer(feedback: Feedback) -> None:
    stayed(feedback, STAY, date(2025, 11, 1))
    assert "too long ago" in words(enter(page(feedback, DINA)))


def test_before_and_after_are_of_one_length() -> None:
    today = date(2026, 11, 20)
    before, after = spans_of(date(2026, 10, 1), date(2026, 11, 9), today)
    assert before == Span(date(2026, 9, 21), date(2026, 9, 30)) and after == Span(
        date(2026, 11, 10), date(2026, 11, 19)
    )
    assert spans_of(date(2026, 10, 1), None, today)[1] is None
    assert spans_of(date(2026, 10, 1), date(2026, 11, 19), today)[1] is None, "no day of it is over"
    assert spans_of(date(2020, 1, 1), date(2020, 2, 1), today)[1] == Span(date(2020, 2, 2), date(2020, 5, 1))


def test_an_improvement_shows_what_guests_said_before_and_after(feedback: Feedback) -> None:
    def said(what: str, comment: str, score: int, day: date) -> None:
        answered(feedback, comment, what=what, score=score, at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    said("before", "The wifi did not work", 3, date(2026, 10, 28))
    said("under way", "The wifi did not work", 3, date(2026, 11, 5))
    said("after", "The breakfast was delicious", 10, date(2026, 11, 15))
    dina = page(feedback, DINA)
    dina.get("/feedback/improvements")
    improvement = "5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7"
    form = {"id": improvement, "hotel": "LIS", "title": "New access points", "topic": "wifi", "started": "2026-11-01"}
    for _ in range(2):
        dina.post("/feedback/improvements", form)
    assert feedback.one("select count(*) from improvement") == 1
    done = {"version": "1", "done": "2026-11-10"}
    assert dina.post(f"/feedback/improvements/{improvement}", done).status_code == 200
    assert dina.post(f"/feedback/improvements/{improvement}", done).status_code == 409
    shown = words(dina.get("/feedback/improvements"))
    assert "100% 1 of 1 texts" in shown and "0% 0 of 1 texts" in shown and "−100 ±" in shown and "+100 ±" in shown
    wei = page(feedback, WEI)
    assert "New access points" not in words(wei.get("/feedback/improvements"))
    assert wei.post(f"/feedback/improvements/{improvement}", {"version": "2", "done": ""}).status_code == 404


def test_an_answer_by_hand_is_sealed(feedback: Feedback) -> None:
    stayed(feedback, STAY, AT.date())
    enter(page(feedback, DINA))
    sealed = feedback.one("select comment_sealed from survey_answer")
    assert feedback.database.keyring.open(sealed, Sealing.WORDS) == "The room was dirty"
