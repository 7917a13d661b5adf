"""Conversations: what guests write opens them, people change them, guests are merged, parted and erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.feedback.commands.inbox.answering import Draft, NoWayBack, answer
from services.feedback.commands.inbox.changes import (
    ThreadChanged,
    assign_thread,
    close_thread,
    read_thread,
    reopen_thread,
    snooze_thread,
)
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.queries.guests import same_person
from services.feedback.queries.inbox import threads as queries
from services.feedback.queries.inbox.waits import first_answers
from services.feedback.rules.inbox import Snooze, View, filled, message_id_in, subject_of_answer, unfilled
from services.feedback.service import SERVICE
from services.feedback.store.inbox import threads as store
from shared.access.people import Person
from shared.access.scope import EVERYWHERE, Scope
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.messaging import MessageBounced, MessageDelivered, MessageHeld, MessageSent, MessageSkipped
from shared.events.segments import GuestMerged, GuestUnmerged
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ADA, ANA, BEN, CARLA, DINA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, STAY, Feedback, state

HOUR = timedelta(hours=1)
ME = Person(ADA.person_id, ADA.name, ADA.role, frozenset())
STATE = "select unread, done, owner_id, snoozed_until, waits_since from thread"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def writes(
    feedback: Feedback, text: str, *, at: datetime = AT, number: str = NUMBER, channel: str = "sms", to: Any = None
) -> UUID:
    point = feedback.point(channel, number)
    reply = Reply(ref=f"{text}{at}{number}", channel=Channel(channel), point=point, text=text, answers=to)
    with feedback.tx() as tx:
        receive_reply(tx, reply, at)
    return reply.reply_id


def line(feedback: Feedback, scope: Scope = EVERYWHERE) -> queries.ThreadLine:
    found: queries.ThreadLine
    (found,) = listed(feedback, View.ALL, scope=scope)
    return found


def listed(feedback: Feedback, view: View, *, scope: Scope = EVERYWHERE, now: datetime = AT, **more: Any) -> Any:
    asked = queries.ThreadFilter(
        **{"view": view, "channel": "", "sought": "", "scope": scope, "me": ADA.person_id, "now": now, **more}
    )
    with feedback.tx() as tx:
        return queries.threads(tx, asked)


def answers(
    feedback: Feedback, words: str = "At once.", *, at: datetime = AT + HOUR, key: str = "1", **more: Any
) -> UUID:
    thread, answer_id = line(feedback), make_id("form", key)
    assert thread.guest_id is not None
    with feedback.tx() as tx:
        draft = Draft(
            **{
                "answer_id": answer_id,
                "thread_id": thread.thread_id,
                "guest_id": thread.guest_id,
                "guests": same_person(tx, thread.guest_id),
                "hotels": EVERYWHERE.values,
                "channel": Channel.SMS,
                "language": "pt",
                "words": words,
                "seen": thread.heard_at,
                **more,
            }
        )
        answer(tx, draft, at, by=ME)
    return answer_id


def told(kind: type, answer_id: UUID, what: str, version: int = 1, **more: Any) -> Any:
    """What messaging publishes of an answer."""
    said = state(kind, answer_id, ANA, "stay_service", "sms", what)
    return replace(said, journey="answer", version=version, **more)


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


def receipt(answer_id: UUID, kind: type = MessageDelivered, reason: str | None = None) -> Any:
    return kind(
        message_id=answer_id, version=1, guest_id=ANA, journey="answer", journey_version=1, step="answer",
        occurrence="x", purpose="stay_service", property=None, stay_id=None, channel="sms", reason=reason,
        occurred_at=AT,
    )  # fmt: skip


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


def merge(feedback: Feedback, one: UUID, into: UUID, version: int = 2) -> None:
    feedback.hear(chunk_of([GuestMerged(guest_id=one, version=version, into_guest_id=into, occurred_at=AT)]))


def take_apart(feedback: Feedback, one: UUID, other: UUID, *points: str) -> None:
    event = GuestUnmerged(
        guest_id=one, version=3, from_guest_id=other, from_version=9, merged_at=AT, stays=[], points=list(points),
        consents=[], from_consents=[], occurred_at=AT,
    )  # fmt: skip
    feedback.hear(chunk_of([event]))


BENS = "+351910000002"


def two_guests(feedback: Feedback) -> None:
    feedback.knows(BEN, number=BENS, address="ben@example.com")
    writes(feedback, "Is there a shuttle?")
    writes(feedback, "Is there breakfast?", number=BENS, at=AT + HOUR)


def test_merged_guests_have_one_thread_and_parted_ones_two_again(feedback: Feedback) -> None:
    two_guests(feedback)
    with feedback.tx() as tx:
        ben = store.top_of(tx, BEN)
        thread = queries.thread_of(tx, ben, EVERYWHERE)
        assert thread is not None
        close_thread(tx, thread.thread_id, thread.version, AT, by=ADA.name)
    merge(feedback, ANA, BEN)
    merge(feedback, ANA, BEN)
    found = line(feedback)
    assert (found.guest_id, found.unread, found.last_at, found.waits_since) == (BEN, True, AT + HOUR, AT)
    feedback.knows(BEN, version=2)  # with Ana's number now
    writes(feedback, "Hello?", at=AT + 2 * HOUR)
    assert line(feedback).guest_id == BEN
    take_apart(feedback, ANA, BEN, feedback.point("sms", NUMBER))
    take_apart(feedback, ANA, BEN, feedback.point("sms", NUMBER))
    assert feedback.all("select guest_id, last_at from thread order by last_at") == [
        (BEN, AT + HOUR),
        (ANA, AT + 2 * HOUR),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_of_merges_is_one_thread_in_whatever_order_it_is_heard(
    feedback: Feedback, order: tuple[int, ...]
) -> None:
    two_guests(feedback)
    deeds = [
        lambda: merge(feedback, ANA, BEN),
        lambda: merge(feedback, BEN, CARLA),
        lambda: feedback.knows(CARLA, address="carla@example.com", number="+351910000003"),
    ]
    for place in (*order, 0, 1, 2):
        deeds[place]()
    assert (line(feedback).guest_id, line(feedback).last_at) == (CARLA, AT + HOUR)


def test_of_an_erased_guest_no_thread_and_no_words_are_left(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    answers(feedback, "At nine, Ana.")
    feedback.erased(ANA, 2)
    assert feedback.all("select * from thread") == []
    assert feedback.all("select words_sealed, point, stay_id from thread_answer") == [(None, "", None)]
    writes(feedback, "Still here?", at=AT + HOUR)  # a stranger's now
    assert feedback.all("select guest_id from thread") == [(None,)]


def test_a_guest_is_found_by_the_beginning_of_a_name_and_by_a_reservation(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    with feedback.tx() as tx:
        tx.execute(A_STAY, [STAY, ANA])
    for sought in ("sil", "ANA", "ana s", "silva ana", "Sílva", "lis-1"):
        assert len(listed(feedback, View.ALL, sought=sought)) == 1, sought
    for sought in ("shuttle", "ilva", "LIS", "'", "\\", ":*", "ana & !"):
        assert listed(feedback, View.ALL, sought=sought) == [], sought
    with feedback.tx() as tx:
        tx.execute("update guest_known set given_name = '秀英', family_name = '王', version = 1")
        store.name(tx, [ANA])
    for sought in ("王", "王秀", "王秀英", "秀英"):
        assert len(listed(feedback, View.ALL, sought=sought)) == 1, sought


A_STAY = """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, arrival, departure)
    values (%s, 1, %s, 'LIS', 'LIS-1', 'booked', '2016-03-01', '2016-03-03')
