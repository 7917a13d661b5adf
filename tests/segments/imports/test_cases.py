"""Files that hotels really hand in, one of each kind: all their guests come in, or it is asked in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.segments.commands.hand_in import HandedIn, hand_in
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import document_of
from services.segments.imports.run import import_reservations
from services.segments.imports.uploads.folder import UploadsInFolder
from services.segments.imports.worker import work_next
from services.segments.rules.written.import_problems import without_values
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.errors import InputError, Problem
from shared.table_files.reading import Encoding
from shared.vocabulary.file_problem import FileProblem
from tests.segments.imports.books import Cell, row, table, xlsx
from tests.segments.rows import add_properties, rows_of

CASES = Path(__file__).parents[4] / "shared" / "data" / "cases"
AT = datetime(2026, 1, 1, tzinfo=UTC)
EUROPEANS = [("José", "Müller"), ("Zoë", "Sørensen"), ("John", "Smith")]


@pytest.fixture
def segments(make_database: Callable[[str], Database]) -> Database:
    database = make_database("segments")
    add_properties(database)
    statement = """
        insert into property_known (code, version, name, zone, country, legal_entity, told_of_survey)
        values ('LIS1', 1, 'Lisboa', 'Europe/Lisbon', 'PT', 'one', true),
               ('SHA1', 1, 'Bund', 'Asia/Shanghai', 'CN', 'one', true)
    """
    with database.transaction() as tx:
        tx.execute(statement)
    return database


def case(name: str) -> Path:
    path = CASES / name
    if not path.exists():
        pytest.skip("../shared/data/cases is absent")
    return path


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("01_cp1252.csv", EUROPEANS),
        ("02_gbk.csv", [("伟", "张"), ("娜", "李"), ("John", "Smith")]),
        ("06_sep_line.csv", EUROPEANS),
        ("07_blank_first.csv", EUROPEANS),
        ("08_title_row.csv", EUROPEANS),
        ("09_header_linebreak.csv", EUROPEANS),
        ("12_trailing_comma_rows_only.csv", EUROPEANS),
        ("14_dup_email_first_empty.csv", EUROPEANS),
        ("18_excel_serial.csv", EUROPEANS),
        ("20_opera_dates.csv", EUROPEANS),
        ("23_zh_dates.csv", EUROPEANS),
        ("47_cp1252_header.csv", [("Jose", "Muller")]),
    ],
)
def test_all_guests_of_a_file_come_in_with_their_days_and_addresses(
    segments: Database, name: str, names: list[tuple[str, str]]
) -> None:
    done = import_reservations(segments, case(name), ImportMapping(), AT)
    assert (done.stays_made, done.rejected) == (len(names), 0)
    query = "select given_name, family_name from guest join stay on guest_id = guest.id order by reservation"
    assert rows_of(segments, query) == names
    days = rows_of(segments, "select distinct booked_on, arrival, departure, checked_out_on from stay")
    assert days == [(date(2016, 2, 1), date(2016, 3, 7), date(2016, 3, 10), date(2016, 3, 10))]
    assert rows_of(segments, "select count(*) from contact_point") == [(len(names),)]


@pytest.mark.data
def test_short_rows_come_in_without_what_they_lack(segments: Database) -> None:
    done = import_reservations(segments, case("55_short_rows.csv"), ImportMapping(), AT)
    assert (done.stays_made, done.rejected) == (2, 0)
    assert rows_of(segments, "select count(*) from consent_claim where state <> 'unknown'") == [(0,)]


@pytest.mark.data
def test_two_digit_years_with_dots_are_days_of_this_century(segments: Database) -> None:
    import_reservations(segments, case("19_dot_2digit_year.csv"), ImportMapping(), AT)
    days = rows_of(segments, "select booked_on, arrival, departure from stay")
    assert days == [(date(2016, 2, 1), date(2016, 3, 21), date(2016, 3, 28))]


@pytest.mark.data
def test_what_only_looks_like_a_workbook_is_told_in_words() -> None:
    with pytest.raises(InputError) as told:
        Table(case("43_real.xlsx"))
    assert getattr(told.value.problems["file"], "code", "") == FileProblem.DAMAGED


@pytest.mark.data
def test_the_encoding_of_a_header_is_found() -> None:
    found = Table(case("47_cp1252_header.csv"))
    assert (found.encoding, found.header[-1]) == (Encoding.WESTERN, "Código Postal / Straße")


@pytest.mark.data
def test_midnights_with_an_offset_are_days_at_the_hotel(segments: Database) -> None:
    import_reservations(segments, case("54_tz_timestamps.csv"), ImportMapping(), AT)
    ((booked, arrival, departure, out, at),) = rows_of(
        segments, "select booked_on, arrival, departure, checked_out_on, checked_out_at from stay"
    )
    assert (booked, arrival, departure, out) == (
        date(2016, 2, 2), date(2016, 3, 7), date(2016, 3, 10), date(2016, 3, 10),
    )  # fmt: skip
    assert at == datetime(2016, 3, 10, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.mark.parametrize(
    ("written", "on", "at"),
    [
        ("2016-03-13T23:30-05:00", date(2016, 3, 14), datetime(2016, 3, 14, 4, 30, tzinfo=UTC)),
        ("2016-03-13T08:15:00Z", date(2016, 3, 13), datetime(2016, 3, 13, 8, 15, tzinfo=UTC)),
        ("2016-03-13 23:30", date(2016, 3, 13), datetime(2016, 3, 13, 12, tzinfo=UTC)),
    ],
)
def test_a_check_out_is_the_instant_that_is_given(
    segments: Database, tmp_path: Path, written: str, on: date, at: datetime
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table(row(1, status_date=written, departure="2016-03-14")), encoding="utf-8")
    import_reservations(segments, path, ImportMapping(), AT)
    assert rows_of(segments, "select checked_out_on, checked_out_at from stay") == [(on, at)]


def test_a_chinese_export_and_a_workbook_are_read_to_the_last_cell(segments: Database, tmp_path: Path) -> None:
    header = ["确认号", "酒店", "状态", "状态日期", "预订日期", "到店日期", "离店日期", "客人姓名", "手机号", "生日"]
    stay: list[Cell] = [date(2016, 3, 13), date(2016, 3, 1), "2016年3月10日", "2016年3月13日"]
    cells: list[Cell] = ["Q1", "SHA", "checked_out", *stay, "欧阳娜娜", 13800138000.0, "85.04.10"]
    path = tmp_path / "导出.xlsx"
    path.write_bytes(xlsx(说明=[["导出"]], 预订=[["客房预订报表"], [], header, cells, ["合计", None, 1]]))
    done = import_reservations(segments, path, ImportMapping(), AT)
    assert (done.stays_made, done.rejected) == (1, 0)
    assert rows_of(segments, "select given_name, family_name from guest") == [("娜娜", "欧阳")]
    assert rows_of(segments, "select arrival, departure from stay") == [(date(2016, 3, 10), date(2016, 3, 13))]


def test_a_file_that_can_be_read_in_two_ways_is_not_imported_before_somebody_says_which(
    segments: Database, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(row(1, last_name="Szűcs")).encode("cp1250"))
    with pytest.raises(InputError) as told:
        import_reservations(segments, path, ImportMapping(), AT)
    assert "cp1250 («Szűcs»)" in told.value.problems["encoding"]
    assert rows_of(segments, "select count(*) from stay") == [(0,)]


def test_a_question_is_kept_without_the_cells_it_was_asked_with(segments: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(table(row(1, last_name="Szűcs", birth_date="03/04/85")).encode("cp1250"))
    with segments.transaction() as tx:
        file = HandedIn("a.csv", str(path), "d", 1, "program", "Marta Marques")
        hand_in(tx, file, "pms", document_of(ImportMapping()), AT, start=True)
    assert work_next(segments, UploadsInFolder(tmp_path), VirtualClock(AT), frozenset()) == 1
    ((problems,),) = rows_of(segments, "select problems::text from import_file")
    assert "encoding" in problems and "cp1250" in problems and "cs" not in problems.replace("cp1", "")
    path.write_text(table(row(1, birth_date="03/04/85")), encoding="utf-8")
    with pytest.raises(InputError) as told:
        import_reservations(segments, path, ImportMapping(), AT)
    kept = without_values(Problem(str(told.value), told.value.code))
    assert "03/04/85" in str(told.value) and not re.search(r"\d\d", kept)


@pytest.mark.parametrize("heading", ["Reservierungsnr.", "Res.-Nr.", "Nº de reserva", "N° résa", "Buchungsnr"])
def test_a_number_abbreviated_in_a_heading_is_a_number(heading: str) -> None:
    assert ImportMapping().found([heading, "Hotel"])["reservation"] == 0


def test_bytes_that_are_no_text_are_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes((one * 97 + 13) % 251 for one in range(6000)))
    with pytest.raises(InputError) as told:
        Table(path)
    assert getattr(told.value.problems["file"], "code", "") == FileProblem.NO_TABLE
