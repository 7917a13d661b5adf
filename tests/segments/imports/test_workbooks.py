"""Sheets of workbooks: typed cells, which sheet is read, and what a broken or hostile workbook is told as."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import psutil
import pytest

from services.segments.imports.files.table import Table
from shared.errors import InputError
from shared.table_files.reading import LeftOut, Reading
from shared.table_files.workbook_child import text_of
from shared.vocabulary.file_problem import FileProblem
from tests.segments.imports.books import HEADINGS, ROW, Cell, archive, ods, row, xlsx

OLD = Path(__file__).with_name("reservations.xls")
TYPED: list[Cell] = ["LIS-1", "LIS", "checked_out", date(2016, 3, 13), date(2016, 3, 1), datetime(2016, 3, 10, 15, 4),  # noqa: DTZ001
         date(2016, 3, 13), "Rita", 8613800138000.0, 1.234, True]  # fmt: skip


def opened(tmp_path: Path, content: bytes, reading: Reading | None = None) -> Table:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    return Table(path, reading or Reading())


def code_of(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(InputError) as told:
        list(opened(tmp_path, content).records())
    return getattr(told.value.problems.get("file"), "code", "") or told.value.code or ""


def test_dates_and_numbers_are_typed_and_not_guessed_again(tmp_path: Path) -> None:
    found = opened(tmp_path, xlsx(Export=[["Report"], [], [*HEADINGS], TYPED, ["Total", None, 3]]))
    (record,) = found.records()
    assert (found.header_line, record.line, found.left_out) == (3, 4, {LeftOut.TOTAL: 1})
    assert record.cells[3:] == [
        "2016-03-13", "2016-03-01", "2016-03-10T15:04:00", "2016-03-13", "Rita", "8613800138000", "1.2340", "TRUE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1.0, "1"), (1.5, "1.5"), (1.234, "1.2340"), (0.1 + 0.2, "0.3"), (1e21, "1000000000000000000000."), (-7.0, "-7")],
)
def test_a_number_is_written_so_that_it_reads_as_that_number(cell: float, text: str) -> None:
    assert text_of(cell).rstrip("0") == text.rstrip("0")
    assert float(text_of(cell)) == pytest.approx(cell)


def test_the_sheet_that_looks_like_reservations_is_proposed_and_another_can_be_said(tmp_path: Path) -> None:
    content = xlsx(Notes=[["hello"]], Legend=[["status", "meaning"], ["X", "away"]], Data=[[*HEADINGS], [*ROW]])
    found = opened(tmp_path, content)
    assert (list(found.sheets), found.sheet, found.ambiguities) == (["Notes", "Legend", "Data"], "Data", [])
    assert list(opened(tmp_path, content, Reading(sheet="Legend")).header) == ["status", "meaning"]
    with pytest.raises(InputError) as told:
        opened(tmp_path, content, Reading(sheet="Datta"))
    assert "Notes, Legend, Data" in told.value.problems["sheet"]


def test_two_sheets_of_reservations_are_asked(tmp_path: Path) -> None:
    content = xlsx(**{"2015": [[*HEADINGS], row(1)], "2016": [[*HEADINGS], row(2)]})
    (asked,) = opened(tmp_path, content).ambiguities
    assert (asked.kind, list(asked.readings)) == (FileProblem.SHEET, ["2015", "2016"])
    said = opened(tmp_path, content, Reading(sheet="2016"))
    assert (said.ambiguities, [one.cells[0] for one in said.records()]) == ([], ["LIS-2"])


def test_an_old_workbook_an_open_one_and_one_in_an_archive_are_read(tmp_path: Path) -> None:
    old = Table(OLD)
    assert (old.header_line, [one.cells[3] for one in old.records()]) == (3, ["2016-03-13"] * 2)
    assert [one.cells[8] for one in old.records()] == ["Müller"] * 2
    assert [one.cells for one in opened(tmp_path, ods("Blatt", [HEADINGS, ROW])).records()] == [[*ROW]]
    packed = archive(export__xlsx=xlsx(Data=[[*HEADINGS], [*ROW]]))
    assert [one.cells for one in opened(tmp_path, packed).records()] == [[*ROW]]


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    assert code_of(tmp_path, archive(**{"[Content_Types]__xml": b"<Types/>", "xl/workbook__xml": b"<workbook/>"})) == (
        FileProblem.DAMAGED
    )
    whole = xlsx(Data=[[*HEADINGS], [*ROW]])
    assert code_of(tmp_path, whole[: len(whole) // 2]) == FileProblem.DAMAGED
    assert code_of(tmp_path, OLD.read_bytes()[:1500]) == FileProblem.DAMAGED


def test_a_workbook_that_says_it_unpacks_to_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    content = io.BytesIO(xlsx(Data=[[*HEADINGS], [*ROW]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as zipped, zipped.open("xl/media.bin", "w") as file:
        for _ in range(200):
            file.write(bytes(1 << 20))
    assert code_of(tmp_path, content.getvalue()) == FileProblem.UNPACKS_ENDLESSLY


def test_a_cell_at_the_farthest_corner_takes_no_memory_of_ours(tmp_path: Path) -> None:
    far = xlsx(Data=[[*HEADINGS], [*ROW]])
    with zipfile.ZipFile(io.BytesIO(far)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    files[sheet] = files[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    assert code_of(tmp_path, bomb.getvalue()) == FileProblem.UNPACKS_ENDLESSLY


def test_no_child_is_left_behind_when_a_reader_stops_early(tmp_path: Path) -> None:
    content = xlsx(Data=[[*HEADINGS], *([*ROW] for _ in range(5000))])
    records = opened(tmp_path, content).records()
    next(records)
    records.close()  # type: ignore[attr-defined]
    assert [one for one in psutil.Process().children() if "workbook_child" in " ".join(one.cmdline())] == []
