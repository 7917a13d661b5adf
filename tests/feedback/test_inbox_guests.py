"""Conversations of guests who are merged, parted, erased and found, and of those who wrote before the inbox."""

from __future__ import annotations

from itertools import permutations

import pytest

from services.feedback.commands.inbox.changes import (
    close_thread,
)
from services.feedback.queries.inbox import threads as queries
from services.feedback.rules.inbox import View
from services.feedback.service import SERVICE
from services.feedback.store.inbox import folding, threads
from shared.access.scope import EVERYWHERE, Scope
from tests.cast import ADA, ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, STAY, Feedback
from tests.feedback.inbox import (
    BENS,
    HOUR,
    answers,
    line,
    listed,
    merge,
    take_apart,
    two_guests,
    writes,
)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def test_merged_guests_have_one_thread_and_parted_ones_two_again(feedback: Feedback) -> None:
    two_guests(feedback)
    with feedback.tx() as tx:
        ben = threads.top_of(tx, BEN)
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
        threads.name(tx, [ANA])
    for sought in ("王", "王秀", "王秀英", "秀英"):
        assert len(listed(feedback, View.ALL, sought=sought)) == 1, sought


A_STAY = """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, arrival, departure)
    values (%s, 1, %s, 'LIS', 'LIS-1', 'booked', '2016-03-01', '2016-03-03')
"""


def test_a_point_under_another_key_moves_a_strangers_thread(feedback: Feedback) -> None:
    writes(feedback, "Who are you?", number="+351910000999")
    old = feedback.one("select point from thread")
    with feedback.tx() as tx:
        folding.move_points(tx, [old], ["new"])
        folding.move_points(tx, [old], ["new"])
    assert feedback.all("select point, unread from thread") == [("new", True)]
    assert feedback.one("select thread_id = thread_of(null, 'sms', 'new') from thread")


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


def sees(feedback: Feedback, hotel: str) -> int:
    scope = Scope(frozenset({hotel}))
    with feedback.tx() as tx:
        unread = queries.count_unread(tx, scope)
    assert unread == len(listed(feedback, View.UNREAD, scope=scope))
    return unread


def test_who_sees_a_conversation_follows_the_guests_home_and_stays_in_whatever_order(feedback: Feedback) -> None:
    writes(feedback, "Is there a shuttle?")
    assert (sees(feedback, "LIS"), sees(feedback, "SHA")) == (1, 0)
    with feedback.tx() as tx:
        tx.execute(A_STAY.replace("'LIS'", "'SHA'"), [STAY, ANA])
    assert (sees(feedback, "LIS"), sees(feedback, "SHA")) == (1, 1)
    with feedback.tx() as tx:
        tx.execute("update stay_known set guest_id = %s", [BEN])
        tx.execute("update guest_known set home_property = 'OPO'")
    assert (sees(feedback, "LIS"), sees(feedback, "SHA"), sees(feedback, "OPO")) == (0, 0, 1)
    writes(feedback, "Is there breakfast?", number=BENS)
    assert sees(feedback, "SHA") == 0  # nobody's yet
    feedback.knows(BEN, number=BENS, address="ben@example.com")
    writes(feedback, "Hello?", number=BENS, at=AT + HOUR)
    assert (sees(feedback, "LIS"), sees(feedback, "SHA")) == (1, 1)
    with feedback.tx() as tx:
        tx.execute("delete from stay_known")
    assert sees(feedback, "SHA") == 0


def test_what_is_about_a_hotel_is_not_seen_by_the_guests_other_hotels(feedback: Feedback) -> None:
    survey = feedback.sent("survey")
    writes(feedback, "Is there a shuttle?", to=survey)
    with feedback.tx() as tx:
        tx.execute(A_STAY.replace("'LIS'", "'SHA'"), [STAY, ANA])
    assert (sees(feedback, "LIS"), sees(feedback, "SHA")) == (1, 0)