"""


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


def test_a_point_under_another_key_moves_a_strangers_thread(feedback: Feedback) -> None:
    writes(feedback, "Who are you?", number="+351910000999")
    old = feedback.one("select point from thread")
    with feedback.tx() as tx:
        store.move_points(tx, [old], ["new"])
        store.move_points(tx, [old], ["new"])
    assert feedback.all("select point, unread from thread") == [("new", True)]
    assert feedback.one("select thread_id = thread_of(null, 'sms', 'new') from thread")


def test_snoozes_are_of_the_hotels_mornings() -> None:
    friday = datetime.fromisoformat("2026-11-20T23:30:00+00:00")  # Saturday in Shanghai
    assert Snooze.HOUR.until(friday, "Asia/Shanghai") == friday + HOUR
    assert Snooze.TOMORROW.until(friday, "Asia/Shanghai").isoformat() == "2026-11-22T00:00:00+00:00"
    assert Snooze.TOMORROW.until(friday, "Europe/Lisbon").isoformat() == "2026-11-21T08:00:00+00:00"
    assert Snooze.MONDAY.until(friday, "Europe/Lisbon").isoformat() == "2026-11-23T08:00:00+00:00"


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


def test_the_migration_makes_threads_of_the_replies_that_are_there(feedback: Feedback) -> None:
    feedback.knows(BEN, number=BENS, address="ben@example.com")
    feedback.knows(CARLA, number="+351910000003", address="carla@example.com")
    writes(feedback, "Is there a shuttle?", number=BENS, at=AT - 400 * HOUR)  # more than a fortnight before
    writes(feedback, "Is there breakfast?")
    writes(feedback, "STOP", number="+351910000003")
    writes(feedback, "Who are you?", number="+351910000999", at=AT + HOUR)
    merge(feedback, ANA, CARLA)
    feedback.erased(BEN, 2)
    columns = "thread_id, guest_id, point, channel, name_key, hotels, is_common, unread, done, heard_at, last_at"
    query = f"select {columns} from thread order by 1"
    before = feedback.all(query)
    text = (SERVICE.folder / "migrations" / "010_inbox.sql").read_text(encoding="utf-8")
    with feedback.tx() as tx:
        tx.execute("truncate thread")
        tx.connection.execute(text[text.index("insert into thread (") :].encode())
    assert feedback.all(query) == before
    assert feedback.all("select guest_id, unread from thread order by unread, guest_id") == [
        (CARLA, True),
        (None, True),
    ]
    assert feedback.all("select * from thread where waits_since is not null") == []
    with feedback.tx() as tx:
        tx.execute("truncate thread")
        tx.execute(
            "update reply set received_at = received_at + interval '30 days' where point <> '' and guest_id is null"
        )
        tx.connection.execute(text[text.index("insert into thread (") :].encode())
    assert feedback.all("select guest_id, unread, done from thread order by unread") == [
        (CARLA, False, True),
        (None, True, False),
    ]
