"""Where the header row is, what separates the cells, and which rows are none."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.segments.imports.files.columns import NEVER_READ, ImportMapping
from services.segments.imports.files.headings import HEADERS, normalised
from services.segments.imports.files.table import Table
from shared.errors import InputError
from shared.table_files.reading import LeftOut, Reading
from shared.vocabulary.file_problem import FileProblem
from tests.segments.imports.books import HEADINGS, archive, row, table


def opened(tmp_path: Path, content: str | bytes, reading: Reading | None = None) -> Table:
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Table(path, reading or Reading())


def read(found: Table) -> list[tuple[int, str | None, str]]:
    """By row its line, its problem and its first cell."""
    return [(one.line, one.problem, one.cells[0] if one.cells else "") for one in found.records()]


def problem_of(path: Path) -> str:
    with pytest.raises(InputError) as told:
        list(Table(path).records())
    problem = told.value.problems.get("file")
    return getattr(problem, "code", "") or told.value.code or ""


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 1),
        ("\r\n\r\n", 3),
        ("sep={}\r\n", 2),
        ("Reservations report\r\nPrinted 11/28/2026\r\n\r\n", 4),
        ("Reservations, all hotels; 2016\r\n", 2),
        ("{0}{0}{0}\r\nHotel Lisboa{0}{0}\r\n", 3),
        ("Hotel{0}Lisboa\r\nFrom{0}2016-01-01\r\nTo{0}2016-12-31\r\n\r\n", 5),
    ],
)
def test_the_header_row_is_found_below_what_stands_above_it(
    tmp_path: Path, separator: str, before: str, line: int
) -> None:
    content = before.format(separator) + table(row(1), row(2), separator=separator)
    found = opened(tmp_path, content)
    assert (found.separator, found.header_line, list(found.header)) == (separator, line, list(HEADINGS))
    assert read(found) == [(line + 1, None, "LIS-1"), (line + 2, None, "LIS-2")]


def test_a_header_of_words_nobody_knows_is_the_first_row_of_words(tmp_path: Path) -> None:
    found = opened(
        tmp_path, "List of 2016\n\nAlpha;Beta;Gamma\n1;2016-03-01;x@example.com\n2;2016-03-02;y@example.com\n"
    )
    assert (found.header_line, list(found.header)) == (3, ["Alpha", "Beta", "Gamma"])


def test_the_header_line_can_be_said(tmp_path: Path) -> None:
    content = "Alpha;Beta;Gamma\n" + table(row(1), separator=";")
    found = opened(tmp_path, content, Reading(header_line=1, separator=";"))
    assert list(found.header) == ["Alpha", "Beta", "Gamma"]
    with pytest.raises(InputError) as told:
        opened(tmp_path, content, Reading(header_line=900))
    assert "header_line" in told.value.problems


def test_a_line_break_in_a_heading_is_a_space(tmp_path: Path) -> None:
    content = table(row(1), header=["reservation\r\nno", *HEADINGS[1:]])
    found = opened(tmp_path, content)
    assert (found.header[0], found.header_line) == ("reservation no", 1)
    assert read(found) == [(3, None, "LIS-1")]
    assert ImportMapping().places(found.header)["reservation"] == 0


def test_empty_cells_at_the_end_mean_nothing(tmp_path: Path) -> None:
    lines = table(row(1)).splitlines()
    short = ",".join(row(2)[:9])
    found = opened(tmp_path, "\n".join([lines[0], lines[1] + ",,,", short, lines[1] + ",too much", lines[1]]))
    assert read(found) == [
        (2, None, "LIS-1"), (3, None, "LIS-2"), (4, "12 cells under a header of 11", ""), (5, None, "LIS-1"),
    ]  # fmt: skip
    assert {len(one.cells) for one in found.records() if not one.problem} == {len(HEADINGS)}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Total,,,,,,,,,2,", LeftOut.TOTAL),
        (",,,,,,,,Summe,2,", LeftOut.TOTAL),
        ("合计:,,,,,,,,,3,", LeftOut.TOTAL),
        ("GRAND TOTAL,,,,,,", LeftOut.TOTAL),
        ("Page 1 of 3", LeftOut.FOOTER),
        ("Printed 28/11/2026,,,", LeftOut.FOOTER),
        ("*** end ***", LeftOut.FOOTER),
        ("共 12 条记录", LeftOut.FOOTER),
        (",,,,,,,,,,", LeftOut.BLANK),
        (",".join(HEADINGS), LeftOut.HEADER),
    ],
)
def test_totals_feet_and_repeated_headers_are_left_out_and_counted(tmp_path: Path, line: str, kind: LeftOut) -> None:
    found = opened(tmp_path, table(row(1)) + line + "\r\n" + ",".join(row(2)) + "\r\n")
    assert [cell for _, _, cell in read(found)] == ["LIS-1", "LIS-2"]
    assert found.left_out == {kind: 1}


def test_a_guest_called_total_is_a_guest(tmp_path: Path) -> None:
    found = opened(tmp_path, table(row(1, reservation_no="Total", last_name="Total")))
    assert [cell for _, _, cell in read(found)] == ["Total"]


@pytest.mark.parametrize(
    ("pairs", "places", "asks"),
    [
        ([("", "a@example.com"), ("", "b@example.com")], ["email (2)", "email"], False),
        ([("a@example.com", ""), ("b@example.com", "")], ["email", "email (2)"], False),
        ([("a@example.com", "a@example.com")], ["email", "email (2)"], False),
        ([("", "")], ["email", "email (2)"], False),
        ([("a@example.com", "b@example.com")], ["email", "email (2)"], True),
        ([("a@example.com", ""), ("", "b@example.com")], ["email", "email (2)"], True),
    ],
)
def test_of_headings_that_stand_twice_the_filled_one_is_meant_or_it_is_asked(
    tmp_path: Path, pairs: Sequence[tuple[str, str]], places: list[str], asks: bool
) -> None:
    header = ["reservation_no", "email", "E-Mail " if asks else "email", "notes"]
    found = opened(tmp_path, table(*(["1", *pair, ""] for pair in pairs), header=header).replace("E-Mail ", "email"))
    assert list(found.header)[1:3] == places
    assert bool(found.ambiguities) is asks
    mapping = ImportMapping()
    assert found.header[mapping.found(found.header)["email"]] == "email"
    if asks:
        (asked,) = mapping.open_questions(found.header, found.ambiguities)
        assert asked.kind is FileProblem.HEADING and "example.com" in str(asked)
        settled = ImportMapping(columns={"email": "email (2)"})
        assert settled.open_questions(found.header, found.ambiguities) == []
        assert settled.found(found.header)["email"] == 2


def test_a_heading_that_stands_twice_and_is_not_read_is_not_asked(tmp_path: Path) -> None:
    found = opened(tmp_path, table(["1", "a", "b"], header=["reservation_no", "notes", "notes"]))
    assert found.ambiguities and not ImportMapping().open_questions(found.header, found.ambiguities)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Res No;Hotel;Check-In;Check-Out;Guest Name;E-Mail", "property arrival departure full_name email"),
        ("Buchungsnr.;Anreise;Abreise;Vorname;Nachname;Geburtsdatum", "departure given_name family_name birth_date"),
        ("Nom;Prénom;Arrivée;Départ;Date de naissance", "family_name given_name arrival departure birth_date"),
        ("Nombre;Apellidos;Llegada;Salida;Correo electrónico", "given_name family_name arrival departure email"),
        ("Nome;Apelido;Chegada;Saída;Telemóvel", "given_name family_name arrival departure phone"),
        ("Nome;Cognome;Arrivo;Partenza;Cellulare", "given_name family_name arrival departure phone"),
        ("预订号;酒店;状态;到店日期;离店日期;姓名;手机号", "reservation status arrival departure full_name phone"),
        ("訂房編號;飯店;狀態;入住日期;退房日期;姓名;手機", "reservation property status arrival full_name phone"),
        ("ReservationID;arrivalDate;CheckOut;guestName", "reservation arrival departure full_name"),
        ("Name;First Name", "family_name given_name"),
        ("Name;Email", "full_name email"),
    ],
)  # fmt: skip
def test_headings_are_known_in_seven_languages(header: str, expected: str) -> None:
    assert set(ImportMapping().found(header.split(";"))) >= set(expected.split())


def test_each_heading_is_written_as_it_is_looked_up_and_means_one_field() -> None:
    words = [word for known in HEADERS.values() for word in known]
    assert [word for word in words if normalised(word) != word] == []
    assert len(words) == len(set(words))
    assert [word for word in words if NEVER_READ.search(word)] == []


@pytest.mark.parametrize(
    "header",
    ["Passport No", "Reisepass", "信用卡号", "證件號碼", "Kreditkarte", "Codice fiscale", "DNI", "Carte bancaire"],
)
def test_cards_and_papers_are_never_read_in_any_language(header: str) -> None:
    assert NEVER_READ.search(normalised(header))


def test_an_archive_of_one_table_is_that_table(tmp_path: Path) -> None:
    content = archive(export__csv=table(row(1)).encode(), __MACOSX=b"")
    assert read(opened(tmp_path, content)) == [(2, None, "LIS-1")]
    assert read(opened(tmp_path, archive(a__csv__gz=gzip.compress(table(row(3)).encode())))) == [(2, None, "LIS-3")]
    assert read(opened(tmp_path, gzip.compress(content))) == [(2, None, "LIS-1")]


def test_of_an_archive_of_several_tables_it_is_asked_which(tmp_path: Path) -> None:
    content = archive(a__csv=table(row(1)).encode(), b__csv=table(row(2)).encode(), readme__md=b"hello")
    found = opened(tmp_path, content)
    (asked,) = found.ambiguities
    assert (list(found.sheets), asked.kind, asked.subject) == (["a.csv", "b.csv"], FileProblem.SHEET, "sheet")
    assert asked.readings["b.csv"].startswith("reservation_no,property")
    said = opened(tmp_path, content, Reading(sheet="b.csv"))
    assert (said.ambiguities, read(said)) == ([], [(2, None, "LIS-2")])
    with pytest.raises(InputError) as told:
        opened(tmp_path, content, Reading(sheet="c.csv"))
    assert "a.csv, b.csv" in told.value.problems["sheet"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ...", FileProblem.NO_TABLE),
        (b"<html><table><tr><td>1</td></tr></table></html>", FileProblem.NO_TABLE),
        (b"Rar!\x1a\x07\x00", FileProblem.NO_TABLE),
        (archive(a__csv=b"a;b\n1;2\n")[:-30], FileProblem.DAMAGED),
        (archive(), FileProblem.EMPTY),
        (b"\r\n\r\n  \r\n", FileProblem.EMPTY),
        (archive(a__csv=b""), FileProblem.EMPTY),
    ],
    ids=range(7),
)
def test_what_is_no_table_is_told_in_words(tmp_path: Path, content: bytes, code: FileProblem) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert problem_of(path) == code


def test_a_damaged_member_and_a_bomb_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    content = bytearray(archive(a__csv=table(*[row(n, last_name=f"{n * 7919:x}") for n in range(3000)]).encode()))
    content[2000:2040] = b"\xff" * 40
    path.write_bytes(content)
    assert problem_of(path) == FileProblem.DAMAGED
    path.write_bytes(archive(a__csv=b"a;b\n" + b"1;2\n" * (20 << 20)))
    assert problem_of(path) == FileProblem.UNPACKS_ENDLESSLY
