"""Points that earlier versions stored as they were written: they are cleaned, and nothing under them is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.messaging.consumer import SUBSCRIPTIONS as OF_MESSAGING
from services.segments.clock import Imports
from services.segments.commands.guests import contacts
from services.segments.commands.reservations.book import book
from services.segments.config import Config
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.rules.people.contact_points import email_point, phone_point
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.messaging import PointRefused
from tests.conftest import MakeDatabase
from tests.harness import ServiceHarness
from tests.messaging.hotel import MONDAY, Hotel, birthday, lisbon, stop
from tests.segments.rows import MORNING, row, rows_of

LATER = MORNING + timedelta(days=1)
RITA, LEO = row(1).key().guest_id(), row(2).key().guest_id()
DIRTY, CLEAN = "'rita@example.com", "rita@example.com"


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


def stored_before(database: Database, text: str, kind: str, channel: str = "email", clean: str = CLEAN) -> None:
    """The clean point as an earlier version kept it: under its raw spelling."""
    ring = database.keyring
    with database.transaction() as tx:
        for table in ("guest_point", "contact_point"):
            tx.execute(f"alter table {table} disable trigger all")
        old, new = ring.index(channel, text), ring.index(channel, clean)
        tx.execute("update guest_point set point = %s where point = %s", [old, new])
        tx.execute(
            "update contact_point set point = %s, address_sealed = %s, kind = %s, fault = null where point = %s",
            [old, ring.seal(text, Sealing.CONTACT), kind, new],
        )


def cleans(database: Database) -> None:
    role = Imports(database, Config(), VirtualClock(LATER))
    while role.step(LATER):
        pass


def points(database: Database) -> set[tuple[str, str, str | None]]:
    found = rows_of(database, "select address_sealed, kind, fault from contact_point")
    return {(database.keyring.open(address, Sealing.CONTACT), kind, fault) for address, kind, fault in found}


def hears_of_guests(hotel: Hotel, segments: Database) -> None:
    for _, _, chunk in Segments(segments).outbox():
        for handler in [each.handlers[chunk.type.name] for each in OF_MESSAGING if chunk.type.name in each.handlers]:
            with hotel.database.transaction() as tx:
                handler(tx, chunk, MONDAY)


def is_refused(hotel: Hotel) -> bool:
    hotel.hears(birthday(RITA))
    hotel.runs()
    return hotel.outcomes() == [("skipped", "suppressed")]


@pytest.mark.parametrize("again", [True, False], ids=["stated again", "in the background"])
def test_an_objection_under_the_raw_spelling_holds_for_the_clean_one(
    segments: Database, make_database: MakeDatabase, again: bool
) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN)], MORNING)
    stored_before(segments, DIRTY, "personal")
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stop(segments.keyring, "email", DIRTY))  # 0.2.0 knew the address by this
    if again:
        with segments.transaction() as tx:
            book(tx, [row(1, email=DIRTY, tier="gold")], LATER)
    else:
        cleans(segments)
    assert points(segments) == {(CLEAN, "personal", None)}
    hears_of_guests(hotel, segments)
    assert is_refused(hotel)


def test_an_objection_under_a_raw_spelling_meets_a_guest_who_is_told_of_only_now(
    segments: Database, make_database: MakeDatabase
) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stop(segments.keyring, "email", DIRTY))
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN)], MORNING)
        book(tx, [row(3, email=DIRTY)], LATER)  # the same guest, by a source that writes it so
    hears_of_guests(hotel, segments)
    assert rows_of(segments, "select count(*) from contact_point") == [(1,)]
    assert is_refused(hotel)


def test_an_objection_under_the_clean_spelling_holds_as_before(segments: Database, make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stop(segments.keyring, "email", CLEAN))
    with segments.transaction() as tx:
        book(tx, [row(1, email=DIRTY)], MORNING)
    hears_of_guests(hotel, segments)
    assert is_refused(hotel)


def test_what_could_not_be_read_before_is_read_and_joins_its_guest(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN, phone="+8613800138000", country="CN")], MORNING)
    stored_before(segments, "8613800138000.0", "bad", "sms", "+8613800138000")
    cleans(segments)
    assert (CLEAN, "personal", None) in points(segments)
    assert ("+8613800138000", "personal", None) in points(segments)
    with segments.transaction() as tx:
        book(tx, [row(2, phone="+86 138 0013 8000")], LATER)
    assert rows_of(segments, "select count(*) from guest where merged_into is null") == [(1,)]


def test_several_addresses_that_were_kept_as_one_become_several(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN)], MORNING)
    stored_before(segments, "rita@example.com; r@work.example.org", "bad")
    cleans(segments)
    assert points(segments) == {(CLEAN, "personal", None), ("r@work.example.org", "personal", None)}
    assert rows_of(segments, "select count(*) from guest_point") == [(2,)]


def test_cleaning_ends_and_a_second_walk_finds_nothing(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN, phone="+351 21 123 4567")], MORNING)
    cleans(segments)
    assert rows_of(segments, "select done_at is not null from cleaning") == [(True,)]
    published = len(Segments(segments).outbox())
    cleans(segments)
    assert len(Segments(segments).outbox()) == published


def test_what_somebody_removed_under_its_raw_spelling_does_not_come_back_clean(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN, birth_date=None, phone="+351930000451")], MORNING)
    stored_before(segments, DIRTY, "personal")
    with segments.transaction() as tx:
        point = segments.keyring.index("email", DIRTY)
        contacts.remove_point(tx, RITA, 1, point, "Filipa", LATER, frozenset())
        book(tx, [row(1, email=DIRTY, phone="+351930000451", tier="gold")], LATER)
    assert {address for address, *_ in points(segments)} == {"+351930000451"}


def test_a_landline_stays_with_its_guest_who_is_known_by_it_and_gets_no_text(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, phone="+351 21 123 4567")], MORNING)
        book(tx, [row(2, phone="211234567", country="PT")], LATER)
    assert points(segments) == {("+351211234567", "bad", "landline")}
    assert rows_of(segments, "select count(*) from guest") == [(1,)], "found again by it"
    assert rows_of(segments, "select sms_personal from guest_facts") == [(False,)]
    assert Segments(segments).published("guest.changed.v1")[-1]["points"][0]["kind"] == "bad"


def test_a_number_without_a_country_is_dialled_in_the_hotels(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, property="SHA", phone="13800138000"), row(2, name="Leo Lis", phone="912345678")], MORNING)
    assert points(segments) == {("+8613800138000", "personal", None), ("+351912345678", "personal", None)}


def test_several_in_a_cell_are_all_the_guests(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com; r@work.example.org")], MORNING)
        book(tx, [row(2, email="R@work.example.org")], LATER)
    assert rows_of(segments, "select count(*) from guest") == [(1,)]
    assert len(points(segments)) == 2


def refused(segments: Database, version: int, is_refused: bool = True) -> PointRefused:
    point = segments.keyring.index("email", CLEAN)
    return PointRefused(channel="email", point=point, version=version, refused=is_refused, occurred_at=LATER)


def test_a_refused_address_reaches_nobody_until_it_is_held_to_be_right(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email=CLEAN)], MORNING)
    service = Segments(segments)
    service.hear_at(LATER, chunk_of([refused(segments, 1)]))
    assert points(segments) == {(CLEAN, "bad", "refused")}
    assert rows_of(segments, "select email_personal from guest_facts") == [(False,)]
    assert service.published("guest.changed.v1")[-1]["points"][0]["kind"] == "bad"
    with segments.transaction() as tx:
        book(tx, [row(3, email=CLEAN)], LATER)  # a source states it still
    assert points(segments) == {(CLEAN, "bad", "refused")}
    assert rows_of(segments, "select count(*) from guest") == [(1,)], "found by it all the same"
    service.hear_at(LATER, chunk_of([refused(segments, 2, False)]))
    service.hear_at(LATER, chunk_of([refused(segments, 1)]))  # late
    assert points(segments) == {(CLEAN, "personal", None)}
    assert service.published("guest.changed.v1")[-1]["points"][0]["kind"] == "personal"


def test_the_worth_of_an_address_stays_with_segments() -> None:
    assert (found := email_point("NoReply@example.com")) and (found.kind, found.fault) == ("bad", "placeholder")
    assert (found := phone_point("+351 800 200 100")) and (found.kind, found.fault) == ("bad", "service_number")
