"""A file as a table of text cells, whatever it is: CSV in any usual encoding and separator, plain, gzipped or
in an archive, or a sheet of a workbook.

What is found (letters, separator, header row, sheet) is told and can be said otherwise; what can be read two ways is
told as an ambiguity. A file whose end is missing is read to where it ends; `incomplete_from` says where that is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from shared.errors import InputError, Problem
from shared.table_files.containers import content_of, first_lines
from shared.table_files.duplicates import repeated, told_apart
from shared.table_files.layout import (
    HeadRow,
    cut,
    header_of,
    headings_of,
    no_header,
    separator_of,
    separator_said,
)
from shared.table_files.letters.judging import Judgement, judge
from shared.table_files.reading import Ambiguity, Encoding, LeftOut, Reading, Record
from shared.table_files.rows import Fitting
from shared.table_files.sheets import chosen_sheet, head_rows, no_such_sheet
from shared.table_files.texts import LONGEST_LINE, records_of
from shared.table_files.workbooks import Sheet, look_into, rows_of
from shared.vocabulary.file_problem import FileProblem

HEAD_LINES, HEAD_CHARACTERS = 60, 4 << 20
CONTROL, MOST_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]"), 0.02  # of the characters of a text
SEEN_KEPT = 32  # files whose letters and sheets are remembered while they stay as they are


class TableFile:
    """A file, opened afresh for every reading.

    `incomplete_from`: the byte from which on it is missing, once that has been read. `header_line`: where the headings
    stand, from 1. `sheets`: the tables the file holds where it may hold several; `sheet`: the one read.
    `ambiguities`: what the file leaves open; somebody's `Reading` or mapping settles it. `left_out`: what stood among
    the rows and was none, once they have been read.

    `known`: headings, as `normalised` leaves them, by which the header row and the right one of several sheets are
    found. `is_headed`: False where the first row is one like the others; the header is then empty, and as wide as the
    widest of the first rows. `cuts`: whether cells beyond the header are left out; else such a row is a problem.
    """

    def __init__(
        self, path: Path, reading: Reading, known: Collection[str], *, is_headed: bool = True, cuts: bool = False
    ) -> None:
        self.path, self.reading, self._known, self._cuts = path, reading, known, cuts
        self.incomplete_from: int | None = None
        self.ambiguities: list[Ambiguity] = []
        self.left_out: Mapping[LeftOut, int] = {}
        self.encoding: Encoding | None = None
        self.separator: str | None = None
        self._separator_line = 0
        self._content = content_of(path, reading.sheet)
        self.sheets, self.sheet = self._content.members, self._content.member
        if self.sheets and reading.sheet is None:
            self.ambiguities.append(Ambiguity(FileProblem.SHEET, "sheet", first_lines(path, self.sheets)))
        self._sheet = ""
        rows = self._workbook_head() if self._content.is_workbook else self._text_head()
        self._head = header_of(rows, reading.header_line, known) if is_headed else no_header(rows, self._separator_line)
        self.header_line = self._head.line
        self.header: Sequence[str] = headings_of(self._head)
        if repeated(self.header):
            self.header, asked = told_apart(self.header, self.records())
            self.ambiguities += asked

    def digest(self) -> str:
        with self.path.open("rb") as file:
            found = sha256()
            while block := file.read(1 << 20):
                found.update(block)
        return found.hexdigest()

    def records(self) -> Iterator[Record]:
        """Every record after the header, as wide as the header."""
        fitting = Fitting(self._head.cells, cuts=self._cuts)
        self.left_out = fitting.left_out
        if self.separator is None:
            return self._sheet_records(fitting)
        return self._text_records(fitting, self.separator)

    def _text_records(self, fitting: Fitting, separator: str) -> Iterator[Record]:
        with self._text() as text:
            yield from records_of(text, separator, self._head.last_line, fitting, self)

    def _sheet_records(self, fitting: Fitting) -> Iterator[Record]:
        for number, cells in rows_of(self._content.opened(self._ends_early), self._sheet):
            if number <= self._head.last_line or fitting.is_none(cells):
                continue
            whole = fitting.fitted(cells)
            yield Record(number, whole) if whole else Record(number, [], fitting.problem(cells))

    def _workbook_head(self) -> list[HeadRow]:
        sheets = _sheets(self.path, _present(self.path), self.sheet)
        sheet, asked = chosen_sheet(sheets, None if self.sheets else self.reading.sheet, self._known)
        self._sheet = sheet.name
        if not self.sheets:
            self.sheets, self.sheet = [one.name for one in sheets], sheet.name
            self.ambiguities += asked
        return head_rows(sheet)

    def _text_head(self) -> list[HeadRow]:
        if self.reading.sheet is not None and self.sheets and self.reading.sheet not in self.sheets:
            raise no_such_sheet(self.reading.sheet, self.sheets)
        judgement = _judgement(self.path, _present(self.path), self.sheet)
        self.encoding = self.reading.encoding or judgement.encoding
        if self.reading.encoding is None and judgement.readings:
            shown = {str(one): text for one, text in judgement.readings.items()}
            self.ambiguities.append(Ambiguity(FileProblem.ENCODING, "encoding", shown))
        with self._text() as text:
            lines = _first_lines(text)
        if not any(map(str.strip, lines)):
            raise InputError(None, {"file": Problem("the file is empty", FileProblem.EMPTY)})
        if not _is_text("".join(lines)):
            raise InputError(None, {"file": Problem("this is no text, and no table", FileProblem.NO_TABLE)})
        said = next(((place, one) for place, line in enumerate(lines) if (one := separator_said(line))), None)
        if said:
            lines[said[0]], self._separator_line = "\n", said[0] + 1
        self.separator = self.reading.separator or (said[1] if said else separator_of(lines, self._known))
        return cut(lines, self.separator)

    def _text(self) -> TextIO:
        encoding = "utf-8-sig" if self.encoding is Encoding.UTF8 else str(self.encoding)
        file = self._content.opened(self._ends_early)
        return io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")

    def _ends_early(self, byte: int) -> None:
        self.incomplete_from = byte


def _first_lines(text: TextIO) -> list[str]:
    lines: list[str] = []
    characters = 0
    while len(lines) < HEAD_LINES and characters < HEAD_CHARACTERS and (line := text.readline(LONGEST_LINE)):
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")) and not lines:
            raise InputError(None, {"file": Problem("its first line does not end", FileProblem.NO_HEADER)})
        lines.append(line if lines else line.lstrip("\ufeff"))
        characters += len(line)
    return lines


def _is_text(text: str) -> bool:
    """A text may hold a stray control character, a program's or a picture's bytes are full of them."""
    return len(CONTROL.findall(text)) <= len(text) * MOST_CONTROL


def _present(path: Path) -> tuple[int, int, int]:
    """Another one where the file is another one."""
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


@lru_cache(maxsize=SEEN_KEPT)
def _judgement(path: Path, _state: tuple[int, int, int], member: str | None) -> Judgement:
    return judge(lambda: content_of(path, member).opened(_ignored))


@lru_cache(maxsize=SEEN_KEPT)
def _sheets(path: Path, _state: tuple[int, int, int], member: str | None) -> list[Sheet]:
    return look_into(content_of(path, member).opened(_ignored))


def _ignored(byte: int) -> None:
    """Where it ends early is told when its rows are read."""
