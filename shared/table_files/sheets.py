"""Which sheet of a workbook is read: the one that was said, else the one that holds most headings known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.errors import InputError, Problem
from shared.table_files.layout import HeadRow, header_of, headings_known
from shared.table_files.reading import Ambiguity
from shared.table_files.workbooks import Sheet
from shared.vocabulary.file_problem import FileProblem

SHOWN = 6  # headings of a sheet


def chosen_sheet(sheets: Sequence[Sheet], said: str | None, headings: Collection[str]) -> tuple[Sheet, list[Ambiguity]]:
    """The sheet, and what is to be asked: where another one holds as many headings, its rows are not left out in
    silence. Raises `InputError` where there is none, or none of that name."""
    if said is not None and (named := next((one for one in sheets if one.name == said), None)):
        return named, []
    filled = [one for one in sheets if any(any(map(str.strip, cells)) for _, cells in one.rows)]
    if said is not None and len(filled) != 1:
        raise no_such_sheet(said, [one.name for one in sheets])
    if not filled:
        raise InputError(None, {"file": Problem("the workbook is empty", FileProblem.EMPTY)})
    known = {one.name: max(headings_known(row, headings) for row in head_rows(one)) for one in filled}
    best = max(filled, key=lambda one: (known[one.name], not one.hidden))
    rivals = [one for one in filled if known[one.name] == known[best.name] and not one.hidden]
    if len(rivals) < 2:
        return best, []
    shown = {one.name: _headings(one, headings) for one in rivals}
    return best, [Ambiguity(FileProblem.SHEET, "sheet", shown)]


def head_rows(sheet: Sheet) -> list[HeadRow]:
    return [HeadRow(number, number, cells) for number, cells in sheet.rows]


def no_such_sheet(said: str, names: Sequence[str]) -> InputError:
    text = f"the file holds no table «{said}»; there are {', '.join(names)}"
    return InputError(None, {"sheet": Problem(text, FileProblem.NO_SUCH_SHEET)})


def _headings(sheet: Sheet, known: Collection[str]) -> str:
    cells = header_of(head_rows(sheet), None, known).cells
    return ", ".join([cell for cell in cells if cell.strip()][:SHOWN])
