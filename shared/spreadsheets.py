"""CSV for people, who open it in a spreadsheet: a cell that it would calculate is text, whatever it cuts cells at."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO

MARK = "\ufeff"
"""At the head of a file: a spreadsheet then reads it as UTF-8."""
FORMULA = re.compile("(^|[;\\t\\r\\n])[\\s\u200b-\u200f\u2060\ufeff]*(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")
"""Before a formula: at the head of a cell, and behind a semicolon, where spreadsheets of half the world cut. Wide forms
are taken for the others where East Asian input is usual."""


def write_rows(file: IO[str], rows: Iterable[Sequence[object]]) -> None:
    csv.writer(file).writerows([_cell(value) for value in row] for row in rows)


def row_text(row: Sequence[object]) -> str:
    """One line with its end."""
    text = io.StringIO()
    write_rows(text, [row])
    return text.getvalue()


def plain_text(cell: str) -> str:
    """An apostrophe stands before what would be calculated: the spreadsheet shows the text."""
    return FORMULA.sub(lambda found: f"{found[0]}'", cell)


def _cell(value: object) -> object:
    if isinstance(value, int | float):
        return value
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return plain_text(text)
