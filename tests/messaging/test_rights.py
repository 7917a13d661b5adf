"""What a guest objects to, or has restricted, is known to the gate as the guest's own state."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.messaging.store.templates.versions import add_versions
from shared.events.campaigns import MessageRequested
from shared.events.segments.guests import GuestChanged
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.right import Right
from shared.vocabulary.stay import StayStatus
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, mobile, stay, survey
from tests.messaging.words import document


def service(reservation: str) -> MessageRequested:
    """A text about a stay."""
    told: dict[str, Any] = {"purpose": Purpose.STAY_SERVICE, "occurrence": f"service:{reservation}", "plan": 3}
    return survey(reservation, template="directions", **told)


def writes_directions(hotel: Hotel) -> None:
    text = {**document(body=["The door code is on its way."]), "key": "directions", "purpose": "stay_service"}
    with hotel.database.transaction() as tx:
        add_versions(tx, {"directions": text}, by="Marta", at=MONDAY)


def ana(hotel: Hotel, *rights: Right, version: int = 1) -> GuestChanged:
    points = [email(hotel.keyring, "ana@example.com"), mobile(hotel.keyring, "+351912345678")]
    return guest(points=points, rights=[str(right) for right in rights], version=version)


@pytest.mark.parametrize(
    ("right", "offer", "for_everyone", "asked", "served"),
    [
        (None, "sent", "sent", "sent", "sent"),
        (Right.OBJECTS_TO_MARKETING, "objected", "objected", "sent", "sent"),
        (Right.OBJECTS_TO_PROFILING, "for_everyone_only", "sent", "sent", "sent"),
        (Right.RESTRICTED, "restricted", "restricted", "restricted", "sent"),
    ],
)
def test_each_right_ends_what_it_is_claimed_against_and_no_more(
    make_database: MakeDatabase, right: Right | None, offer: str, for_everyone: str, asked: str, served: str
) -> None:
    hotel = Hotel(make_database("messaging"))
    to_come = stay("LIS-000002", status=StayStatus.BOOKED, arrival=date(2016, 7, 1), departure=date(2016, 7, 3))
    hotel.hears(lisbon(), stay("LIS-000001"), to_come)
    hotel.hears(ana(hotel, *([right] if right else [])))
    writes_directions(hotel)
    asks = [
        birthday(),
        birthday(wants=["for_everyone"], plan=2),
        survey(),
        service("LIS-000002"),
    ]
    found = []
    for one in asks:
        hotel.hears(one)
        hotel.runs()
        state, reason = hotel.all("select state, reason from delivery where message_id = %s", one.message_id)[0]
        found.append(reason or state)
        with hotel.database.transaction() as tx:
            tx.execute("update delivery set claimed_at = null")
    assert found == [offer, for_everyone, asked, served]


def test_a_restricted_guest_hears_nothing_of_a_stay_that_is_over(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"), ana(hotel, Right.RESTRICTED), service("LIS-000001"))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "restricted")]


def test_a_lifted_right_no_longer_counts_and_an_older_event_does_not_bring_it_back(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), ana(hotel, Right.OBJECTS_TO_MARKETING, version=2), ana(hotel, version=3))
    hotel.hears(ana(hotel, Right.RESTRICTED, version=1), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]


def test_an_event_of_an_older_version_of_the_program_claims_nothing(make_database: MakeDatabase) -> None:
    """It has no such field."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]
