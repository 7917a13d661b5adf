"""One voice a guest: what is kept of answers as they arrive is what counting all of them would find."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.queries.key_figures import course_in
from services.feedback.store.stays import KEEP as KEEP_STAYS
from shared.events import chunk_of
from shared.events.segments.guests import GuestMerged
from shared.ids import make_id
from shared.localtime import local_instant
from shared.vocabulary.channel import Channel
from shared.vocabulary.window import Span, last_windows
from tests.bench.pages import fill_of
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.feedback.cast import Feedback

LISBON = "Europe/Lisbon"
AT = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # April already in Lisbon
TALLIED = """
    select property, span, day, sum(promoters)::int, sum(passives)::int, sum(detractors)::int from voice_tally
    group by 1, 2, 3 having sum(promoters) <> 0 or sum(passives) <> 0 or sum(detractors) <> 0 order by 1, 2, 3
"""
COUNTED = """
    with voice as (
        select distinct on (answer.property, span, coalesce(into_guest_id, guest_id))
               answer.property, span, case when span = '9999-12-31' then local else span end as day, score
        from survey_answer as answer left join guest_known using (guest_id),
             lateral (select (answered_at at time zone 'Europe/Lisbon')::date as local) as here,
             lateral (values (date_trunc('month', local)::date), ('9999-12-31'::date)) as its (span)
        order by answer.property, span, coalesce(into_guest_id, guest_id), answered_at desc, answer_id
    )
    select property, span, day, count(*) filter (where score >= 9)::int,
           count(*) filter (where score between 7 and 8)::int, count(*) filter (where score <= 6)::int
    from voice group by 1, 2, 3 order by 1, 2, 3
"""


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    for guest in (ANA, BEN):
        feedback.knows(guest)
    return feedback


def answered(feedback: Feedback, what: str, guest: Any, score: int, at: datetime) -> None:
    message = feedback.sent(what, guest=guest, at=at)
    with feedback.tx() as tx:
        answer_survey(tx, message, score, None, Channel.EMAIL, at)


def agrees(feedback: Feedback) -> None:
    assert feedback.all(TALLIED) == feedback.all(COUNTED)


def test_the_voices_kept_are_those_that_counting_finds_also_of_guests_found_to_be_one(feedback: Feedback) -> None:
    answered(feedback, "one", ANA, 10, AT)
    answered(feedback, "two", BEN, 3, AT + timedelta(days=1))
    agrees(feedback)
    answered(feedback, "three", ANA, 7, AT + timedelta(days=40))
    answered(feedback, "late", BEN, 9, AT - timedelta(days=2))  # heard later, said earlier
    agrees(feedback)
    merged = GuestMerged(guest_id=BEN, version=2, into_guest_id=ANA, occurred_at=AT)
    feedback.hear(chunk_of([merged]))
    feedback.hear(chunk_of([merged]))
    agrees(feedback)
    answered(feedback, "four", BEN, 8, AT + timedelta(days=50))  # under who she was
    agrees(feedback)


def course(feedback: Feedback, span: Span, *hotels: str) -> list[tuple[int, int]]:
    """Of each window in which anybody answered: promoters less detractors, and guests."""
    windows = last_windows(span, AT.date(), 2)
    limits = [
        dict.fromkeys(hotels, (local_instant(one.first, time(0), LISBON), local_instant(one.until, time(0), LISBON)))
        for one in windows
    ]
    with feedback.tx() as tx:
        found = course_in(tx, list(zip(windows, limits, strict=True)))
    return [(found[one.first]["net"], found[one.first]["answers"]) for one in windows if one.first in found]


def test_in_a_course_a_guest_has_one_voice_a_window_and_of_many_answers_one_a_month(
    feedback: Feedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ana is content in January and not in February; Ben is content in February."""
    answered(feedback, "one", ANA, 10, AT - timedelta(days=70))
    answered(feedback, "two", ANA, 3, AT - timedelta(days=40))
    answered(feedback, "three", BEN, 9, AT - timedelta(days=40))
    assert course(feedback, Span.QUARTER, "LIS") == [(0, 2)], "the last word of a quarter counts"
    monkeypatch.setattr("services.feedback.queries.key_figures.AT_ONCE", 2)
    assert course(feedback, Span.QUARTER, "LIS") == [(1, 3)], "of many, that of each month"
    assert course(feedback, Span.MONTH, "LIS") == [(0, 2)], "of a month it is the same"
    assert course(feedback, Span.MONTH, "SHA") == []


REACHED = """
    select property, guest_id, left_on, asked_at, answered_at from reach
    where num_nonnulls(left_on, asked_at, answered_at) > 0 order by 1, 2
"""


def test_who_left_and_was_asked_is_kept_as_counting_finds_it(feedback: Feedback) -> None:
    booked = {"stay_id": [make_id("stay", name) for name in "abc"], "version": [1] * 3, "property": ["LIS"] * 3,
              "guest_id": [ANA, ANA, BEN], "reservation": list("abc"),
              "status": ["checked_out", "checked_out", "booked"],
              "arrival": [date(2026, 3, 1)] * 3, "departure": [date(2026, 3, day) for day in (5, 9, 7)],
              "room_type": [""] * 3}  # fmt: skip
    with feedback.tx() as tx:
        tx.execute(KEEP_STAYS, booked)
    answered(feedback, "one", ANA, 10, AT)
    feedback.sent("two", guest=BEN)
    changed = {**booked, "version": [2] * 3, "status": ["checked_out", "cancelled", "checked_out"]}
    for columns in (changed, {**changed, "version": [3] * 3, "guest_id": [BEN, ANA, ANA]}):
        with feedback.tx() as tx:
            tx.execute(KEEP_STAYS, columns)
        kept = feedback.all(REACHED)
        with feedback.tx() as tx:
            tx.execute("truncate reach")
            for statement in fill_of("feedback", 4):
                tx.execute(statement)
        assert feedback.all(REACHED) == kept and len(kept) == 2


def test_answers_that_were_there_before_are_voices_too(feedback: Feedback) -> None:
    for number, score in enumerate((10, 3, 8, 9)):
        answered(feedback, f"survey {number}", (ANA, BEN)[number % 2], score, AT + timedelta(days=20 * number))
    kept = feedback.all(TALLIED)
    with feedback.tx() as tx:
        tx.execute("truncate voice, voice_tally")
        for statement in fill_of("feedback", 3)[:1]:
            tx.execute(statement)
    assert feedback.all(TALLIED) == kept
