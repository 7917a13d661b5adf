"""A key of the blind index is turned while everything runs: no objection is lost, in whatever order things arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from services.messaging.commands.consents.ledger import record_consent
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.contact import ContactPoint
from shared.events.feedback import OptoutRequested
from tests.cast import ANA, BEN
from tests.conftest import KEYS, MakeDatabase
from tests.harness import off_the_wire
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, stop

ADDRESS = "ana@example.com"
SECOND = "point.1=" + "cG9pbnQta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU="
THIRD = "point.2=" + "cG9pbnQta2V5LWZvci10ZXN0cy10d28tMzItYnl0ZXM="
OLD = KeyRing.parse(KEYS)
ADDED = KeyRing.parse(KEYS, SECOND)  # it is known, and not in use
USED = KeyRing.parse(SECOND, KEYS)
TURNED_TWICE = KeyRing.parse(THIRD, SECOND, KEYS)

AsRing = Callable[[KeyRing], Hotel]


@pytest.fixture
def with_ring(make_database: MakeDatabase) -> AsRing:
    """The same messaging, restarted with another ring."""
    database = make_database("messaging")
    Hotel(database).hears(lisbon())
    return lambda ring: Hotel(Database(database.dsn, service="messaging", keyring=ring))


def known(ring: KeyRing, under: KeyRing | None = None) -> ContactPoint:
    """The address as segments publishes it with this ring; `under`: by the index of another ring's key in use."""
    point = email(under or ring, ADDRESS)
    others = [index for index in ring.indexes("email", ADDRESS) if index != point.point]
    return replace(point, others=others or None)


def refused(hotel: Hotel) -> bool:
    hotel.hears(birthday())
    hotel.runs()
    ((state, reason),) = hotel.outcomes()
    return (state, reason) == ("skipped", "suppressed")


def objections(ring: KeyRing, scope: str = "channel") -> list[OptoutRequested]:
    """As feedback publishes one STOP: under each of its keys."""
    asked = stop(ring, "email", ADDRESS, scope)
    return [replace(asked, point=index) for index in ring.indexes("email", ADDRESS)]


def test_an_objection_under_the_old_key_refuses_a_guest_who_is_imported_under_the_new_one(with_ring: AsRing) -> None:
    with_ring(OLD).hears(*objections(OLD))  # nobody has that address yet
    hotel = with_ring(USED)
    hotel.hears(guest(points=[known(USED)]))
    assert refused(hotel)


def test_an_objection_that_comes_late_under_the_old_key_meets_the_guest_under_the_new_one(with_ring: AsRing) -> None:
    hotel = with_ring(USED)
    hotel.hears(guest(points=[known(USED)]), *objections(OLD))
    assert refused(hotel)


def test_an_objection_under_the_new_key_meets_a_guest_under_the_old_one(with_ring: AsRing) -> None:
    with_ring(OLD).hears(guest(points=[known(OLD)]))
    hotel = with_ring(USED)
    hotel.hears(*objections(USED))
    assert refused(hotel)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_guests_and_objections_arrive_nobody_is_written_to(
    with_ring: AsRing, order: tuple[int, ...]
) -> None:
    """Two guests of one address; the states of one were published before the turn, during it, and after it."""
    hotel = with_ring(USED)
    told: Sequence[Sequence[Any]] = (
        [guest(version=1, points=[known(OLD)])],
        [guest(version=2, points=[known(USED, under=OLD)])],
        [guest(BEN, version=1, points=[known(USED)])],
        objections(OLD),
    )
    for place in order:
        hotel.hears(*told[place])
    hotel.hears(*told[order[0]])  # and once more
    hotel.hears(guest(BEN, version=1, points=[known(OLD)]))  # and late
    hotel.hears(birthday(), birthday(BEN))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "suppressed")] * 2


@pytest.mark.parametrize("ring", [ADDED, USED, TURNED_TWICE], ids=["added", "used", "turned twice"])
def test_what_is_known_of_an_address_follows_it_at_each_step(with_ring: AsRing, ring: KeyRing) -> None:
    before = with_ring(OLD)
    before.hears(guest(points=[known(OLD)]), birthday(due_at=MONDAY - timedelta(days=2)))
    before.runs(MONDAY - timedelta(days=2))
    with before.database.transaction() as tx:  # as the version before counted it
        tx.execute("insert into counted_contact select 'point', point, claimed_at, message_id from delivery")
    before.hears(*objections(OLD, "marketing"))
    hotel = with_ring(ring)
    hotel.hears(guest(version=2, points=[known(ring, under=OLD)]))
    newest = ring.index("email", ADDRESS)
    for query in (
        "select distinct point from recipient_point",
        "select distinct point from suppression",
        "select distinct point from delivery where claimed_at is not null",
        "select distinct key from counted_contact where kind = 'point'",
    ):
        assert hotel.all(query) == [(newest,)], query


def test_turned_a_second_time_the_first_index_still_leads_to_the_address(with_ring: AsRing) -> None:
    with_ring(USED).hears(guest(points=[known(USED)]))
    hotel = with_ring(TURNED_TWICE)
    hotel.hears(guest(version=2, points=[known(TURNED_TWICE)]), *objections(OLD))
    assert refused(hotel)


def test_an_objection_that_a_later_consent_lifted_does_not_come_back_under_another_index(with_ring: AsRing) -> None:
    with_ring(OLD).hears(guest(points=[known(OLD)]))
    hotel = with_ring(USED)
    hotel.hears(*objections(USED))
    later = MONDAY + timedelta(minutes=1)
    with hotel.database.transaction() as tx:
        record_consent(tx, ANA, "email", "marketing", said_at=later, source_ref="desk", at=later)
    hotel.hears(guest(version=2, points=[known(USED)]))
    hotel.hears(birthday())
    hotel.runs(later)
    assert hotel.outcomes() == [("sent", None)]
    # what it did not concern still holds
    assert hotel.all("select point, purpose from suppression") == [(USED.index("email", ADDRESS), "feedback")]


@pytest.mark.parametrize("objection_first", [True, False])
def test_an_objection_and_a_move_at_the_same_moment_wait_for_one_another(
    with_ring: AsRing, objection_first: bool
) -> None:
    hotel, other = with_ring(USED), with_ring(USED)
    told: list[Any] = [objections(OLD), [guest(points=[known(USED)])]]
    first, second = told if objection_first else reversed(told)
    with ThreadPoolExecutor(1) as thread:
        with hotel.database.transaction() as tx:
            chunk = off_the_wire(chunk_of(list(first)))
            for handler in hotel.handlers(chunk.type.name):
                handler(tx, chunk, MONDAY)
            waiting = thread.submit(other.hears, *second)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result(10)
    assert refused(hotel)


def test_without_a_turn_nothing_is_moved(with_ring: AsRing) -> None:
    hotel = with_ring(OLD)
    hotel.hears(guest(points=[known(OLD)]), *objections(OLD))
    assert hotel.one("select count(*) from point_alias") == 0
    assert refused(hotel)
