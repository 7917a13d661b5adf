"""A person's answer to somebody whom no guest is known to be: it passes the gate of the point it was written from."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest

from shared.crypto.purposes import Sealing
from shared.events.feedback import ReplyAnswered, StrangerRecognised
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.vocabulary.optout import OptOutScope
from tests.cast import ADDRESS, ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, email, guest, lisbon, mobile, stop
from tests.messaging.test_answers import WORDS, answered, taken

STRANGER = make_id("thread", "a stranger")
THEIRS = "+351910000999"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]))
    return hotel


def to_stranger(hotel: Hotel, number: str = THEIRS, **more: Any) -> ReplyAnswered:
    values: dict[str, Any] = {
        "guest_id": STRANGER,
        "property": None,
        "point": hotel.keyring.index("sms", number),
        "address": hotel.keyring.seal(number, Sealing.ANSWER),
    }
    return answered(hotel, "sms", **(values | more))


def recognised(guest_id: UUID = ANA, version: int = 1) -> StrangerRecognised:
    return StrangerRecognised(stranger_id=STRANGER, version=version, guest_id=guest_id, recognised_at=MONDAY)


def test_it_goes_once_at_once_to_the_number_they_wrote_from(hotel: Hotel) -> None:
    hotel.hears(to_stranger(hotel), to_stranger(hotel))
    hotel.runs()
    (text,) = taken(hotel)
    assert (text.to, text.purpose) == (THEIRS, "stay_service")
    assert " ".join(WORDS.split()) in text.text
    assert hotel.outcomes() == [("sent", None)]
    assert THEIRS not in str(hotel.all("select * from delivery")) + str(hotel.all("select * from decision"))


@pytest.mark.parametrize("scope", list(OptOutScope))
def test_a_stop_of_the_number_counts_and_one_to_offers_does_not(hotel: Hotel, scope: OptOutScope) -> None:
    hotel.hears(stop(hotel.keyring, "sms", THEIRS, scope), to_stranger(hotel))
    hotel.runs()
    stopped = scope is OptOutScope.CHANNEL
    assert hotel.outcomes() == [("skipped", "suppressed") if stopped else ("sent", None)]


def test_a_number_at_which_nobody_is_reached_is_not_written_to(hotel: Hotel) -> None:
    point = hotel.keyring.index("sms", THEIRS)
    with hotel.database.transaction() as tx:
        tx.execute("insert into refused_point values ('sms', %s, 1, %s, '21211', null, null)", [point, MONDAY])
    hotel.hears(to_stranger(hotel))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "refused_point")]


def test_a_guest_who_wrote_from_a_number_that_is_not_theirs_is_answered_there(hotel: Hotel) -> None:
    hotel.hears(to_stranger(hotel, guest_id=ANA, property="LIS"))
    hotel.runs()
    assert [text.to for text in taken(hotel)] == [THEIRS]


@pytest.mark.parametrize("first", [True, False], ids=["recognised first", "answered first"])
def test_what_was_written_to_a_stranger_is_the_guests_and_goes_with_them(hotel: Hotel, first: bool) -> None:
    said = [recognised(), to_stranger(hotel)]
    hotel.hears(*(said if first else reversed(said)))
    hotel.hears(recognised())
    hotel.runs()
    assert [text.to for text in taken(hotel)] == [THEIRS]
    assert hotel.all("select guest_id, state from delivery") == [(ANA, "sent")]
    hotel.hears(GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY))
    assert hotel.all('select point, address_sealed, "values"::text from delivery') == [(None, None, "{}")]
    assert hotel.all("select * from recognised") == []


def test_who_was_recognised_as_another_since_is_that_one(hotel: Hotel) -> None:
    other = make_id("guest", "another")
    hotel.hears(to_stranger(hotel), recognised(), recognised(other, 3), recognised(ANA, 2))
    assert hotel.all("select guest_id from recognised") == [(other,)]


@pytest.mark.parametrize("seed", range(4))
def test_one_who_was_taken_for_the_wrong_guest_is_a_stranger_again_in_any_order(hotel: Hotel, seed: int) -> None:
    answer = to_stranger(hotel)
    back = replace(recognised(version=2), taken_back=True, messages=[answer.message_id])
    said = [answer, recognised(), back] * 3
    Random(seed).shuffle(said)
    for one in said:
        hotel.hears(one)
    hotel.runs()
    assert hotel.all("select guest_id, state from delivery") == [(STRANGER, "sent")]
    assert hotel.all("select guest_id, version from recognised") == [(STRANGER, 2)]
    hotel.hears(recognised(make_id("guest", "another"), 3), back)
    assert hotel.all("select guest_id from delivery") == [(make_id("guest", "another"),)]


@pytest.mark.parametrize("sent", [True, False])
def test_an_erasure_reaches_what_was_answered_to_a_stranger_at_the_guests_number(hotel: Hotel, sent: bool) -> None:
    hotel.hears(to_stranger(hotel))
    if sent:
        hotel.runs()
    hotel.hears(guest(points=[email(hotel.keyring, ADDRESS), mobile(hotel.keyring, THEIRS)], version=9))
    hotel.hears(GuestErased(guest_id=ANA, version=10, occurred_at=MONDAY))
    assert hotel.all('select point, address_sealed, "values"::text from delivery') == [(None, None, "{}")]
    assert hotel.all("select * from sent_text") == []
    assert THEIRS not in str(hotel.all("select * from sandbox_message"))
