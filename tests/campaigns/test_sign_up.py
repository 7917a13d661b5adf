"""Journeys entered by a sign-up: once for a form, by form and hotel; the welcome that waits for the confirmation."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import overridden
from services.campaigns.shipped import shipped
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.segments.guests import GuestSignedUp
from shared.ids import make_id
from tests.campaigns.cast import LISBON, Campaigns, audience, instant
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

LAUNCH = "2016-03-01 08:00"
SIGNED = "2016-03-02 10:00"


def campaigns(make_database: MakeDatabase, changes: dict[str, Any] | None = None) -> Campaigns:
    database = make_database("campaigns")
    with database.transaction() as tx:
        publish(tx, overridden(shipped("welcome"), changes or {}), instant(LAUNCH), "Marta")
        launch(tx, "welcome", at=instant(LAUNCH), by="Marta", entries_from=None)
    return Campaigns(database)


def signed_up(guest: Any = ANA, at: str = SIGNED, **more: Any) -> Chunk:
    told: dict[str, Any] = {
        "signup_id": make_id("sign-up", guest, at),
        "version": 1,
        "guest_id": guest,
        "form": "lisboa",
        "form_version": 1,
        "property": "LIS",
        "page": "join",
        "language": "pt",
        "zone": LISBON,
        "is_new": True,
        "boxes": [],
        "said_at": instant(at),
        "occurred_at": instant(at),
    }
    return off_the_wire(chunk_of([GuestSignedUp(**{**told, **more})]))


def entered(house: Campaigns) -> list[tuple[Any, ...]]:
    return house.all("select guest_id, occurrence, property from enrolment order by guest_id")


def allowed(at: str) -> Chunk:
    return audience(ANA, 1, True, at, segment="reachable-by-email", because={"kind": "guest", "what": "guest.changed"})


def asked(house: Campaigns) -> list[tuple[str, str, str | None]]:
    return [(one["template"], one["occurrence"], one["property"]) for one in house.published("message.requested.v1")]


def test_the_welcome_is_asked_for_once_the_guest_may_be_written_to(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    house.hear_at(instant(SIGNED), signed_up())
    assert entered(house) == [(ANA, "signup:lisboa", "LIS")]
    house.run("2016-03-02 12:00")
    assert asked(house) == []
    house.hear_at(instant("2016-03-04 09:00"), allowed("2016-03-04 09:00"))
    house.run("2016-03-04 09:30")
    assert asked(house) == [("welcome", "signup:lisboa", "LIS")]


def test_who_never_confirms_hears_nothing(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    house.hear_at(instant(SIGNED), signed_up())
    house.run("2016-03-10 10:00")
    assert asked(house) == []
    assert house.all("select state, reason from enrolment") == [("done", "unconfirmed")]


def test_twice_again_or_decided_later_it_is_one_welcome(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    for chunk in (signed_up(), signed_up(), signed_up(version=2), signed_up(at="2016-03-03 10:00")):
        house.hear_at(instant("2016-03-03 10:00"), chunk)
    assert len(entered(house)) == 1


@pytest.mark.parametrize(
    ("entry", "whose"),
    [
        ({"signup": "lisboa"}, {ANA}),
        ({"signup": "any"}, {ANA, BEN}),
        ({"signup": "any", "hotel": "SHA"}, {BEN}),
        ({"signup": "bund", "hotel": "LIS"}, set()),
    ],
)
def test_by_form_and_by_hotel(make_database: MakeDatabase, entry: dict[str, str], whose: set[Any]) -> None:
    house = campaigns(make_database, {"entry": entry})
    house.hear_at(instant(SIGNED), signed_up())
    house.hear_at(instant(SIGNED), signed_up(BEN, form="bund", property="SHA"))
    assert {guest for guest, *_ in entered(house)} == whose


def test_a_sign_up_before_the_launch_lets_nobody_in(make_database: MakeDatabase) -> None:
    house = campaigns(make_database)
    house.hear_at(instant(SIGNED), signed_up(at="2016-02-28 10:00"))
    assert entered(house) == []


@pytest.mark.parametrize("entry", [{"signup": "Lisboa!"}, {"hotel": "LIS"}, {"signup": "any", "stay": "booked"}])
def test_an_entry_that_is_none_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(InputError):
        overridden(shipped("welcome"), {"entry": entry})
