"""A merge taken back: each allows what they allowed alone, whatever the order in which it is heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.messaging.commands.consents.ledger import record_consent
from shared.events.segments.guests import GuestErased, GuestMerged, GuestUnmerged
from shared.vocabulary.consent import ClaimedConsent
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, claim, email, guest, lisbon, stop
from tests.messaging.test_consent import state

EARLY = datetime(2016, 2, 1, 6, tzinfo=UTC)
MERGED_AT, APART_AT = MONDAY - timedelta(days=3), MONDAY - timedelta(days=1)
REFUSED, AGREED = ([claim("email", state, said_at=EARLY)] for state in (ClaimedConsent.REFUSED, ClaimedConsent.EXPRESS))


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon())
    return hotel


def merged(one: Any = ANA, into: Any = BEN, version: int = 2) -> GuestMerged:
    return GuestMerged(guest_id=one, version=version, into_guest_id=into, occurred_at=MERGED_AT)


def unmerged(one: Any = ANA, other: Any = BEN, version: int = 3, **more: Any) -> GuestUnmerged:
    values = {"stays": [], "points": [], "consents": [], "from_consents": [], **more}
    return GuestUnmerged(
        guest_id=one, version=version, from_guest_id=other, from_version=9, merged_at=MERGED_AT, occurred_at=APART_AT,
        **values,
    )  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_refusal_that_came_by_the_merge_goes_with_it_in_whatever_order(hotel: Hotel, order: tuple[int, ...]) -> None:
    hotel.hears(guest(ANA, consents=REFUSED), guest(BEN, consents=AGREED))
    news = [
        merged(),
        guest(BEN, version=2, consents=REFUSED),
        unmerged(consents=REFUSED, from_consents=AGREED),
        guest(ANA, version=4, consents=REFUSED),
    ]
    for place in order:
        hotel.hears(news[place])
    hotel.hears(news[0], news[2], guest(BEN, version=3, consents=AGREED))
    assert state(hotel, ANA) == "refused"
    if order.index(1) < order.index(2):  # else a late profile has told the refusal once more, and it stands
        assert state(hotel, BEN) == "express"
    assert hotel.all("select gone, given_name = '' from recipient order by guest_id") == [(None, False)] * 2
    assert hotel.one("select count(*) from consent_alone") == 0


def test_what_the_desk_wrote_down_of_the_survivor_is_there_again(hotel: Hotel) -> None:
    hotel.hears(guest(), guest(BEN), stop(hotel.keyring, "email", "x@example.com", "marketing", guest_id=ANA))
    with hotel.database.transaction() as tx:
        record_consent(tx, BEN, "email", "marketing", said_at=EARLY, source_ref="desk", at=EARLY)
    hotel.hears(merged())
    assert state(hotel, BEN) == "withdrawn"
    hotel.hears(unmerged(), unmerged())
    assert state(hotel, BEN) == "express" and state(hotel, ANA) == "withdrawn"


def test_a_chain_is_taken_apart_from_its_middle_or_its_end(hotel: Hotel) -> None:
    hotel.hears(guest(consents=[]), guest(BEN, consents=[]), guest(CARLA, consents=[]))
    hotel.hears(stop(hotel.keyring, "email", "x@example.com", "marketing", guest_id=ANA))
    hotel.hears(merged(ANA, BEN), merged(BEN, CARLA))
    assert state(hotel, CARLA) == "withdrawn"
    hotel.hears(unmerged(ANA, CARLA))
    assert (state(hotel, ANA), state(hotel, BEN), state(hotel, CARLA)) == ("withdrawn", None, None)
    hotel.hears(unmerged(BEN, CARLA), merged(ANA, BEN, 5), merged(BEN, CARLA, 5))
    assert state(hotel, CARLA) == "withdrawn"
    hotel.hears(unmerged(BEN, CARLA, 7))
    assert (state(hotel, BEN), state(hotel, CARLA)) == ("withdrawn", None)


def test_an_objection_stays_with_its_contact_point_and_ends_its_guests_consent(hotel: Hotel) -> None:
    address = "ana@example.com"
    point = email(hotel.keyring, address)
    hotel.hears(guest(ANA, points=[point], consents=AGREED), guest(BEN, consents=AGREED), merged())
    hotel.hears(guest(BEN, version=2, points=[point], consents=AGREED))
    hotel.hears(stop(hotel.keyring, "email", address, "marketing", guest_id=BEN))
    hotel.hears(unmerged(points=[point.point], consents=AGREED, from_consents=AGREED))
    assert hotel.all("select point, purpose from suppression") == [(point.point, "marketing")]
    assert state(hotel, ANA) == "withdrawn" and state(hotel, BEN) == "withdrawn"
    changed = [event for event in hotel.published("consent.changed.v1") if event["guest_id"] == str(ANA)]
    assert [event["state"] for event in changed] == ["withdrawn"]


def test_an_erased_guest_is_not_revived_and_a_later_merge_stands(hotel: Hotel) -> None:
    hotel.hears(guest(), guest(BEN), merged())
    hotel.hears(GuestErased(guest_id=ANA, version=3, occurred_at=MONDAY), unmerged(version=4), guest(version=5))
    assert hotel.one("select gone from recipient where guest_id = %s", ANA) == "erased"
    hotel.hears(merged(CARLA, BEN, 8), unmerged(CARLA, BEN, 3), guest(CARLA, version=4))
    assert hotel.one("select gone from recipient where guest_id = %s", CARLA) == "merged"
