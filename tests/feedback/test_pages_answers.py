"""Answers as a manager reads them: the score with its band, one voice a guest, words by hotel and role."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.config import Config
from services.feedback.rules.nps import Nps
from services.feedback.rules.redaction import redacted
from services.feedback.service import SERVICE
from shared.events import chunk_of
from shared.events.segments.guests import GuestMerged
from shared.events.segments.stays import StayCheckedOut
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA, ANTON, BEN, DINA, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback
from tests.web import Browser, browser, words

DAY = timedelta(days=1)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.knows(ANA, language="en")
    feedback.knows(BEN, language="zh-Hans")
    return feedback


def as_(feedback: Feedback, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def answer(
    feedback: Feedback, what: str, score: int, *, guest: UUID = ANA, words: str | None = None, at: datetime = NOW - DAY
) -> None:
    message_id = feedback.sent(what, guest=guest, at=at)
    with feedback.tx() as tx:
        answer_survey(tx, message_id, score, words, Channel.EMAIL, at)


def left(feedback: Feedback, what: str, guest: UUID, at: datetime) -> None:
    stay = StayCheckedOut(
        stay_id=make_id("stay", what),
        version=1,
        guest_id=guest,
        property="LIS",
        zone="Europe/Lisbon",
        reservation=what,
        status=StayStatus.CHECKED_OUT,
        booked_at=at,
        arrival=at.date() - DAY,
        departure=at.date(),
        checked_in_at=None,
        checked_out_at=at,
        ended_at=None,
        nights=1,
        booking_channel=None,
        muted=False,
        occurred_at=at,
    )
    feedback.hear(chunk_of([stay]))


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "score", "band"),
    [(50, 30, 20, 30, 15), (15, 9, 6, 30, 27), (7, 0, 0, 100, 37), (0, 0, 1, -100, 74), (0, 0, 0, None, None)],
)
def test_the_score_is_rounded_once_and_its_band_never_vanishes(
    promoters: int, passives: int, detractors: int, score: int | None, band: int | None
) -> None:
    nps = Nps(promoters, passives, detractors)
    assert (nps.score, nps.band) == (score, band)


def test_the_score_stands_with_its_n_and_is_faint_below_a_hundred(feedback: Feedback) -> None:
    answer(feedback, "1", 9)
    answer(feedback, "2", 3, guest=BEN)
    page = as_(feedback, MARTA).get("/feedback/answers")
    text = words(page)
    assert "NPS 0 ± " in text and "2 guests answered. Too few to tell." in text and "0–6: 1 · 7–8: 0 · 9–10: 1" in text
    assert "nps-faint" in page.get_data(as_text=True)


def test_a_guest_has_one_voice_the_last_one_also_when_two_were_found_to_be_one(feedback: Feedback) -> None:
    answer(feedback, "1", 2, at=NOW - 3 * DAY)
    answer(feedback, "2", 9, guest=BEN, at=NOW - 2 * DAY)
    feedback.hear(chunk_of([GuestMerged(guest_id=BEN, version=5, into_guest_id=ANA, occurred_at=NOW)]))
    text = words(as_(feedback, MARTA).get("/feedback/answers"))
    assert "NPS +100 ± " in text and "1 guest answered." in text


def test_what_was_answered_before_the_days_shown_does_not_count(feedback: Feedback) -> None:
    answer(feedback, "1", 9, at=NOW - 100 * DAY)
    marta = as_(feedback, MARTA)
    assert "1 guest answered." not in words(marta.get("/feedback/answers?days=90"))
    assert "1 guest answered." in words(marta.get("/feedback/answers?days=365"))
    assert "1 guest answered." not in words(marta.get("/feedback/answers?days=nonsense"))


def test_who_could_not_be_asked_is_counted(feedback: Feedback) -> None:
    for guest in (ANA, BEN, make_id("guest", "carla")):
        left(feedback, f"stay of {guest}", guest, NOW - 2 * DAY)
    left(feedback, "a second stay", ANA, NOW - 5 * DAY)
    answer(feedback, "1", 9)
    with feedback.tx() as tx:
        tx.execute("update message_known set sent_at = %s", (NOW - DAY,))
    text = words(as_(feedback, MARTA).get("/feedback/answers"))
    assert "Of 3 guests who left, 1 were asked and 1 answered; 2 were not asked." in text


def test_another_hotels_answers_are_neither_counted_nor_read(feedback: Feedback) -> None:
    answer(feedback, "1", 9, words="Lovely view")
    assert "Lovely view" in words(as_(feedback, DINA).get("/feedback/answers"))
    wei = as_(feedback, WEI)
    assert "Lovely view" not in words(wei.get("/feedback/answers"))
    assert wei.get("/feedback/home").json["nps"] == []  # type: ignore[index]
    assert as_(feedback, MARTA).get("/feedback/answers?hotel=SHA").get_data(as_text=True).count("Lovely view") == 0


def test_words_are_found_by_search_score_and_language(feedback: Feedback) -> None:
    answer(feedback, "1", 9, words="The River view")
    answer(feedback, "2", 3, guest=BEN, words="空调很吵")
    filipa = as_(feedback, FILIPA)
    for query, seen, unseen in (
        ("q=river", "River", "空调"),
        ("q=空调", "空调", "River"),
        ("group=detractors", "空调", "River"),
        ("language=en", "River", "空调"),
    ):
        text = words(filipa.get(f"/feedback/answers?{query}"))
        assert seen in text.partition("In their words")[2] and unseen not in text
    assert "No comment matches this." in words(filipa.get("/feedback/answers?q=unheard"))


def test_the_changed_part_alone_answers_htmx(feedback: Feedback) -> None:
    answer(feedback, "1", 9, words="Lovely")
    page = as_(feedback, FILIPA).get("/feedback/answers?q=lov", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert page.lstrip().startswith('<div id="verbatims"') and "Lovely" in page


def test_who_may_not_see_contacts_reads_redacted(feedback: Feedback) -> None:
    answer(feedback, "1", 3, words="Write to ana@example.com or +351 910 000 001, " + "please " * 40)
    text = words(as_(feedback, ANTON).get("/feedback/answers"))
    assert "Write to ••• or •••" in text and "anna@" not in text and "910 000" not in text
    filipa = as_(feedback, FILIPA)
    text = words(filipa.get("/feedback/answers"))
    assert "ana@example.com" not in text and text.count("please") == 40  # whole, but for what is shortened in lists
    shown = words(filipa.post("/feedback/answers?days=90", {"show": "page"}))
    assert "ana@example.com" in shown and "Show on this page" not in shown
    assert "ana@example.com" not in words(filipa.get("/feedback/answers?days=90"))


def test_a_glance_of_words_is_no_longer_than_a_glance() -> None:
    assert redacted("Room 12 was fine, 9/10.") == "Room 12 was fine, 9/10."
    assert len(redacted("x " * 500)) <= 160


def test_months_are_drawn_from_enough_answers_and_stand_in_a_table(feedback: Feedback) -> None:
    for number in range(20):
        guest = make_id("guest", number)
        at = NOW - timedelta(days=3 if number < 10 else 40)
        answer(feedback, f"survey {number}", 9 if number % 2 else 10, guest=guest, at=at)
    page = as_(feedback, MARTA).get("/feedback/answers?days=365").get_data(as_text=True)
    assert 'aria-label="NPS of Casa do Tejo Lisboa by month"' in page
    assert page.count("<script") == 2  # the frame's own: none comes with a chart
    assert "Nov 2026 100 29 10" in words(as_(feedback, MARTA).get("/feedback/answers?days=365"))


def test_the_home_page_is_told_the_score(feedback: Feedback) -> None:
    answer(feedback, "1", 9)
    told = as_(feedback, MARTA).get("/feedback/home").json
    assert told is not None
    (nps,) = told["nps"]
    assert (nps["hotel"], nps["score"], nps["n"], nps["promoters"], nps["days"]) == ("LIS", 100, 1, 1, 90)


def test_no_answers_yet_teaches(feedback: Feedback) -> None:
    assert "No answers yet." in words(as_(feedback, MARTA).get("/feedback/answers"))
