"""Answers by room type, by segment and question by question: the days added up are what counting would find."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.correct_score import correct_score
from services.feedback.config import Config
from services.feedback.rules.top_two import TopTwo
from services.feedback.service import SERVICE
from shared.crypto.signing import LinkSigner
from shared.events import chunk_of
from shared.events.segments.audiences import AnswerAttributed
from shared.events.segments.guests import GuestMerged, GuestUnmerged
from shared.events.segments.stays import StayCheckedOut
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.stay import StayStatus
from tests.bench.pages import fill_of
from tests.cast import ANA, BEN, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback
from tests.feedback.questionnaires import NPS, publish, question, questionnaire
from tests.web import Browser, browser, words

DAY = timedelta(days=1)
AT = NOW - DAY
TALLIED = """
    select property, figure, part, day, number, sum(answers)::int from score_tally
    group by 1, 2, 3, 4, 5 having sum(answers) <> 0 order by 1, 2, 3, 4, 5
"""
LEAST = "case when score >= 9 then 9 when score >= 7 then 7 else 0 end"
COUNTED = f"""
    with last as (
        select distinct on (answer.property, coalesce(into_guest_id, answer.guest_id))
               answer.property, score, segments, coalesce(room_type, '') as room_type,
               (answered_at at time zone 'Europe/Lisbon')::date as day
        from survey_answer as answer left join guest_known using (guest_id) left join stay_known using (stay_id)
        order by answer.property, coalesce(into_guest_id, answer.guest_id), answered_at desc, answer_id
    )
    select property, 'answer' as figure, '' as part, (answered_at at time zone 'Europe/Lisbon')::date as day,
           {LEAST} as number, count(*)::int
    from survey_answer group by 1, 2, 3, 4, 5
    union all
    select property, 'room_type', room_type, day, {LEAST}, count(*)::int from last group by 1, 2, 3, 4, 5
    union all
    select property, 'segment', segment, day, {LEAST}, count(*)::int from last, unnest(segments) as segment
    group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5
