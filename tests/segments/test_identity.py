"""Whose reservation a row is, on a real database, through `book`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.segments.commands.reservations.book import book
from services.segments.rules.reservations import Reservation
from shared.database.pool import Database
from shared.vocabulary.consent import ClaimedConsent
from tests.segments.rows import MORNING, partition, row, rows_of, told

MAIL = "rita@example.com"
PHONE = "+351 930 000 451"
BORN = date(1980, 5, 4)


def enter(database: Database, *rows: Reservation, at_once: bool = True) -> set[frozenset[str]]:
    """The guests' reservations (their numbers' last digits) after booking the rows, in one set or one by one."""
    for some in [rows] if at_once else [[one] for one in rows]:
        with database.transaction() as tx:
            book(tx, some, MORNING)
    return {frozenset(str(int(number[-6:])) for number in guest) for guest in partition(database)}


TOGETHER = {frozenset("12")}
APART = {frozenset("1"), frozenset("2")}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], set[frozenset[str]]]] = [
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
    ("father and son", {"email": MAIL, "phone": PHONE, "birth_date": BORN},
     {"email": MAIL, "phone": PHONE, "birth_date": date(1955, 4, 10)}, APART),
    ("day and month swapped", {"email": MAIL, "birth_date": BORN}, {"email": MAIL, "birth_date": date(1980, 4, 5)},
     TOGETHER),
    ("a digit of the birth date", {"email": MAIL, "birth_date": BORN}, {"email": MAIL, "birth_date": date(1981, 5, 4)},
     TOGETHER),
    ("a birth date that stands for none", {"email": MAIL, "birth_date": BORN},
     {"email": MAIL, "birth_date": date(1900, 1, 1)}, TOGETHER),
    ("a couple after one of them", {"email": MAIL}, {"email": MAIL, "name": "Rita and João Cantu"}, APART),
    ("one of a couple after it", {"email": MAIL, "name": "Rita & João Cantu"}, {"email": MAIL}, APART),
    ("a couple and its birth date", {"birth_date": BORN, "name": "Rita & João Cantu"}, {"birth_date": BORN}, APART),
    ("a couple by its title", {"email": MAIL, "given_name": ""},
     {"email": MAIL, "given_name": "", "title": "Mr & Mrs"}, APART),
    ("a couple again", {"email": MAIL, "name": "Rita & João Cantu"}, {"email": MAIL, "name": "João and Rita Cantu"},
     TOGETHER),
    ("another couple", {"email": MAIL, "name": "Rita & Rui Cantu"}, {"email": MAIL, "name": "Rita & Gil Cantu"}, APART),
    ("a Chinese couple", {"email": MAIL, "given_name": "张伟和李娜", "family_name": ""},
     {"email": MAIL, "given_name": "伟", "family_name": "张"}, APART),
]  # fmt: skip


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


def test_a_couple_brings_no_birth_date_and_takes_none(segments: Database) -> None:
    enter(segments, row(1, email=MAIL), row(2, email=MAIL, name="Rita and João Cantu", birth_date=BORN))
    assert rows_of(segments, "select given_name, birth_date from guest order by 1") == [
        ("Rita", None),
        ("Rita and João", None),
    ]


def test_father_and_son_on_one_address_keep_their_birth_dates(segments: Database) -> None:
    family = {"email": "familia@example.com", "name": "José Silva"}
    rows = [
        row(1, **family, birth_date=date(1955, 4, 10)),
        row(2, **family, birth_date=date(1985, 9, 20)),
        row(3, **family | {"name": "J. Silva"}),
        row(4, **family | {"name": "Joana Silva"}, birth_date=date(1990, 12, 1)),
    ]
    assert enter(segments, *rows) == {frozenset("13"), frozenset("2"), frozenset("4")}
    born = rows_of(segments, "select birth_date from guest order by 1")
    assert born == [(date(1955, 4, 10),), (date(1985, 9, 20),), (date(1990, 12, 1),)]
    assert rows_of(segments, "select row_ref from possible_duplicate") == [("LIS-000003",)]  # it fits both


ALIKE: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("a typo", {"email": MAIL}, {"email": MAIL, "name": "Rita Kantu"}, ["same_email", "typo"]),
    ("an umlaut", {"phone": PHONE, "name": "Jörg Müller"}, {"phone": PHONE, "name": "Joerg Mueller"},
     ["same_phone", "spelling"]),
    ("pinyin", {"email": MAIL, "given_name": "三", "family_name": "张"}, {"email": MAIL, "name": "San Zhang"},
     ["same_email", "other_script"]),
    ("traditional", {"email": MAIL, "given_name": "張偉", "family_name": ""},
     {"email": MAIL, "given_name": "张伟", "family_name": ""}, ["same_email", "other_script"]),
    ("Cyrillic", {"email": MAIL, "name": "Иван Петров"}, {"email": MAIL, "name": "Ivan Petrov"},
     ["same_email", "other_script"]),
    ("a married name", {"email": MAIL, "birth_date": BORN}, {"email": MAIL, "birth_date": BORN, "name": "Rita Lopes"},
     ["same_email", "other_family_name", "same_birth_date"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "first", "second", "reasons"), ALIKE, ids=[case[0] for case in ALIKE])
@pytest.mark.parametrize("at_once", [True, False], ids=["in one set", "one by one"])
def test_who_is_alike_is_filed_with_score_and_reasons_and_never_joined(
    segments: Database, why: str, first: dict[str, Any], second: dict[str, Any], reasons: list[str], at_once: bool
) -> None:
    assert enter(segments, row(1, **first), row(2, **second), at_once=at_once) == APART, why
    [(key, score, found)] = rows_of(segments, "select key, score, reasons from possible_duplicate")
    assert key in ("email", "phone") and 0.5 <= score <= 1 and found == reasons


@pytest.mark.parametrize("name", ["João Cantu", "Rita Lopes", "Rita & João Cantu", "Mario Silva"])
def test_who_is_not_alike_is_not_filed(segments: Database, name: str) -> None:
    enter(segments, row(1, email=MAIL), row(2, email=MAIL, name=name))
    assert rows_of(segments, "select * from possible_duplicate") == []


def test_of_one_number_at_two_hotels_the_same_row_decides_in_any_order(segments: Database) -> None:
    said = {"LIS": "en", "ALG": "pt"}
    for number, order in (("1001", ("LIS", "ALG")), ("1002", ("ALG", "LIS"))):
        mail = f"rita{number}@example.com"
        rows = [row(reservation=number, property=hotel, email=mail, language=said[hotel]) for hotel in order]
        enter(segments, *rows, at_once=False)
    assert rows_of(segments, "select language from guest") == [("en",), ("en",)]
