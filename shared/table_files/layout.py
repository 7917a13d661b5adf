"""Where the header row stands and what separates the cells, found from a file's first rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.errors import InputError, Problem
from shared.table_files.headings import normalised
from shared.vocabulary.file_problem import FileProblem

SEPARATORS = ",;\t|"
SAYS_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
MOST_COLUMNS = 300
LONGEST_HEADING = 200  # characters of a column's name
FEWEST_KNOWN = 2
LEAST_SHARE = 0.15  # of a row's cells that are headings known, where it is the header
DATA_LIKE = re.compile(r".*@.*|[\d\s.,:/+\-TZ%€$¥£]*\d[\d\s.,:/+\-TZ%€$¥£]*")
UNSEEN = "\ufeff\u200b\u200e\u200f\u00ad\x00"


@dataclass(frozen=True)
class HeadRow:
    """A row of the file's head: the numbers of its first and last line, from 1."""

    line: int
    last_line: int
    cells: Sequence[str]


def separator_said(line: str) -> str | None:
    """The separator that a first line «sep=;» tells a spreadsheet."""
    found = SAYS_SEPARATOR.fullmatch(line.strip("\r\n"))
    return "\t" if found and found[1] == "\\" else found[1] if found else None


def cut(lines: Sequence[str], separator: str) -> list[HeadRow]:
    """The rows of the first lines. A quote that never closes ends them."""
    found: list[HeadRow] = []
    taken = 0

    def counted() -> object:
        nonlocal taken
        for line in lines:
            taken += 1
            yield line

    reader = csv.reader(counted(), delimiter=separator)  # type: ignore[arg-type]
    while True:
        first = taken + 1
        try:
            cells = next(reader)
        except (StopIteration, csv.Error):
            return found
        found.append(HeadRow(first, taken, cells))


def separator_of(lines: Sequence[str], known: Collection[str]) -> str:
    """The one by which the rows hold most headings, or are most alike."""

    def fit(separator: str) -> tuple[int, int, int, int]:
        rows = cut(lines, separator)
        widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
        alike = widths.most_common(1)[0] if widths else (0, 0)
        return (
            max((headings_known(row, known) for row in rows), default=0),
            alike[1],
            alike[0],
            -SEPARATORS.index(separator),
        )

    return max(SEPARATORS, key=fit)


def header_of(rows: Sequence[HeadRow], line: int | None, known: Collection[str]) -> HeadRow:
    """The row of the headings: the one at that line, else the one that holds most of those known, else the first that
    is as wide as the others and all words. Raises `InputError` where there is none."""
    filled = [row for row in rows if any(map(str.strip, row.cells))]
    if line is not None:
        if said := next((row for row in filled if row.line <= line <= row.last_line), None):
            return _checked(said)
        why = f"line {line} holds no headings: it is blank, or not among the first rows"
        raise InputError(None, {"header_line": Problem(why, FileProblem.NO_HEADER)})
    if not filled:
        raise InputError(None, {"file": Problem("the file is empty", FileProblem.EMPTY)})
    best = max(filled, key=lambda row: headings_known(row, known))
    if headings_known(best, known) >= max(FEWEST_KNOWN, LEAST_SHARE * len(_filled(best))):
        return _checked(best)
    usual = sorted(len(_filled(row)) for row in filled)[len(filled) // 2]
    words = (row for row in filled if 2 * len(_filled(row)) >= usual and not any(map(_is_data, _filled(row))))
    return _checked(next(words, filled[0]))


def no_header(rows: Sequence[HeadRow], last_line: int) -> HeadRow:
    """Stands for the header of a table that has none and begins behind that line. Raises as above."""
    return _checked(HeadRow(last_line, last_line, [""] * max(len(row.cells) for row in rows)))


def headings_of(row: HeadRow) -> list[str]:
    """Its cells as headings: in one line, without what cannot be seen."""
    return [" ".join(cell.translate(dict.fromkeys(map(ord, UNSEEN))).split()) for cell in row.cells]


def _checked(row: HeadRow) -> HeadRow:
    if len(row.cells) > MOST_COLUMNS:
        why = f"the header names {len(row.cells):,} columns; at most {MOST_COLUMNS} are read"
        raise InputError(None, {"file": Problem(why, FileProblem.TOO_WIDE)})
    if any(len(name) > LONGEST_HEADING for name in row.cells):
        why = f"a column's name is longer than {LONGEST_HEADING} characters"
        raise InputError(None, {"file": Problem(why, FileProblem.LONG_NAME)})
    return row


def headings_known(row: HeadRow, known: Collection[str]) -> int:
    """How many of its cells are headings known."""
    return len(
        {name for cell in row.cells[: MOST_COLUMNS + 1] if (name := normalised(cell[:LONGEST_HEADING])) in known}
    )


def _filled(row: HeadRow) -> list[str]:
    return [text for cell in row.cells if (text := cell.strip())]


def _is_data(text: str) -> bool:
    return bool(DATA_LIKE.fullmatch(text[:LONGEST_HEADING]))