"""


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=0)
    for guest in (ANA, BEN):
        feedback.knows(guest, language="en")
    return feedback


def as_(feedback: Feedback, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def stay_of(what: str) -> UUID:
    return make_id("stay", what)


def stayed(feedback: Feedback, what: str, room_type: str, *, guest: UUID = ANA, version: int = 1) -> None:
    stay = StayCheckedOut(
        stay_id=stay_of(what), version=version, guest_id=guest, property="LIS", zone="Europe/Lisbon", reservation=what,
        status=StayStatus.CHECKED_OUT, booked_at=AT, arrival=AT.date() - 2 * DAY, departure=AT.date(),
        checked_in_at=None, checked_out_at=AT, ended_at=None, nights=2, booking_channel=None, muted=False,
        occurred_at=AT, room_type=room_type,
    )  # fmt: skip
    feedback.hear(chunk_of([stay]))


def answered(feedback: Feedback, what: str, score: int, *, guest: UUID = ANA, at: datetime = AT) -> UUID:
    message = feedback.sent(what, guest=guest, at=at)
    with feedback.tx() as tx:
        return answer_survey(tx, message, score, None, Channel.EMAIL, at)


def attributed(feedback: Feedback, answer: UUID, *segments: str, guest: UUID = ANA) -> None:
    told = AnswerAttributed(answer_id=answer, version=1, guest_id=guest, segments=list(segments), answered_at=AT)
    feedback.hear(chunk_of([told]))


def agrees(feedback: Feedback) -> None:
    assert feedback.all(TALLIED) == feedback.all(COUNTED)


def test_an_answer_counts_for_the_room_type_of_its_stay_whichever_comes_first(feedback: Feedback) -> None:
    stayed(feedback, "one", "Suite")
    answered(feedback, "one", 10)
    answered(feedback, "two", 3, guest=BEN)
    assert "By room type" in words(as_(feedback).get("/feedback/answers"))
    stayed(feedback, "two", "海景房", guest=BEN)
    stayed(feedback, "two", "海景房", guest=BEN)
    agrees(feedback)
    shown = words(as_(feedback).get("/feedback/answers"))
    assert "Suite 100 74 1" in shown and "海景房 -100 74 1" in shown
    stayed(feedback, "one", "Garden", version=2)  # moved into another room
    stayed(feedback, "one", "Suite", version=1)
    agrees(feedback)
    assert "Garden 100 74 1" in words(as_(feedback).get("/feedback/answers"))
    assert "Garden" not in words(as_(feedback, WEI).get("/feedback/answers"))


def test_a_stay_that_was_known_before_room_types_learns_its_own_when_it_is_published_again(feedback: Feedback) -> None:
    stayed(feedback, "one", "")
    answered(feedback, "one", 9)
    assert "By room type" not in words(as_(feedback).get("/feedback/answers")), "nothing to tell apart"
    stayed(feedback, "one", "Suite")
    agrees(feedback)
    assert "Suite 100 74 1" in words(as_(feedback).get("/feedback/answers"))


def test_room_types_of_few_answers_stand_together(feedback: Feedback) -> None:
    for number in range(20):
        guest = make_id("guest", number)
        stayed(feedback, f"stay {number}", f"Type {number:02}", guest=guest)
        answered(feedback, f"stay {number}", 9, guest=guest)
    shown = words(as_(feedback).get("/feedback/answers"))
    assert "Type 14 100" in shown and "Type 15" not in shown and "5 other room types 100 45 5" in shown


def test_a_segment_is_split_by_who_was_in_it_then_and_only_where_it_is_picked(feedback: Feedback) -> None:
    attributed(feedback, answered(feedback, "one", 10), "gold", "long-stays")
    other = answered(feedback, "two", 2, guest=BEN)
    attributed(feedback, other, "long-stays", guest=BEN)
    attributed(feedback, other, "long-stays", guest=BEN)
    agrees(feedback)
    marta = as_(feedback)
    assert 'value="gold"' in marta.get("/feedback/answers").text
    assert "NPS of Casa do Tejo Lisboa by segment" not in marta.get("/feedback/answers").text
    shown = words(marta.get("/feedback/answers?segment=long-stays&segment=unheard-of"))
    assert "long-stays 0 73 2" in shown and "gold 100" not in shown
    tabs = marta.get("/feedback/answers?segment=gold").text
    assert "?days=365&amp;segment=gold" in tabs and 'value="gold" checked' in tabs
    assert 'value="gold"' not in as_(feedback, WEI).get("/feedback/answers").text


def test_at_most_so_many_segments_are_shown_at_once(feedback: Feedback) -> None:
    keys = [f"segment-{number}" for number in range(9)]
    attributed(feedback, answered(feedback, "one", 10), *keys)
    asked = "&".join(f"segment={key}" for key in keys)
    assert as_(feedback).get(f"/feedback/answers?{asked}").text.count(" checked>") == 6


def test_parts_agree_with_counting_through_corrections_and_merges(feedback: Feedback) -> None:
    for what, room, guest in (("one", "Suite", ANA), ("two", "Garden", BEN), ("three", "Suite", BEN)):
        stayed(feedback, what, room, guest=guest)
    first = answered(feedback, "one", 10, at=AT - 9 * DAY)
    attributed(feedback, first, "gold")
    second = answered(feedback, "two", 6, guest=BEN, at=AT - 5 * DAY)
    attributed(feedback, second, "gold", "locals", guest=BEN)
    third = answered(feedback, "three", 8, guest=BEN)
    attributed(feedback, third, "locals", guest=BEN)
    agrees(feedback)
    with feedback.tx() as tx:
        correct_score(tx, make_id("message", "three"), 9, by="Marta Marques", at=NOW)
    agrees(feedback)
    feedback.hear(chunk_of([GuestMerged(guest_id=BEN, version=5, into_guest_id=ANA, occurred_at=NOW)]))
    agrees(feedback)
    apart = GuestUnmerged(
        guest_id=BEN, version=6, from_guest_id=ANA, from_version=6, merged_at=NOW, points=[], consents=[],
        stays=[stay_of("two"), stay_of("three")], from_consents=[], occurred_at=NOW,
    )  # fmt: skip
    feedback.hear(chunk_of([apart]))
    agrees(feedback)
    with feedback.tx() as tx:
        correct_score(tx, make_id("message", "three"), None, by="Marta Marques", at=NOW)
    agrees(feedback)
    assert ("LIS", "segment", "locals", (AT - 5 * DAY).date(), 0, 1) in feedback.all(TALLIED)


def test_of_an_erased_guest_the_segments_go_and_the_score_stays(feedback: Feedback) -> None:
    stayed(feedback, "one", "Suite")
    attributed(feedback, answered(feedback, "one", 10), "gold")
    feedback.erased(ANA, 2)
    kept = [(figure, part) for _, figure, part, *_ in feedback.all(TALLIED)]
    assert kept == [("answer", ""), ("room_type", "Suite")]
    assert feedback.all("select distinct segments from voice union select segments from survey_answer") == [(None,)]


# questions beside the score


def filled(feedback: Feedback, what: str, csat: str, *, at: datetime = AT, ease: str = "7") -> None:
    """By the pages of a guest: the score, then what stands beside it."""
    guest = make_id("guest", what)
    feedback.knows(guest, language="en")
    message = feedback.sent(what, guest=guest, at=at)
    phone = browser(SERVICE.build_web, Config(), feedback.database, None, at=at)
    path = f"/feedback/survey/{LinkSigner.of(feedback.database.keyring).sign('survey', message)}"
    html = phone.get(path).text
    action = html.split('<form id="answer"')[1].split('action="')[1].split('"')[0].replace("&amp;", "&")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    given = {"nps": "9", "csat": csat, "ease": ease}
    phone.post(action, {**hidden, **given}, content_type="multipart/form-data")


@pytest.fixture
def asking(feedback: Feedback) -> Feedback:
    asked = questionnaire(
        NPS, question("csat", texts={"en": "And the room?", "zh-Hans": "客房如何？"}), question("ease", "ces")
    )
    publish(feedback, asked)
    return feedback


RATED = """
    select figure, part, day, number, sum(answers)::int from score_tally where figure in ('csat', 'ces')
    group by 1, 2, 3, 4 having sum(answers) <> 0 order by 1, 2, 3, 4
