"""Conversations: what guests write opens them, people change them, a long list is read page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from services.feedback.commands.inbox.changes import (
    ThreadChanged,
    assign_thread,
    close_thread,
    read_thread,
    reopen_thread,
    snooze_thread,
)
from services.feedback.queries.inbox import threads as queries
from services.feedback.rules.inbox import Snooze, View
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.messaging import MessageSent
from tests.cast import ADA, ANA, DINA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.inbox import (
    HOUR,
    STATE,
    answers,
    line,
    listed,
    told,
    writes,
)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def test_what_is_for_a_person_makes_a_thread_unread_and_what_is_not_does_not(feedback: Feedback) -> None:
    feedback.sent("survey")
    for nothing in ("STOP", "9", "Liked “How was your stay?”"):
        writes(feedback, nothing, at=AT)
        assert feedback.all(STATE) == [(False, True, None, None, None)], nothing
    writes(feedback, "Is there a shuttle?", at=AT + HOUR)
    assert feedback.all(STATE) == [(True, False, None, None, AT + HOUR)]
    writes(feedback, "STOP", at=AT + 2 * HOUR)
    assert feedback.all(STATE) == [(True, False, None, None, AT + HOUR)]
    assert feedback.one("select last_at from thread") == AT + 2 * HOUR


def test_a_number_after_a_colleagues_answer_is_left_to_a_person_beside_the_survey(feedback: Feedback) -> None:
    """«At eight or at nine?»: the number may answer that as well as the survey before it."""
    survey = feedback.sent("survey")
    writes(feedback, "When may we check in?")
    answer_id = answers(feedback, "Would eight or nine suit you?")
    feedback.hear(chunk_of([told(MessageSent, answer_id, "sent", occurred_at=AT + HOUR)]))
    writes(feedback, "9", at=AT + 2 * HOUR)
    assert feedback.published("survey.answered.v1") == []
    last = "select taken_as, message_id from reply order by received_at desc limit 1"
    assert feedback.all(last) == [("score_unsure", survey)]
    assert feedback.one("select unread from thread")


def test_what_stands_beside_a_score_is_for_a_person(feedback: Feedback) -> None:
    feedback.sent("survey")
    writes(feedback, "9, but the room was cold")
    assert feedback.one("select taken_as from reply") == "score"
    assert feedback.one("select unread from thread")


def test_the_same_reply_again_changes_nothing(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    before = feedback.all("select * from thread")
    writes(feedback, "Is there a shuttle?")
    assert feedback.all("select * from thread") == before


def test_a_guest_has_one_thread_over_channels_and_a_stranger_one_a_contact_point(feedback: Feedback) -> None:
    writes(feedback, "By text message?")
    writes(feedback, "And by e-mail?", channel="email", number="ana@example.com", at=AT + HOUR)
    assert feedback.all("select guest_id, channel from thread") == [(ANA, "email")]
    for number in ("+351910000998", "+351910000999"):
        writes(feedback, "Who are you?", number=number)
        writes(feedback, "Who, I ask?", number=number, at=AT + HOUR)
    assert feedback.one("select count(*) from thread where guest_id is null") == 2
    assert [one.guest_id for one in listed(feedback, View.UNREAD, scope=Scope(frozenset({"LIS"})))] == [ANA]


def test_a_new_reply_opens_what_was_done_and_ends_a_snooze(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    with feedback.tx() as tx:
        thread = queries.thread_of(tx, ANA, EVERYWHERE)
        assert thread is not None
        close_thread(tx, thread.thread_id, thread.version, AT, by=ADA.name)
    assert feedback.all(STATE) == [(False, True, None, None, None)]
    writes(feedback, "Hello?", at=AT + HOUR)
    assert feedback.all(STATE) == [(True, False, None, None, AT + HOUR)]
    with feedback.tx() as tx:
        snooze_thread(tx, thread.thread_id, line(feedback).version, AT + 3 * HOUR, AT + HOUR, by=ADA.name)
    assert listed(feedback, View.OPEN, now=AT + 2 * HOUR) == []
    assert len(listed(feedback, View.SNOOZED, now=AT + 2 * HOUR)) == 1
    assert len(listed(feedback, View.OPEN, now=AT + 3 * HOUR)) == 1  # back by itself
    writes(feedback, "Still there?", at=AT + 2 * HOUR)
    assert len(listed(feedback, View.UNREAD, now=AT + 2 * HOUR)) == 1


def test_a_change_on_a_stale_page_is_refused(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    seen = line(feedback)
    writes(feedback, "Hello?", at=AT + HOUR)
    changes: tuple[Callable[[Tx], None], ...] = (
        lambda tx: close_thread(tx, seen.thread_id, seen.version, AT, by=ADA.name),
        lambda tx: read_thread(tx, seen.thread_id, seen.version, AT, unread=False, by=ADA.name),
        lambda tx: assign_thread(tx, seen.thread_id, seen.version, DINA.person_id, AT, by=ADA.name),
        lambda tx: snooze_thread(tx, seen.thread_id, seen.version, AT + HOUR, AT, by=ADA.name),
        lambda tx: reopen_thread(tx, seen.thread_id, seen.version, AT, by=ADA.name),
    )
    for change in changes:
        with pytest.raises(ThreadChanged), feedback.tx() as tx:
            change(tx)
    assert line(feedback).unread


def test_mine_and_nobodys_are_told_apart(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    assert len(listed(feedback, View.UNASSIGNED)) == 1 and listed(feedback, View.MINE) == []
    with feedback.tx() as tx:
        assign_thread(tx, line(feedback).thread_id, 1, ADA.person_id, AT, by=DINA.name)
    assert len(listed(feedback, View.MINE)) == 1 and listed(feedback, View.UNASSIGNED) == []
    assert listed(feedback, View.MINE, me=DINA.person_id) == []
    with feedback.tx() as tx:
        counted = queries.counts(tx, EVERYWHERE, ADA.person_id, AT)
    assert (counted.unread, counted.open, counted.mine, counted.unassigned, counted.snoozed) == (1, 1, 1, 0, 0)
    assert (line(feedback).changed_by, line(feedback).changed_at) == (DINA.name, AT)


def test_a_long_list_is_read_page_by_page_and_nothing_twice(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        tx.execute(
            """
            insert into thread (thread_id, channel, point, last_at, unread, done)
            select thread_of(null, 'sms', n::text), 'sms', n::text, %s + n / 3 * interval '1 s', true, false
            from generate_series(1, 120) as n
            """,
            [AT],
        )
    seen: list[UUID] = []
    after = None
    while page := listed(feedback, View.OPEN, after=after)[: queries.A_PAGE]:
        seen += [one.thread_id for one in page]
        after = (page[-1].place_at, page[-1].thread_id)
    assert len(seen) == len(set(seen)) == 120


def test_snoozes_are_of_the_hotels_mornings() -> None:
    friday = datetime.fromisoformat("2026-11-20T23:30:00+00:00")  # Saturday in Shanghai
    assert Snooze.HOUR.until(friday, "Asia/Shanghai") == friday + HOUR
    assert Snooze.TOMORROW.until(friday, "Asia/Shanghai").isoformat() == "2026-11-22T00:00:00+00:00"
    assert Snooze.TOMORROW.until(friday, "Europe/Lisbon").isoformat() == "2026-11-21T08:00:00+00:00"
    assert Snooze.MONDAY.until(friday, "Europe/Lisbon").isoformat() == "2026-11-23T08:00:00+00:00"
