"""A reservation number told again: for a corrected guest, another guest, another stay. Twice, late, reordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.enter import Entered, EntryOptions, enter
from services.segments.commands.reservations.move_stays import check_in
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.rules.reservations import Reservation
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus
from tests.segments.rows import MORNING, row, rows_of, told
from tests.segments.test_import import AT, line, write

MAIL, HIS = "rita@example.com", "joao@example.com"
JULY: dict[str, Any] = {"arrival": date(2016, 7, 10), "departure": date(2016, 7, 12), "booked_on": date(2016, 6, 1)}
RITAS = row(1, email=MAIL, birth_date=date(1980, 5, 4))
JOAOS = row(1, name="João Lopes", email=HIS, sms_consent=ClaimedConsent.REFUSED)
NEXT = replace(JOAOS, **JULY, status_date=date(2016, 6, 1))
STATED = EntryOptions(booking_only=False, initial=False, lane=None)


def tell(database: Database, *rows: Reservation, at_once: bool = False) -> Entered:
    """The rows as a source states them, one after another; what became of the last of them."""
    for some in [rows] if at_once else [[one] for one in rows]:
        with database.transaction() as tx:
            entered = enter(tx, some, MORNING, STATED)
    return entered


def guests(database: Database) -> list[tuple[Any, ...]]:
    return rows_of(database, "select given_name, family_name, birth_date from guest order by given_name")


def stays(database: Database) -> list[tuple[Any, ...]]:
    """Whose stay arrives when."""
    query = "select given_name, arrival from stay join guest on guest.id = guest_id order by arrival, given_name"
    return rows_of(database, query)


def everything(database: Database) -> list[tuple[Any, ...]]:
    return [
        *guests(database),
        *rows_of(database, "select id, guest_id, version, arrival, status from stay order by id"),
    ]


HIS_LINE = {
    "first_name": "João", "last_name": "Lopes", "email": HIS, "phone": "", "booked_on": "2016-06-01",
    "status_date": "7/13/2016", "arrival": "2016-07-10", "departure": "2016-07-13",
}  # fmt: skip
RITA, JOAO = ("Rita", "Cantu", date(1980, 5, 4)), ("João", "Lopes", None)
MARCH = date(2016, 3, 10)


@pytest.mark.parametrize("at_once", [True, False], ids=["in one set", "one by one"])
def test_under_another_name_the_stay_moves_and_the_first_guest_stays_who_they_were(
    segments: Database, at_once: bool
) -> None:
    tell(segments, RITAS, JOAOS, at_once=at_once)
    assert guests(segments) == [JOAO, RITA]
    assert stays(segments) == [("João", MARCH)]
    consents = rows_of(segments, "select given_name, state from consent_claim c join guest on id = guest_id"
                                 " where channel = 'sms' order by 1")  # fmt: skip
    assert consents == [("João", "refused"), ("Rita", "never_asked")]
    addresses = rows_of(segments, "select given_name from guest_point join guest on id = guest_id order by 1")
    assert addresses == [("João",), ("Rita",)]


def test_the_move_is_published_with_the_new_guest_and_a_greater_version(segments: Database) -> None:
    tell(segments, RITAS)
    before = len(told(segments))
    assert tell(segments, JOAOS).stays_moved == 1
    assert told(segments)[before:] == ["guest.changed", "stay.changed"]
    assert rows_of(segments, "select version from stay") == [(2,)]


def test_the_stay_moves_to_a_guest_who_is_known(segments: Database) -> None:
    tell(segments, row(2, name="João Lopes", email=HIS), RITAS, JOAOS)
    assert guests(segments) == [JOAO, RITA]
    assert stays(segments) == [("João", MARCH), ("João", MARCH)]


@pytest.mark.parametrize("order", [[RITAS, NEXT], [NEXT, RITAS]], ids=["in order", "out of order"])
@pytest.mark.parametrize("at_once", [True, False], ids=["in one set", "one by one"])
def test_with_other_dates_it_is_another_stay(segments: Database, order: list[Reservation], at_once: bool) -> None:
    tell(segments, *order, at_once=at_once)
    assert guests(segments) == [JOAO, RITA]
    assert stays(segments) == [("Rita", MARCH), ("João", date(2016, 7, 10))]
    assert rows_of(segments, "select distinct reservation from stay") == [("LIS-000001",)]


@pytest.mark.parametrize("second", [JOAOS, NEXT], ids=["moved", "another stay"])
@pytest.mark.parametrize("again", [[0], [1], [0, 1], [1, 0], [0, 0, 1, 0]], ids=str)
def test_what_comes_again_changes_nothing(segments: Database, second: Reservation, again: Sequence[int]) -> None:
    tell(segments, RITAS, second)
    before, published = everything(segments), len(told(segments))
    tell(segments, *[(RITAS, second)[which] for which in again])
    tell(segments, *[(RITAS, second)[which] for which in again], at_once=True)
    assert everything(segments) == before
    assert len(told(segments)) == published


def test_each_row_restates_its_own_stay(segments: Database) -> None:
    tell(segments, RITAS, NEXT, replace(RITAS, adults=2), replace(NEXT, departure=date(2016, 7, 14)))
    query = "select given_name, adults, departure from stay join guest on guest.id = guest_id order by arrival"
    assert rows_of(segments, query) == [("Rita", 2, date(2016, 3, 12)), ("João", None, date(2016, 7, 14))]


def test_a_row_that_is_older_than_the_stay_does_not_take_it_back(segments: Database) -> None:
    out: dict[str, Any] = {"status": StayStatus.CHECKED_OUT, "status_date": date(2016, 3, 12)}
    tell(segments, RITAS, replace(JOAOS, **out))
    late = tell(segments, replace(RITAS, adults=3))
    assert (late.late, late.stays_moved) == (1, 0)
    assert stays(segments) == [("João", MARCH)]


def test_a_name_told_back_with_news_moves_the_stay_back_to_the_same_guest(segments: Database) -> None:
    tell(segments, RITAS, JOAOS, replace(RITAS, adults=3))
    assert guests(segments) == [JOAO, RITA]
    assert stays(segments) == [("Rita", MARCH)]


def test_three_guests_of_one_number_are_three(segments: Database) -> None:
    tell(segments, row(1), row(1, name="João Lopes"), row(1, name="Eva Matos"), row(1, name="João Lopes", adults=2))
    assert [given for given, *_ in guests(segments)] == ["Eva", "João", "Rita"]
    assert stays(segments) == [("João", MARCH)]


SAME = [
    ("a corrected spelling", {"name": "Rita Kantu"}, {"email": MAIL}),
    ("a corrected spelling and no contact", {"name": "Rita Kantu"}, {"email": None}),
    ("a married name", {"name": "Rita Lopes"}, {"email": MAIL}),
    ("a fuller name", {"name": "Rita Maria Cantu"}, {"email": None}),
    ("other dates under the same name", {"name": "Rita Cantu", **JULY}, {"email": MAIL}),
    ("another script", {"given_name": "Рита", "family_name": "Канту"}, {"email": MAIL}),
    ("no name", {"given_name": "", "family_name": ""}, {"email": None}),
    ("another birth date", {"birth_date": date(1955, 4, 10)}, {"email": MAIL}),
]
OTHER = [
    ("a married name and no contact", {"name": "Rita Lopes"}, {"email": None}),
    ("a married name and another contact", {"name": "Rita Lopes"}, {"email": HIS}),
    ("a corrected spelling and another contact", {"name": "Rita Kantu"}, {"email": HIS}),
    ("a brother", {"name": "Mario Cantu"}, {"email": MAIL}),
    ("a couple", {"name": "Rita & João Cantu"}, {"email": MAIL}),
    ("the same address under another name", {"name": "João Lopes"}, {"email": MAIL}),
]


@pytest.mark.parametrize(("why", "changes", "contact"), SAME, ids=[case[0] for case in SAME])
def test_the_guest_stays_the_same(
    segments: Database, why: str, changes: dict[str, Any], contact: dict[str, Any]
) -> None:
    tell(segments, RITAS, row(1, **(contact | changes)))
    assert len(guests(segments)) == len(stays(segments)) == 1, why


@pytest.mark.parametrize(("why", "changes", "contact"), OTHER, ids=[case[0] for case in OTHER])
def test_it_is_another_guest(segments: Database, why: str, changes: dict[str, Any], contact: dict[str, Any]) -> None:
    tell(segments, RITAS, row(1, **(contact | changes)))
    assert RITA in guests(segments) and len(guests(segments)) == 2, why
    assert len(stays(segments)) == 1, why


def test_a_birth_date_told_later_that_is_another_persons_moves_the_stay(segments: Database) -> None:
    tell(segments, row(1, email=MAIL, birth_date=date(1955, 4, 10)), row(2, email=MAIL))
    tell(segments, row(2, email=MAIL, birth_date=date(1985, 9, 20)))
    assert [born for *_, born in guests(segments)] == [date(1955, 4, 10), date(1985, 9, 20)]


def test_a_number_is_told_for_two_stays_of_one_guest_once_it_began_anew(segments: Database) -> None:
    out: dict[str, Any] = {"status": StayStatus.CHECKED_OUT, "status_date": date(2016, 3, 12)}
    tell(segments, replace(RITAS, **out), NEXT, replace(RITAS, **JULY, status_date=date(2016, 6, 1), email=MAIL))
    assert stays(segments) == [("Rita", MARCH), ("João", date(2016, 7, 10)), ("Rita", date(2016, 7, 10))]


def test_bookings_told_for_another_guest_keep_what_became_of_the_stay(segments: Database) -> None:
    for rows in ([RITAS], [JOAOS]):
        with segments.transaction() as tx:
            book(tx, rows, MORNING)
            check_in(tx, [RITAS.key()], MORNING)
    assert rows_of(segments, "select status from stay") == [("checked_in",)]
    assert stays(segments) == [("João", MARCH)]


@pytest.mark.parametrize(
    ("day", "moved"), [("2016-03-10", ("checked_in", "booked")), ("2016-07-10", ("booked", "checked_in"))]
)
def test_a_verb_by_number_means_the_stay_that_arrives_nearest(
    segments: Database, day: str, moved: tuple[str, str]
) -> None:
    tell(segments, RITAS, NEXT)
    with segments.transaction() as tx:
        assert check_in(tx, [RITAS.key()], datetime.fromisoformat(f"{day}T15:00:00Z")).moved == 1
    statuses = rows_of(segments, "select status from stay order by arrival")
    assert tuple(status for (status,) in statuses) == moved


def test_the_row_of_an_erased_guest_takes_no_stay_back(segments: Database) -> None:
    tell(segments, RITAS, JOAOS)
    with segments.transaction() as tx:
        erase_guest(tx, make_id("guest", "pms", "LIS", "LIS-000001"), "Filipa", MORNING, lambda _: None)
    tell(segments, RITAS)
    assert stays(segments) == [("João", MARCH)]


def test_a_file_may_hold_a_number_twice_and_comes_again_in_any_order(segments: Database, tmp_path: Path) -> None:
    ritas, joaos = line(1), line(1, **HIS_LINE)
    for order in ([ritas, joaos], [joaos, ritas], [ritas], [joaos]):
        done = import_reservations(segments, write(tmp_path / "a.csv", order), ImportMapping(), AT)
    assert stays(segments) == [("Rita", MARCH), ("João", date(2016, 7, 10))]
    assert (done.stays_made, done.stays_changed, done.unchanged) == (0, 0, 1)


def test_of_one_stay_in_a_file_the_last_line_counts_and_an_older_file_takes_nothing_back(
    segments: Database, tmp_path: Path
) -> None:
    ritas, joaos = line(1), line(1, first_name="João", last_name="Lopes", email=HIS, phone="")
    for order in ([ritas], [joaos], [ritas], [joaos], [ritas, joaos]):
        import_reservations(segments, write(tmp_path / "a.csv", order), ImportMapping(), AT)
    assert [given for given, *_ in guests(segments)] == ["João", "Rita"]
    assert stays(segments) == [("João", MARCH)]
