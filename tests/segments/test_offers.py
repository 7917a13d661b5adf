"""Offers that are given and used are facts of the guest, of those who were merged into them too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.reservations.book import book
from services.segments.consumer import SUBSCRIPTIONS
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.messaging import OfferGiven, OfferRedeemed, OfferReferred
from shared.ids import make_id
from shared.vocabulary.offer import OfferKind, RedeemedBy
from tests.harness import ServiceHarness
from tests.segments.rows import MORNING, row

RITA, JOAO = row(1).key().guest_id(), row(2).key().guest_id()
NONE: list[str] = []


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


@pytest.fixture
def house(database: Database) -> Segments:
    with database.transaction() as tx:
        book(tx, [row(1, email="rita@example.com"), row(2, name="João Reis", email="joao@example.com")], MORNING)
    return Segments(database)


def given(offer: str, guest: UUID = RITA) -> OfferGiven:
    return OfferGiven(guest_id=guest, offer=offer, version=1, kind=OfferKind.UNIQUE, property=None, occurred_at=MORNING)


def used(offer: str, guest: UUID | None = RITA, kind: type = OfferRedeemed) -> Any:
    return kind(
        redemption_id=make_id("use", offer, guest), version=1, offer=offer, guest_id=guest, stay_id=None,
        property="LIS", amount=None, currency=None, redeemed_on=MORNING.date(), source=RedeemedBy.DESK,
        occurred_at=MORNING,
    )  # fmt: skip


def facts(house: Segments, guest: UUID = RITA) -> tuple[Any, ...]:
    """Held, used, referred."""
    query = "select offers_held, offers_used, offers_referred from guest_facts where guest_id = %s"
    (found,) = house.all(query, guest)
    return found


def test_an_offer_is_held_until_it_is_used_whatever_comes_first(house: Segments) -> None:
    house.hear_at(MORNING, chunk_of([given("winter"), given("summer")]))
    assert facts(house) == (["summer", "winter"], NONE, NONE)
    house.hear_at(MORNING, chunk_of([used("winter")]))
    house.hear_at(MORNING, chunk_of([used("winter")]))
    house.hear_at(MORNING, chunk_of([used("spring")]))
    house.hear_at(MORNING, chunk_of([given("spring"), given("winter")]))
    assert facts(house) == (["summer"], ["spring", "winter"], NONE)


def test_a_friend_counts_for_whoever_brought_them_and_uses_nothing_up(house: Segments) -> None:
    house.hear_at(MORNING, chunk_of([given("friends")]))
    house.hear_at(MORNING, chunk_of([used("friends", kind=OfferReferred)]))
    assert facts(house) == (["friends"], NONE, ["friends"])


def test_a_use_of_which_nobody_knows_whose_it_was_changes_nobody(house: Segments) -> None:
    house.hear_at(MORNING, chunk_of([used("winter", None)]))
    assert facts(house) == facts(house, JOAO) == (NONE, NONE, NONE)
    assert house.one("select count(*) from offer_known") == 0


def test_what_a_merged_guest_was_offered_is_the_guests_and_their_own_again_after_it(house: Segments) -> None:
    house.hear_at(MORNING, chunk_of([given("winter", JOAO), given("summer")]))
    with house.database.transaction() as tx:
        merge_guests(tx, RITA, JOAO, "Ada", MORNING)
    root = house.one("select coalesce(merged_into, id) from guest where id = %s", JOAO)
    assert root == house.one("select coalesce(merged_into, id) from guest where id = %s", RITA)
    assert facts(house, root) == (["summer", "winter"], NONE, NONE)
    house.hear_at(MORNING, chunk_of([used("winter", JOAO)]))
    assert facts(house, root) == (["summer"], ["winter"], NONE)
    gone = JOAO if root == RITA else RITA
    with house.database.transaction() as tx:
        unmerge_guest(tx, gone, "Ada", MORNING)
    assert facts(house, RITA) == (["summer"], NONE, NONE)
    assert facts(house, JOAO) == (NONE, ["winter"], NONE)
