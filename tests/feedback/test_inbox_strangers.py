"""Strangers: they are answered where they wrote from, and a person says which guest they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.feedback.commands.inbox.answering import Draft, NoWayBack, answer
from services.feedback.commands.inbox.changes import ThreadChanged
from services.feedback.commands.inbox.recognising import recognise, take_recognition_back
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.queries.inbox import threads as queries
from services.feedback.rules.inbox import View
from services.feedback.store.inbox import recognitions
from shared.access.scope import EVERYWHERE
from shared.crypto.purposes import Sealing
from shared.events import chunk_of
from shared.events.messaging import MessageSent, MessageSkipped
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, Feedback, state
from tests.feedback.inbox import HOUR, ME, STATE, listed, merge, writes

THEIRS = "+351910000999"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def asks(feedback: Feedback, text: str = "Is there a pool?", number: str = THEIRS, **more: Any) -> UUID:
    return writes(feedback, text, number=number, sender=number, **more)


def thread(feedback: Feedback) -> queries.ThreadLine:
    found: queries.ThreadLine
    (found,) = [one for one in listed(feedback, View.ALL) if one.guest_id is None]
    return found


def answered(feedback: Feedback, words: str = "On the roof.", *, key: str = "1", **more: Any) -> UUID:
    found, answer_id = thread(feedback), make_id("form", key)
    values: dict[str, Any] = {
        "answer_id": answer_id,
        "thread_id": found.thread_id,
        "guest_id": None,
        "guests": [],
        "hotels": EVERYWHERE.values,
        "channel": Channel.SMS,
        "language": "en",
        "words": words,
        "seen": found.heard_at,
        "point": found.point,
    }
    with feedback.tx() as tx:
        answer(tx, Draft(**(values | more)), AT + HOUR, by=ME)
    return answer_id


def is_(feedback: Feedback, guest: UUID, version: int | None = None) -> UUID:
    found = thread(feedback)
    with feedback.tx() as tx:
        recognise(tx, found.thread_id, version or found.version, guest, AT + HOUR, by=ME.name)
    return found.thread_id


def not_(feedback: Feedback) -> UUID:
    with feedback.tx() as tx:
        (found,) = recognitions.of_guests(tx, [ANA])
        held = recognitions.hold(tx, found.recognition_id)
        assert held is not None
        return take_recognition_back(tx, held, AT + 2 * HOUR, by=ME.name)


def test_a_stranger_is_answered_once_at_the_number_they_wrote_from(feedback: Feedback) -> None:
    asks(feedback)
    answered(feedback)
    answered(feedback)  # the form again
    (said,) = feedback.published("reply.answered.v1")
    assert said["point"] == feedback.point("sms", THEIRS)
    assert said["guest_id"] == str(thread(feedback).thread_id)
    assert feedback.database.keyring.open(said["address"], Sealing.ANSWER) == THEIRS
    assert feedback.all(STATE) == [(False, False, None, None, None)]
    assert THEIRS not in str(feedback.all("select * from reply")) + str(feedback.all("select * from thread"))


def test_of_a_guest_no_address_is_kept(feedback: Feedback) -> None:
    writes(feedback, "Is there a pool?", sender=NUMBER)
    assert feedback.all("select guest_id, address_sealed from reply") == [(ANA, None)]


def test_a_stranger_who_wrote_before_numbers_were_kept_is_answered_once_they_write_again(feedback: Feedback) -> None:
    writes(feedback, "Is there a pool?", number=THEIRS)
    with pytest.raises(NoWayBack):
        answered(feedback)
    asks(feedback, "Hello?", at=AT + HOUR)
    answered(feedback)
    assert len(feedback.published("reply.answered.v1")) == 1


def test_an_answer_to_a_stranger_that_was_not_sent_comes_back_unread(feedback: Feedback) -> None:
    asks(feedback)
    answer_id = answered(feedback)
    stranger = thread(feedback).thread_id
    skipped = state(MessageSkipped, answer_id, stranger, "stay_service", "sms", "skipped")
    feedback.hear(chunk_of([replace(skipped, journey="answer", reason="suppressed")]))
    assert feedback.all(STATE) == [(True, False, None, None, AT)]


def test_what_a_stranger_answers_to_an_answer_is_still_a_strangers(feedback: Feedback) -> None:
    """By e-mail it comes to the signed address of our answer, whose guest is nobody."""
    asks(feedback)
    answer_id = answered(feedback)
    sent = state(MessageSent, answer_id, thread(feedback).thread_id, "stay_service", "sms", "sent")
    feedback.hear(chunk_of([replace(sent, journey="answer", property=None, stay_id=None)]))
    asks(feedback, "Thank you!", at=AT + 2 * HOUR, to=answer_id)
    assert feedback.all("select count(*), count(guest_id) from reply") == [(2, 0)]
    assert feedback.one("select count(*) from thread") == 1


def test_who_is_recognised_has_one_conversation_with_what_was_said_before(feedback: Feedback) -> None:
    writes(feedback, "When is breakfast?")
    asks(feedback, at=AT + HOUR)
    answer_id = answered(feedback)
    stranger = is_(feedback, ANA)
    assert feedback.all("select guest_id, point from thread") == [(ANA, "")]
    assert feedback.all("select distinct guest_id from reply") == [(ANA,)]
    assert feedback.all("select guest_id, to_stranger from thread_answer") == [(ANA, False)]
    (said,) = feedback.published("stranger.recognised.v1")
    assert (said["stranger_id"], said["guest_id"]) == (str(stranger), str(ANA))
    sent = state(MessageSent, answer_id, stranger, "stay_service", "sms", "sent")  # late
    feedback.hear(chunk_of([replace(sent, journey="answer")]))
    assert feedback.one("select guest_id from message_known") == ANA


def test_what_comes_from_there_later_is_theirs_until_somebody_else_is_known_by_it(feedback: Feedback) -> None:
    asks(feedback)
    is_(feedback, ANA)
    asks(feedback, "And a sauna?", at=AT + 2 * HOUR)
    assert feedback.all("select guest_id, unread from thread") == [(ANA, True)]
    said = "select guest_id, address_sealed is null from reply order by received_at desc limit 1"
    assert feedback.all(said) == [(ANA, False)]  # it is not among her own: she is answered there
    feedback.knows(BEN, number=THEIRS, address="ben@example.com")
    asks(feedback, "A gym?", at=AT + 3 * HOUR)
    assert feedback.all(said) == [(BEN, True)]


def test_who_was_merged_since_is_recognised_as_whom_they_became(feedback: Feedback) -> None:
    asks(feedback)
    is_(feedback, ANA)
    feedback.knows(BEN, number="+351910000002", address="ben@example.com")
    merge(feedback, ANA, BEN)
    asks(feedback, "And a sauna?", at=AT + 2 * HOUR)
    assert feedback.all("select guest_id from thread") == [(BEN,)]


def test_of_two_who_share_a_number_one_is_chosen_and_later_words_are_asked_about_again(feedback: Feedback) -> None:
    feedback.knows(BEN, number=NUMBER, address="ben@example.com")
    asks(feedback, number=NUMBER)
    is_(feedback, BEN)
    assert feedback.all("select guest_id from thread") == [(BEN,)]
    asks(feedback, "And a sauna?", number=NUMBER, at=AT + 2 * HOUR)
    assert feedback.one("select count(*) from thread where guest_id is null") == 1


def test_a_stale_page_and_a_second_press_recognise_nobody(feedback: Feedback) -> None:
    asks(feedback)
    found = thread(feedback)
    asks(feedback, "Hello?", at=AT + HOUR)
    with pytest.raises(ThreadChanged):
        is_(feedback, ANA, version=found.version)
    is_(feedback, ANA)
    with pytest.raises(ThreadChanged), feedback.tx() as tx:
        recognise(tx, found.thread_id, found.version + 1, ANA, AT, by=ME.name)
    assert len(feedback.published("stranger.recognised.v1")) == 1


def test_who_was_taken_for_the_wrong_guest_is_a_stranger_again_with_all_that_was_said(feedback: Feedback) -> None:
    writes(feedback, "When is breakfast?")
    asks(feedback, at=AT + HOUR)
    answer_id = answered(feedback)
    stranger = is_(feedback, ANA)
    sent = state(MessageSent, answer_id, stranger, "stay_service", "sms", "sent")
    feedback.hear(chunk_of([replace(sent, journey="answer")]))
    asks(feedback, "And a sauna?", at=AT + 2 * HOUR)
    assert not_(feedback) == stranger
    there = "select guest_id, recognised_by, text_sealed is null from reply order by received_at"
    assert feedback.all(there) == [(ANA, None, False), (None, None, False), (None, None, False)]
    assert feedback.all("select guest_id, to_stranger from thread_answer") == [(stranger, True)]
    assert feedback.one("select guest_id from message_known where message_id = %s", answer_id) == stranger
    threads = "select guest_id, last_at, heard_at, unread, done, found_by <> '{}' from thread order by guest_id"
    later = AT + 2 * HOUR
    assert feedback.all(threads) == [(ANA, AT, AT, True, False, True), (None, later, later, True, False, True)]
    first, second = feedback.published("stranger.recognised.v1")
    assert second["version"] > first["version"] and second["messages"] == [str(answer_id)]
    assert (first["taken_back"], second["taken_back"]) == (False, True)
    asks(feedback, "A gym?", at=AT + 3 * HOUR)
    assert feedback.one("select guest_id from reply order by received_at desc limit 1") is None
    answered(feedback, key="2")
    assert is_(feedback, BEN) == stranger, "and may be recognised as another"
    assert feedback.all("select distinct guest_id from thread_answer") == [(BEN,)]


def test_a_guest_of_whom_nothing_else_is_there_has_no_conversation_any_more(feedback: Feedback) -> None:
    asks(feedback)
    is_(feedback, ANA)
    not_(feedback)
    assert feedback.all("select guest_id from thread") == [(None,)]
    with feedback.tx() as tx:
        assert recognitions.of_guests(tx, [ANA]) == []


def test_an_erased_guest_is_not_recognised_again_and_nothing_of_the_stranger_is_left(feedback: Feedback) -> None:
    asks(feedback)
    answered(feedback)
    is_(feedback, ANA)
    feedback.erased(ANA, 2)
    assert feedback.all("select * from recognition") == []
    assert feedback.all("select * from thread") == []
    assert feedback.all("select text_sealed, address_sealed, point from reply") == [(None, None, "")]
    assert feedback.all("select words_sealed, point from thread_answer") == [(None, "")]
    asks(feedback, "Hello?", at=AT + 2 * HOUR)
    assert feedback.all("select guest_id from thread") == [(None,)]


def test_an_erasure_reaches_what_was_answered_to_a_stranger_at_the_guests_number(feedback: Feedback) -> None:
    asks(feedback)
    answered(feedback)
    feedback.knows(ANA, 2, number=THEIRS)
    feedback.erased(ANA, 3)
    assert feedback.all("select * from thread") == []
    assert feedback.all("select text_sealed, address_sealed from reply") == [(None, None)]
    assert feedback.all("select words_sealed, point from thread_answer") == [(None, "")]


def test_conversations_are_found_by_last_digits_and_by_words_of_an_address(feedback: Feedback) -> None:
    asks(feedback)
    reply = Reply(
        ref="mail", channel=Channel.EMAIL, point=feedback.point("email", "rosa.lima@house.example"), text="A pool?",
        sender="rosa.lima@house.example",
    )  # fmt: skip
    with feedback.tx() as tx:
        receive_reply(tx, reply, AT)
    writes(feedback, "Breakfast?", sender=NUMBER)
    found = {
        "0999": ["sms"], "00 09 99": ["sms"], "910 000 999": ["sms"], THEIRS: ["sms"], "1999": [], "999": [],
        "rosa": ["email"], "rosa.lima": ["email"], "rosa@": ["email"], "lima house": ["email"], "limas": [],
        "rosa.lima@house.example": ["email"], "0001": ["sms"], "ana@example.com": ["sms"],
    }  # fmt: skip
    for sought, channels in found.items():
        seen = listed(feedback, View.ALL, sought=sought, contacts=True)
        assert [one.channel for one in seen] == channels, sought
    assert listed(feedback, View.ALL, sought="0999", contacts=False) == []
