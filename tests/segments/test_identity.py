"""Whose reservation a row is, on a real database, through `book`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from services.segments.commands.reservations.book import book
from services.segments.rules.reservations import Reservation
from shared.database.pool import Database
from shared.vocabulary.consent import ClaimedConsent
from tests.segments.rows import MORNING, add_properties, partition, row, told

MAIL = "rita@example.com"
PHONE = "+351 930 000 451"
BORN = date(1980, 5, 4)


@pytest.fixture
def segments(make_database: Callable[[str], Database]) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


def enter(database: Database, *rows: Reservation, at_once: bool = True) -> set[frozenset[str]]:
    """The guests' reservations (their numbers' last digits) after booking the rows, in one set or one by one."""
    for some in [rows] if at_once else [[one] for one in rows]:
        with database.transaction() as tx:
            book(tx, some, MORNING)
    return {frozenset(str(int(number[-6:])) for number in guest) for guest in partition(database)}


TOGETHER = {frozenset("12")}
APART = {frozenset("1"), frozenset("2")}
CASES = [
    ("one e-mail, one name", {"email": MAIL}, {"email": " RITA@example.com"}, TOGETHER),
    ("one e-mail, an initial", {"email": MAIL}, {"email": MAIL, "name": "R. Cantu"}, TOGETHER),
    ("one e-mail, another name", {"email": MAIL}, {"email": MAIL, "name": "João Cantu"}, APART),
    ("one e-mail, a typo", {"email": MAIL}, {"email": MAIL, "name": "Rita Kantu"}, APART),
    ("one phone in two spellings", {"phone": PHONE}, {"phone": "930000451", "country": "PT"}, TOGETHER),
    ("one phone, another name", {"phone": PHONE}, {"phone": PHONE, "name": "João Cantu"}, APART),
    ("name and birth date", {"birth_date": BORN}, {"birth_date": BORN, "name": "RITA CANTU"}, TOGETHER),
    ("swapped name and birth date", {"birth_date": BORN}, {"birth_date": BORN, "name": "Cantu Rita"}, TOGETHER),
    ("an initial and a birth date", {"birth_date": BORN}, {"birth_date": BORN, "name": "R. Cantu"}, APART),
    ("name and another birth date", {"birth_date": BORN}, {"birth_date": date(1981, 5, 4)}, APART),
    ("name and a placeholder", {"birth_date": date(1900, 1, 1)}, {"birth_date": date(1900, 1, 1)}, APART),
    ("a bare name", {}, {}, APART),
    ("a masked address", {"email": "a1@guest.booking.com"}, {"email": "a1@guest.booking.com"}, APART),
    ("an agency's address", {"email": "info@example.com"}, {"email": "info@example.com"}, APART),
    ("a bad address", {"email": "rita@"}, {"email": "rita@"}, APART),
]


@pytest.mark.parametrize(("why", "first", "second", "expected"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("at_once", [True, False], ids=["in one set", "one by one"])
def test_two_rows_are_one_guests_only_by_a_permitted_key(
    segments: Database,
    why: str,
    first: dict[str, object],
    second: dict[str, object],
    expected: set[frozenset[str]],
    at_once: bool,
) -> None:
    assert enter(segments, row(1, **first), row(2, **second), at_once=at_once) == expected, why


def test_a_row_that_fits_two_guests_joins_the_stronger_keys_and_files_the_other(segments: Database) -> None:
    rows = [row(1, phone=PHONE), row(2, email=MAIL), row(3, email=MAIL, phone=PHONE)]
    assert enter(segments, *rows) == {frozenset("1"), frozenset("23")}
    with segments.transaction() as tx:
        assert tx.execute("select key, row_ref from possible_duplicate").fetchall() == [("phone", "LIS-000003")]


def test_the_same_pair_is_filed_once(segments: Database) -> None:
    rows = [row(1, phone=PHONE), row(2, email=MAIL), *(row(n, email=MAIL, phone=PHONE) for n in (3, 4))]
    enter(segments, *rows, at_once=False)
    with segments.transaction() as tx:
        assert tx.execute("select count(*) from possible_duplicate").fetchone() == (1,)


def test_among_several_on_one_key_the_oldest_compatible_is_joined(segments: Database) -> None:
    rows = [
        row(1, phone=PHONE, name="Ana Silva"),
        row(2, phone=PHONE, name="Rui Silva"),
        row(3, phone=PHONE, name="R. Silva"),
    ]
    assert enter(segments, *rows) == {frozenset("1"), frozenset("23")}


@pytest.mark.parametrize("at_once", [True, False], ids=["in one set", "one by one"])
def test_a_number_on_more_than_five_names_is_a_bookers_from_then_on(segments: Database, at_once: bool) -> None:
    names = ["Ana Silva", "Rui Costa", "Eva Lopes", "Gil Matos", "Ida Nunes", "Leo Pires"]
    rows = [row(n, phone=PHONE, name=name) for n, name in enumerate(names, start=1)]
    enter(segments, *rows, at_once=at_once)
    with segments.transaction() as tx:
        assert tx.execute("select kind, guests from contact_point").fetchall() == [("agency", 6)]
        rows_of_guests = tx.execute("select min(version), max(version) from guest").fetchone()
    assert rows_of_guests == ((1, 1) if at_once else (1, 2))
    assert told(segments).count("guest.changed") == (6 if at_once else 6 + 5)
    after = enter(segments, row(7, phone=PHONE, name="Ana Silva"))
    assert frozenset("7") in after


def test_the_fullest_name_stays_and_the_latest_word_decides_every_other_field(segments: Database) -> None:
    first = row(1, email=MAIL, booked_on=date(2016, 1, 1), language="en", country="GB", tier="gold", title="Ms")
    second = row(2, email=MAIL, booked_on=date(2016, 2, 1), language="pt", name="R. CANTU")
    for some in ([first, second], [second, first]):
        enter(segments, *some, at_once=False)
    with segments.transaction() as tx:
        query = "select title, given_name, family_name, language, country, tier, home_zone from guest"
        assert tx.execute(query).fetchall() == [("Ms", "Rita", "Cantu", "pt", "GB", "gold", "Europe/London")]


def test_an_older_row_that_comes_late_decides_nothing_already_decided(segments: Database) -> None:
    late = row(1, email=MAIL, booked_on=date(2016, 1, 1), language="en", email_consent=ClaimedConsent.NEVER_ASKED)
    enter(segments, row(2, email=MAIL, booked_on=date(2016, 2, 1), language="pt"), late, at_once=False)
    with segments.transaction() as tx:
        assert tx.execute("select language from guest").fetchall() == [("pt",)]
        assert tx.execute("select state from consent_claim where channel = 'email'").fetchall() == [("express",)]
