"""After a definite «no such user» nothing is sent to a contact point again, until a person says that it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.messaging.channels.sender import Outcome, Outgoing
from services.messaging.commands.refused_points import lift_refusal
from shared.access.people import Person
from shared.ids import make_id
from shared.vocabulary.contact_point import PointClass
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from shared.vocabulary.role import Role
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon, mobile, stay, win_back

GONE, OTHER = "gone@mail.example.com", "ana@mail.example.com"
A_DAY = timedelta(days=1)


FILIPA = Person(make_id("person", "Filipa Faria"), "Filipa Faria", Role.FRONT_DESK, frozenset({"LIS"}))


class Refusing(Provider):
    """Takes what is sent, but to some addresses."""

    def __init__(self, *unknown: str, reason: Reason = Reason.BAD_ADDRESS) -> None:
        super().__init__()
        self.unknown, self.reason = unknown, reason

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        return [
            replace(one, state=MessageState.FAILED, reason=self.reason, detail="550") if to in self.unknown else one
            for one, to in zip(super().send(batch), [message.to for message in batch], strict=True)
        ]

    @property
    def tried(self) -> list[str]:
        return [message.to for message in self.taken]


@pytest.fixture
def refusing() -> Refusing:
    return Refusing(GONE, "+351912345678")


@pytest.fixture
def hotel(make_database: MakeDatabase, refusing: Refusing) -> Hotel:
    hotel = Hotel(make_database("messaging"), refusing)
    hotel.hears(lisbon())
    return hotel


def next_day(hotel: Hotel, day: int, guest_id: UUID = ANA) -> None:
    due = MONDAY + day * A_DAY
    hotel.hears(replace(birthday(guest_id, due_at=due), message_id=make_id("message", str(guest_id), str(day))))
    hotel.runs(due)


def test_an_address_that_nobody_has_is_written_to_once(hotel: Hotel, refusing: Refusing) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, GONE)]))
    for day in range(4):
        next_day(hotel, day)
    assert hotel.outcomes() == [("failed", "bad_address")] + [("skipped", "refused_point")] * 3
    assert refusing.tried == [GONE]


def test_the_next_address_of_the_guest_serves_instead(hotel: Hotel, refusing: Refusing) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, GONE), email(hotel.keyring, OTHER)]))
    for day in range(2):
        next_day(hotel, day)
    assert refusing.tried == [GONE, OTHER]


def test_it_holds_for_everybody_on_the_address_and_for_no_other_channel(hotel: Hotel, refusing: Refusing) -> None:
    hotel.hears(
        guest(points=[email(hotel.keyring, GONE), mobile(hotel.keyring, "+351920000657")]),
        guest(BEN, points=[email(hotel.keyring, GONE)]),
    )
    next_day(hotel, 0)
    next_day(hotel, 1, BEN)
    later = MONDAY + 28 * A_DAY
    hotel.hears(stay("LIS-000009", CARLA, occurred_at=later), at=later)  # the hotel is heard of
    hotel.hears(win_back(due_at=later))
    hotel.runs(later)
    assert refusing.tried == [GONE, "+351920000657"]


def test_a_number_that_the_carrier_does_not_know_is_left_alone_too(hotel: Hotel, refusing: Refusing) -> None:
    hotel.hears(guest(points=[mobile(hotel.keyring, "+351912345678")]))
    for week in range(2):
        due = MONDAY + 28 * week * A_DAY
        hotel.hears(stay("LIS-000009", CARLA, version=week + 1, occurred_at=due), at=due)  # the hotel is heard of
        hotel.hears(win_back(due_at=due, occurrence=f"lapse:{week}"))
        hotel.runs(due)
    assert refusing.tried == ["+351912345678"]


@pytest.mark.parametrize("reason", [Reason.CONTENT, Reason.SET_UP])
def test_what_concerns_the_message_or_us_tells_nothing_of_the_address(
    make_database: MakeDatabase, reason: Reason
) -> None:
    refusing = Refusing(GONE, reason=reason)
    hotel = Hotel(make_database("messaging"), refusing)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, GONE)]))
    for day in range(2):
        next_day(hotel, day)
    assert refusing.tried == [GONE, GONE]


def test_once_somebody_says_that_it_is_right_it_is_written_to_again(hotel: Hotel, refusing: Refusing) -> None:
    point = email(hotel.keyring, GONE)
    hotel.hears(guest(points=[point]))
    next_day(hotel, 0)
    with hotel.database.transaction() as tx:
        assert lift_refusal(tx, ANA, point.point, by=FILIPA, at=MONDAY + A_DAY)
        assert not lift_refusal(tx, ANA, point.point, by=FILIPA, at=MONDAY + A_DAY), "the button pressed twice"
    next_day(hotel, 2)
    next_day(hotel, 3)
    assert refusing.tried == [GONE, GONE], "and once more refused, no more"
    said = [body for name, _, body in hotel.said() if name == "point.refused.v1"]
    assert [(body["version"], body["refused"]) for body in said] == [([1], [True]), ([2], [False]), ([3], [True])]


def test_the_refusal_follows_the_address_to_another_index(hotel: Hotel, refusing: Refusing) -> None:
    point = email(hotel.keyring, GONE)
    hotel.hears(guest(points=[point]))
    next_day(hotel, 0)
    clean = replace(point, point=hotel.keyring.index("email", "clean"), others=[point.point])
    hotel.hears(guest(version=2, points=[clean]))
    next_day(hotel, 1)
    assert refusing.tried == [GONE]
    assert hotel.all("select distinct point from refused_point") == [(clean.point,)]


def test_a_class_that_segments_knows_changes_nothing(hotel: Hotel) -> None:
    """Segments hears of it and publishes the point as bad; a guest.changed on its way says «personal» still."""
    hotel.hears(guest(points=[email(hotel.keyring, GONE)]))
    next_day(hotel, 0)
    hotel.hears(guest(version=2, points=[email(hotel.keyring, GONE, PointClass.PERSONAL)]))
    next_day(hotel, 1)
    assert hotel.outcomes()[-1] == ("skipped", "refused_point")