"""


def test_ratings_count_once_they_are_sent_and_a_change_replaces_them(asking: Feedback) -> None:
    filled(asking, "one", "5")
    day = AT.date()
    assert asking.all(RATED) == [("ces", "ease", day, 7, 1), ("csat", "csat", day, 5, 1)]
    filled(asking, "one", "2", at=AT + timedelta(hours=30))
    assert asking.all(RATED) == [("ces", "ease", day, 7, 1), ("csat", "csat", day, 2, 1)]


def test_the_share_of_the_two_best_is_told_by_month_with_its_n_and_band(asking: Feedback) -> None:
    for number in range(10):
        filled(asking, f"survey {number}", "5" if number < 7 else "3")
    for number in range(3):
        filled(asking, f"older {number}", "1", at=AT - 120 * DAY)
    page = as_(asking).get("/feedback/answers?days=30")
    shown = words(page)
    assert "And the room?" in shown and "70 % ± 25" in shown and "10 answers. Too few to tell." in shown
    assert 'aria-label="And the room? by month, in per cent"' in page.text
    assert "Nov 2026 70 25 10" in shown and "Jul 2026 0 33 3" in shown and "Oct 2026 – – 0" in shown
    assert "The share of 6 and 7 of all surveys" in shown and "The share of 4 and 5 of all surveys" in shown
    assert "And the room?" not in words(as_(asking, WEI).get("/feedback/answers"))


def test_a_question_that_is_asked_no_more_keeps_its_name(asking: Feedback) -> None:
    filled(asking, "one", "5")
    publish(asking, questionnaire(NPS, question("ease", "ces")))
    assert "And the room?" in words(as_(asking).get("/feedback/answers"))


@pytest.mark.parametrize(("best", "n", "share", "band"), [(50, 100, 50, 10), (7, 7, 100, 23), (0, 1, 0, 43)])
def test_a_share_is_rounded_once_and_its_band_never_vanishes(best: int, n: int, share: int, band: int) -> None:
    assert (TopTwo(best, n).share, TopTwo(best, n).band) == (share, band)
    assert (TopTwo(0, 0).share, TopTwo(0, 0).band) == (None, None)


def test_what_was_there_before_is_counted_by_the_migration(asking: Feedback) -> None:
    answered(asking, "alone", 3, guest=BEN, at=datetime(2026, 11, 1, 0, 30, tzinfo=UTC))
    filled(asking, "one", "5")
    kept = asking.all(TALLIED)
    assert len({figure for _, figure, *_ in kept}) == 4
    with asking.tx() as tx:
        tx.execute("update survey_answer set day = null")
        tx.execute("update survey_value set day = null, property = null")
        tx.execute("truncate score_tally")
        for statement in fill_of("feedback", 13):
            tx.execute(statement)
    assert asking.all(TALLIED) == kept
    assert asking.all("select day from survey_answer where score = 3") == [(date(2026, 11, 1),)]
