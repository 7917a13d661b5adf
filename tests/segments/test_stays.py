"""What becomes of stays: verbs, versions, what is told, and two commands at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import cancel, check_in, check_out, mark_no_show, reinstate
from services.segments.commands.reservations.row_codec import decode_row, encode_row, hash_of
from services.segments.rules.reservations import Happening, happenings
from shared.database.pool import Database
from shared.errors import InputError
from shared.vocabulary.stay import StayStatus
from tests.segments.rows import MORNING, add_properties, row, told

LATER = datetime(2016, 3, 12, 12, tzinfo=UTC)
KEY = row(1).key()


@pytest.fixture
def segments(make_database: Callable[[str], Database]) -> Database:
    database = make_database("segments")
    add_properties(database)
    with database.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    return database


def stay(database: Database) -> tuple[Any, ...]:
    with database.transaction() as tx:
        found = tx.execute("select status, version, checked_out_on, ended_on from stay").fetchone()
    assert found is not None
    return found


def test_a_booking_tells_of_the_guest_and_the_stay(segments: Database) -> None:
    assert told(segments)[:2] == ["guest.changed", "stay.booked"]


def test_a_booking_told_twice_does_nothing(segments: Database) -> None:
    before = told(segments)
    with segments.transaction() as tx:
        done = book(tx, [row(1, email="rita@example.com")], LATER)
    assert (done.stays_made, done.stays_changed, done.guests_changed) == (0, 0, 0)
    assert told(segments) == before


def test_a_booking_told_again_after_the_cancellation_revives_nothing(segments: Database) -> None:
    with segments.transaction() as tx:
        cancel(tx, [KEY], MORNING)
        book(tx, [row(1, email="rita@example.com")], LATER)
        book(tx, [row(1, email="rita@example.com", room_type="D")], LATER)
    assert stay(segments)[:2] == ("cancelled", 3)
    assert told(segments)[-1] == "stay.changed"


def test_a_moved_booking_has_changed(segments: Database) -> None:
    with segments.transaction() as tx:
        done = book(tx, [row(1, email="rita@example.com", departure=date(2016, 3, 14))], LATER)
    assert done.stays_changed == 1
    assert stay(segments)[:2] == ("booked", 2)
    assert told(segments).count("stay.changed") == 1


def test_a_stay_is_checked_in_and_out_on_the_propertys_day(segments: Database) -> None:
    with segments.transaction() as tx:
        check_in(tx, [KEY], datetime(2016, 3, 10, 15, tzinfo=UTC))
        check_out(tx, [KEY], LATER)
    assert stay(segments) == ("checked_out", 3, date(2016, 3, 12), None)
    assert [name for name in told(segments) if name.startswith("stay")] == [
        "stay.booked", "stay.checked_in", "stay.checked_out",
    ]  # fmt: skip


def test_a_check_out_before_midnight_utc_falls_on_the_next_day_in_shanghai(segments: Database) -> None:
    other = replace(row(2), property="SHA")
    with segments.transaction() as tx:
        book(tx, [other], MORNING)
        check_out(tx, [other.key()], datetime(2016, 3, 12, 20, tzinfo=UTC))
        days = tx.execute("select checked_out_on from stay where property = 'SHA'").fetchall()
    assert days == [(date(2016, 3, 13),)]


def test_a_verb_that_does_not_start_from_the_status_is_refused_and_tells_nothing(segments: Database) -> None:
    with segments.transaction() as tx:
        assert cancel(tx, [KEY], MORNING).moved == 1
        before = tx.execute("select count(*) from outbox").fetchone()
        for verb in (cancel, mark_no_show, check_in, check_out):
            assert verb(tx, [KEY], LATER).refused == (KEY,)
        assert tx.execute("select count(*) from outbox").fetchone() == before


def test_an_unknown_stay_is_refused_by_name(segments: Database) -> None:
    with segments.transaction() as tx:
        assert cancel(tx, [replace(KEY, reservation="LIS-9")], MORNING).refused == (replace(KEY, reservation="LIS-9"),)


def test_a_no_show_who_comes_at_noon_is_reinstated(segments: Database) -> None:
    with segments.transaction() as tx:
        mark_no_show(tx, [KEY], MORNING)
        reinstate(tx, [KEY], LATER)
    assert stay(segments)[:2] == ("booked", 3)
    assert told(segments)[-1] == "stay.reinstated"


def test_a_booking_of_an_unknown_property_is_refused_whole(segments: Database) -> None:
    with pytest.raises(InputError, match="XXX"), segments.transaction() as tx:
        book(tx, [row(5), row(6, property="XXX")], MORNING)


def test_two_commands_on_one_guest_leave_one_version_after_another(segments: Database) -> None:
    """Six desks book for one guest at once while a seventh cancels her first stay."""
    failures: list[BaseException] = []

    def run(command: Callable[[], None]) -> None:
        try:
            command()
        except BaseException as error:
            failures.append(error)

    def booking(number: int) -> Callable[[], None]:
        def command() -> None:
            with segments.transaction() as tx:
                book(tx, [row(number, email="rita@example.com", phone=f"+351 930 000 45{number}")], MORNING)

        return command

    def cancelling() -> None:
        with segments.transaction() as tx:
            cancel(tx, [KEY], MORNING)

    threads = [threading.Thread(target=run, args=[one]) for one in [*map(booking, range(2, 8)), cancelling]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with segments.transaction() as tx:
        assert tx.execute("select count(*), max(version) from guest").fetchone() == (1, 7)
        assert tx.execute("select count(*) from stay").fetchone() == (7,)
        bookings = tx.execute("select bookings from guest_facts").fetchone()
    assert bookings == (6,)


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        (StayStatus.BOOKED, date(2016, 3, 1), [(date(2016, 3, 1), 6, Happening.BOOKED)]),
        (
            StayStatus.CANCELLED,
            date(2016, 3, 1),
            [(date(2016, 3, 1), 6, Happening.BOOKED), (date(2016, 3, 1), 6, Happening.CANCELLED)],
        ),
        (
            StayStatus.NO_SHOW,
            date(2016, 3, 10),
            [(date(2016, 3, 1), 6, Happening.BOOKED), (date(2016, 3, 10), 23, Happening.NO_SHOW)],
        ),
        (
            StayStatus.CHECKED_OUT,
            date(2016, 3, 12),
            [
                (date(2016, 3, 1), 6, Happening.BOOKED),
                (date(2016, 3, 10), 15, Happening.CHECKED_IN),
                (date(2016, 3, 12), 12, Happening.CHECKED_OUT),
            ],
        ),
        (
            StayStatus.CHECKED_OUT,
            date(2016, 3, 10),
            [
                (date(2016, 3, 1), 6, Happening.BOOKED),
                (date(2016, 3, 10), 11, Happening.CHECKED_IN),
                (date(2016, 3, 10), 12, Happening.CHECKED_OUT),
            ],
        ),
    ],
)
def test_a_rows_days_become_the_hours_the_trade_keeps(
    status: StayStatus, day: date, expected: list[tuple[date, int, Happening]]
) -> None:
    found = happenings(row(1, status=status, status_date=day), "Europe/Lisbon")
    assert [(instant.date(), instant.hour, kind) for instant, kind in found] == expected


DIGEST_BEFORE = "3496cdda5e15733b27bf2a60bf97ebf0eef227932f9e2b1e603143d656e5910a"  # of 0.2.0
WHEN = datetime(2016, 3, 12, 8, 40, tzinfo=UTC)


def test_the_instant_a_source_gives_stands_before_the_hour_the_trade_keeps() -> None:
    out = row(1, status=StayStatus.CHECKED_OUT, status_date=date(2016, 3, 12), status_at=WHEN)
    told_at = {kind: at for at, kind in happenings(out, "Asia/Shanghai")}
    assert told_at[Happening.CHECKED_OUT] == WHEN
    assert told_at[Happening.CHECKED_IN] == datetime(2016, 3, 10, 7, tzinfo=UTC)


def test_nothing_happens_after_what_followed_it() -> None:
    early = datetime(2016, 3, 1, 3, tzinfo=UTC)
    gone = row(1, status=StayStatus.CANCELLED, status_date=date(2016, 3, 1), status_at=early)
    assert [at for at, _ in happenings(gone, "Europe/Lisbon")] == [early, early]


@pytest.mark.parametrize("at", [None, WHEN])
def test_a_row_that_waits_is_read_as_it_was(at: datetime | None) -> None:
    stated = row(1, status=StayStatus.CHECKED_OUT, status_date=date(2016, 3, 12), status_at=at)
    assert decode_row(encode_row(stated)) == stated


def test_the_digest_of_a_row_without_an_instant_is_that_of_earlier_versions() -> None:
    assert hash_of(row(1)).hex() == DIGEST_BEFORE
