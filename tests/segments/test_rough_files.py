"""Files that are too wide, cut off, damaged or bombs: told in words, and what they cost is bounded."""

from __future__ import annotations

import gzip
import os
import threading
import tracemalloc
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from services.segments.clock import Imports
from services.segments.config import Config
from services.segments.imports import refused
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import document_of
from services.segments.imports.preview.head import LOOKED_AT, MOST_CHARACTERS
from services.segments.imports.preview.look import Known, preview_of
from services.segments.imports.refused import RefusedRows
from services.segments.imports.run import import_reservations
from services.segments.imports.survey import survey
from services.segments.service import SERVICE
from services.segments.store.imports.files import save_mapping
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.errors import InputError
from shared.table_files import unpacking
from shared.table_files.layout import LONGEST_HEADING, MOST_COLUMNS
from shared.vocabulary.file_problem import FileProblem
from tests.cast import MARTA, NOW
from tests.segments.rows import rows_of
from tests.segments.test_import import AT, line, write
from tests.web import Browser, browser, words


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(imports=tmp_path / "imports", watched=tmp_path / "watched")


@pytest.fixture
def marta(database: Database, config: Config) -> Browser:
    marta = browser(SERVICE.build_web, config, database, MARTA)
    marta.get("/segments/imports")
    return marta


def packed(tmp_path: Path, rows: int) -> bytes:
    lines = [line(number, last_name=f"Name{number}{os.urandom(8).hex()}") for number in range(rows)]
    return gzip.compress(write(tmp_path / "whole.csv", lines).read_bytes())


def file_problem(path: Path, content: bytes) -> str:
    """The code of what keeps it from being a table at all."""
    path.write_bytes(content)
    with pytest.raises(InputError) as told:
        for _ in Table(path).records():
            pass
    return getattr(told.value.problems.get("file"), "code", "") or told.value.code or ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b";".join(b"c%d" % number for number in range(100_000)), FileProblem.TOO_WIDE),
        (b"a;" + b"b" * (LONGEST_HEADING + 1), FileProblem.LONG_NAME),
        (b"a" * (2 << 20), FileProblem.NO_HEADER),
        (b"", FileProblem.EMPTY),
        (gzip.compress(b""), FileProblem.EMPTY),
        (b"\x1f\x8b", FileProblem.EMPTY),
        (b"\x1f\x8bnonsense", FileProblem.DAMAGED),
    ],
    ids=range(7),
)
def test_what_is_no_table_is_told_by_what_is_wrong(tmp_path: Path, content: bytes, code: str) -> None:
    assert file_problem(tmp_path / "a.csv", content) == code


def test_a_header_of_a_hundred_thousand_columns_makes_a_small_page(marta: Browser) -> None:
    header = b";".join(b"c%d" % number for number in range(100_000))
    answer = marta.post("/segments/imports", {"file": (BytesIO(header + b"\n1;2"), "wide.csv"), "source": "pms"})
    assert answer.status_code == 422 and "more columns than are read (300)" in words(answer)
    assert len(answer.data) < 200_000


def test_as_many_columns_as_are_read_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(";".join(f"c{number}" for number in range(MOST_COLUMNS)) + "\n")
    assert len(Table(path).header) == MOST_COLUMNS


