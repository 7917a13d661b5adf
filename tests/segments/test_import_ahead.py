"""Long files: their rows are made ready in a process of their own, and what is entered is the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from psycopg.errors import UndefinedTable

from services.segments.commands.reservations.enter import EntryOptions
from services.segments.imports import ahead
from services.segments.imports.ahead import ReaderDied, made_ready
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from shared.database.pool import Database
from tests.segments.rows import rows_of
from tests.segments.test_import import AT, line, write

NAMES = ("Rita Cantu", "Jan Novak", "Wei Zhang", "Ana Prado", "Tom Baker")
OPTIONS = EntryOptions(booking_only=False, initial=True, lane=None)


def readers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if ahead.__name__ in one.cmdline()]


def people(count: int) -> list[dict[str, str]]:
    first = date(2016, 3, 1)
    return [
        line(
            number,
            first_name=NAMES[number % 5].split()[0],
            last_name=NAMES[number % 5].split()[1],
            email=f"guest{number % 40}@example.com" if number % 7 else "",
            phone=f"+351 930 000 {number % 60:03}",
            birth_date=f"19{50 + number % 40}-05-04",
            booked_on=str(first + timedelta(number % 9)),
        )
        for number in range(1, count + 1)
    ]


def test_a_long_file_enters_what_a_short_one_does(
    segments: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.csv", people(700))
    monkeypatch.setattr(ahead, "LONG", 700)
    done = import_reservations(segments, path, ImportMapping(), AT)
    entered = [rows_of(segments, f"select count(*) from {table}") for table in ("guest", "stay", "outbox")]
    assert done.stays_made == 700 and done.guests_made > 5 and not readers()
    monkeypatch.setattr(ahead, "LONG", 701)
    again = import_reservations(segments, path, ImportMapping(), AT)
    assert again.nothing_changed and again.unchanged == 700
    assert [rows_of(segments, f"select count(*) from {table}") for table in ("guest", "stay")] == entered[:2]


def test_a_process_that_dies_breaks_the_import_off(segments: Database) -> None:
    with made_ready(segments, ahead.LONG) as ready:
        for child in readers():
            child.kill()
        with pytest.raises(ReaderDied):
            list(ready(uuid4(), OPTIONS))


def test_what_goes_wrong_there_is_told_here(segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute("alter table import_row rename to gone")
    with made_ready(segments, ahead.LONG) as ready, pytest.raises(UndefinedTable, match="import_row"):
        list(ready(uuid4(), OPTIONS))
