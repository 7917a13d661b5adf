"""Sending stopped by hand: the very next claim heeds it, what waits goes on when it is lifted, or ends in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.messaging.commands.stops import lift_stop, stop_sending
from services.messaging.store.stops import standing
from shared.access.people import Person
from shared.errors import InputError
from shared.ids import make_id
from shared.vocabulary.role import Role
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.claim_under_way import while_it_is_claimed
from tests.messaging.hotel import MONDAY, Hotel, birthday, guest, lisbon, mobile, stay, survey

MARTA = Person(make_id("person", "Marta Marques"), "Marta Marques", Role.MARKETER, frozenset())
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), reached(hotel))
    return hotel


def stop_it(hotel: Hotel, kind: str, key: str = "") -> Any:
    with hotel.database.transaction() as tx:
        assert stop_sending(tx, kind, key, "a wrong price", by=MARTA, at=MONDAY)
        return standing(tx)[0].stop_id


@pytest.mark.parametrize(
    ("kind", "key", "covered"),
    [
        ("all", "", True),
        ("property", "LIS", True),
        ("property", "SHA", False),
        ("channel", "email", True),
        ("channel", "sms", False),
        ("country", "PT", True),
        ("country", "CN", False),
    ],
)
def test_a_stop_holds_what_it_covers_from_the_next_claim_on(hotel: Hotel, kind: str, key: str, covered: bool) -> None:
    stop_it(hotel, kind, key)
    hotel.hears(birthday())
    hotel.runs()
    assert hotel.outcomes() == [("held", "stopped") if covered else ("sent", None)]


def test_a_number_of_the_country_is_covered_wherever_its_guest_lives(hotel: Hotel) -> None:
    points = [mobile(hotel.keyring, "+351920000657")]
    hotel.hears(guest(version=2, country="DE", points=points))
    stop_it(hotel, "country", "PT")
    hotel.hears(stay("LIS-000001"), survey(channels=["sms"]))
    hotel.runs()
    assert hotel.outcomes() == [("held", "stopped")]


def test_lifting_lets_what_waited_go_at_once(hotel: Hotel) -> None:
    stop_id = stop_it(hotel, "all")
    hotel.hears(birthday())
    hotel.runs()
    with hotel.database.transaction() as tx:
        assert lift_stop(tx, stop_id, by=MARTA, at=LATER) == 1
        assert lift_stop(tx, stop_id, by=MARTA, at=LATER) == 0  # the second tap
    assert hotel.sender.next_due() == LATER
    hotel.runs(LATER)
    assert hotel.outcomes() == [("held", "stopped"), ("sent", None)]


def test_what_a_claim_under_way_holds_goes_when_the_stop_is_lifted_meanwhile(hotel: Hotel) -> None:
    stop_id, woken = stop_it(hotel, "all"), []
    hotel.hears(birthday())

    def lift() -> None:
        with hotel.database.transaction() as tx:
            woken.append(lift_stop(tx, stop_id, by=MARTA, at=LATER))

    while_it_is_claimed(hotel, lift)
    assert woken == [1]
    hotel.runs(LATER)
    assert hotel.state_of(birthday()) == "sent"


def test_what_another_stop_covers_waits_on(hotel: Hotel) -> None:
    everything = stop_it(hotel, "all")
    stop_it(hotel, "channel", "email")
    hotel.hears(birthday())
    hotel.runs()
    with hotel.database.transaction() as tx:
        lift_stop(tx, everything, by=MARTA, at=LATER)
    hotel.runs(LATER)
    assert hotel.state_of(birthday()) == "held"


def test_a_message_that_waited_too_long_is_of_no_use_any_more(hotel: Hotel) -> None:
    stop_it(hotel, "all")
    hotel.hears(birthday(useful_until=MONDAY + timedelta(days=1)))
    hotel.runs()
    hotel.runs(MONDAY + timedelta(days=1))
    assert hotel.outcomes() == [("held", "stopped"), ("expired", "expired")]


def test_a_survey_waits_too(hotel: Hotel) -> None:
    stop_it(hotel, "property", "LIS")
    hotel.hears(stay("LIS-000001"), survey())
    hotel.runs()
    assert hotel.outcomes() == [("held", "stopped")]


def test_both_taps_are_said_to_the_audit_trail(hotel: Hotel) -> None:
    stop_id = stop_it(hotel, "all")
    with hotel.database.transaction() as tx:
        lift_stop(tx, stop_id, by=MARTA, at=LATER)
        assert not standing(tx)
    actions = [body["action"][0] for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert actions == ["sending.stopped", "sending.resumed"]


def test_the_same_is_stopped_once(hotel: Hotel) -> None:
    stop_it(hotel, "all")
    with hotel.database.transaction() as tx:
        assert not stop_sending(tx, "all", "", "again", by=MARTA, at=LATER)
        with pytest.raises(InputError):
            stop_sending(tx, "moon", "", "no such thing", by=MARTA, at=LATER)
