"""A table to take along: the same rows as CSV and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence

from werkzeug.wrappers import Response

from shared.spreadsheets import MARK, row_text

Cell = str | float | int | None
Rows = Sequence[Sequence[Cell]]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET_NAME = 31


def csv_file(rows: Rows, name: str) -> Response:
    """`name`: of the file, without its ending."""
    text = MARK + "".join(row_text(row) for row in rows)
    return _file(text.encode("utf-8"), "text/csv; charset=utf-8", f"{name}.csv")


def workbook_file(rows: Rows, name: str, sheet: str, heads: Collection[int] = (0,)) -> Response:
    return _file(workbook_of(rows, sheet, heads), WORKBOOK, f"{name}.xlsx")


def workbook_of(rows: Rows, sheet: str, heads: Collection[int] = (0,), widths: Sequence[int] = (28,)) -> bytes:
    """Numbers are numbers; no text of it is a formula. `heads`: rows in bold; `widths`: of the first columns."""
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, bold = book.add_worksheet(sheet[:LONGEST_SHEET_NAME]), book.add_format({"bold": True})
    for number, row in enumerate(rows):
        page.write_row(number, 0, row, bold if number in heads else None)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    book.close()
    return content.getvalue()


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