def test_of_a_file_that_breaks_off_what_stands_before_is_entered(
    database: Database, config: Config, marta: Browser, tmp_path: Path
) -> None:
    content = packed(tmp_path, 2000)
    cut = content[: len(content) // 2]
    page = marta.post("/segments/imports", {"file": (BytesIO(cut), "cut.csv.gz"), "source": "pms"})
    assert f"breaks off at byte {len(cut):,}" in words(page)
    marta.post(f"{page.request.path}/start", {"source": "pms", "yes": "unknown", "no": "refused"})
    assert Imports(database, config, VirtualClock(NOW)).step(NOW) == 1
    text = words(marta.get(page.request.path))
    assert f"it breaks off at byte {len(cut):,}" in text and "Refused rows 1" in text
    ((entered,),) = rows_of(database, "select count(*) from stay")
    assert 500 < entered < 1500
    ((reason,),) = rows_of(database, "select reason from import_reject")
    assert reason == f"the file is not complete from byte {len(cut)} on"


def test_the_whole_file_later_brings_the_rest(database: Database, tmp_path: Path) -> None:
    content, path = packed(tmp_path, 200), tmp_path / "a.csv.gz"
    path.write_bytes(content[: len(content) // 2])
    first = import_reservations(database, path, ImportMapping(), AT)
    path.write_bytes(content)
    second = import_reservations(database, path, ImportMapping(), AT)
    assert (first.stays_made + second.stays_made, second.incomplete_from) == (200, None)
    assert first.incomplete_from == len(content) // 2


def test_a_damaged_file_is_told_by_its_byte_and_nothing_of_it_is_entered(database: Database, tmp_path: Path) -> None:
    content, path = bytearray(packed(tmp_path, 2000)), tmp_path / "a.csv.gz"
    content[len(content) // 2 : len(content) // 2 + 40] = b"\xff" * 40
    path.write_bytes(content)
    with pytest.raises(InputError) as told:
        import_reservations(database, path, ImportMapping(), AT)
    assert "damaged from byte" in told.value.problems["file"]
    assert rows_of(database, "select count(*) from stay") == [(0,)]


def test_a_bomb_is_told_before_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "ALWAYS_ALLOWED", 1 << 20)
    bomb = gzip.compress(b"a;b\n" + b"1;2\n" * (4 << 20))
    assert file_problem(tmp_path / "bomb.csv.gz", bomb) == FileProblem.UNPACKS_ENDLESSLY


def test_a_preview_holds_no_more_than_a_page_may(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    header, cell = "reservation_no;notes", "x" * 100_000
    path.write_text(header + "\n" + f"1;{cell}\n" * (2 * MOST_CHARACTERS // len(cell)))
    seen = preview_of(Table(path), ImportMapping(), Known.of({}, AT))
    assert seen.rows < LOOKED_AT and not seen.is_whole


def test_while_something_is_missing_the_other_columns_are_looked_at_already(tmp_path: Path) -> None:
    """What is missing can be said once for all rows; what is there can be seen before."""
    path, bare = tmp_path / "short.csv", tmp_path / "bare.csv"
    path.write_text("reservation;arrival;departure;last name\n7;2016-03-01;2016-03-04;Silva\n8;soon;2016-03-05;Lima\n")
    bare.write_text("reservation;departure\n7;2016-03-04\n")
    seen = preview_of(Table(path), ImportMapping(), Known.of({}, AT))
    assert seen.problems.keys() == {"property", "status", "status_date", "booked_on"}
    arrivals = next(column for column in seen.columns if column.field == "arrival")
    assert (arrivals.understood, arrivals.not_understood) == (1, 1)
    assert seen.first_rows == () and seen.refused.rows == 0
    without_arrivals = preview_of(Table(bare), ImportMapping(), Known.of({}, AT))
    assert "arrival" in without_arrivals.problems and without_arrivals.columns[0].understood == 0


def test_bad_rows_are_counted_and_the_first_are_kept(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused, "MOST_KEPT", 50)
    lines = [line(number, arrival="soon", status="maybe") for number in range(100)]
    rejects = tmp_path / "rejects.csv"
    done = import_reservations(database, write(tmp_path / "a.csv", lines), ImportMapping(), AT, rejects=rejects)
    assert done.rejected == 100
    assert rows_of(database, "select count(*) from import_reject") == [(50,)]
    assert len(rejects.read_text().splitlines()) == 51


def test_refused_rows_wait_on_disk() -> None:
    tracemalloc.start()
    rows = RefusedRows()
    for number in range(40_000):
        rows.add(number, "row", f"{number} cells under a header of 8")
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 1_000_000 and rows.rows == 40_000
    assert sum(1 for _ in rows) == 40_000 == sum(1 for _ in rows)
    rows.close()


def test_a_survey_keeps_no_column_of_its_own(tmp_path: Path) -> None:
    lines = [line(number, arrival="x" * 50_000 + str(number)) for number in range(100)]
    tracemalloc.start()
    surveyed = survey(Table(write(tmp_path / "a.csv", lines)), ImportMapping())
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert surveyed.rows == 100 and taken < 2_000_000


def test_a_file_of_the_watched_folder_that_is_no_table_is_set_aside(database: Database, config: Config) -> None:
    assert config.watched is not None
    config.watched.mkdir()
    with database.transaction() as tx:
        save_mapping(tx, "pms", document_of(ImportMapping()), "Marta Marques", NOW)
    (config.watched / "pms.csv").write_text(";".join("abcdefgh" * 100))
    clock = VirtualClock(NOW)
    imports = Imports(database, config, clock)
    for seconds in (0, 3, 10):
        imports.step(NOW.replace(second=seconds))
    assert "columns; at most 300" in (config.watched / "failed" / "pms.csv.rejects.csv").read_text()


@pytest.mark.proof
def test_a_million_bad_rows_take_no_memory(database: Database, tmp_path: Path) -> None:
    path, bad = tmp_path / "bad.csv", line(1, arrival="soon", departure="later", status="maybe", booked_on="once")
    write(path, [bad])
    header, row = path.read_text(encoding="utf-8").splitlines()
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header}\n")
        file.writelines(f"{row}\n" for _ in range(1_000_000))
    own, most, ended = psutil.Process(), [0], threading.Event()
    before = own.memory_info().rss

    def watch() -> None:
        while not ended.wait(0.1):
            most[0] = max(most[0], own.memory_info().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        done = import_reservations(database, path, ImportMapping(), AT)
    finally:
        ended.set()
        watching.join()
    grown = (most[0] - before) / 1e6
    print(f"{done.rejected:,} refused rows: {grown:.0f} MB more than before")
    assert done.rejected == 1_000_000 and grown < 100
