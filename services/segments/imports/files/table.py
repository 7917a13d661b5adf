"""A table of text cells in a file: CSV, plain or gzipped, UTF-8 (or UTF-16 with its mark), quoted, any usual separator.

A record that breaks (an unclosed quote, a wrong number of cells) costs its own line only: the lines it swallowed are
read again by themselves. A file whose end is missing is read to where it ends; `incomplete_from` says where that is.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from services.segments.imports.files.reading import AS_FOUND, Ambiguity, Encoding, Reading
from services.segments.imports.files.unpacking import Unpacked
from services.segments.rules.import_problems import FileProblem
from shared.errors import InputError, Problem
from shared.rows import row

SEPARATORS = ",;\t|"
LONGEST_LINE = 1 << 20  # characters: a small archive may unpack to a line that no memory holds
MOST_COLUMNS = 300
LONGEST_HEADING = 200  # characters of a column's name
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@row
class Record:
    """A line of the file (its number as an editor shows it) and its cells; `problem` where it could not be cut."""

    line: int
    cells: list[str]
    problem: str | None = None


class Table:
    """A file, opened afresh for every reading.

    `incomplete_from`: the byte from which on it is missing, once that has been read. `header_line`: where the headings
    stand, from 1. `sheets`: the tables the file holds where it may hold several; `sheet`: the one read.
    `ambiguities`: what the file leaves open; somebody's `Reading` or mapping settles it.
    """

    encoding = Encoding.UTF8
    header_line = 1
    sheet: str | None = None
    sheets: Sequence[str] = ()
    ambiguities: Sequence[Ambiguity] = ()

    def __init__(self, path: Path, reading: Reading = AS_FOUND) -> None:
        self.path, self.reading = path, reading
        self.incomplete_from: int | None = None
        with self._text() as text:
            first = text.readline(LONGEST_LINE)
        if not first.strip():
            raise InputError(f"{path.name} is empty", code=FileProblem.EMPTY)
        if len(first) == LONGEST_LINE:
            why = "its first line does not end"
            raise InputError(None, {"file": Problem(why, FileProblem.NO_HEADER)})
        self.separator = max(SEPARATORS, key=lambda one: (first.count(one), -SEPARATORS.index(one)))
        if first.count(self.separator) >= MOST_COLUMNS:
            why = f"the header names {first.count(self.separator) + 1:,} columns; at most {MOST_COLUMNS} are read"
            raise InputError(None, {"file": Problem(why, FileProblem.TOO_WIDE)})
        self.header = next(csv.reader([first], delimiter=self.separator))
        if any(len(name) > LONGEST_HEADING for name in self.header):
            why = f"a column's name is longer than {LONGEST_HEADING} characters"
            raise InputError(None, {"file": Problem(why, FileProblem.LONG_NAME)})

    def digest(self) -> str:
        with self.path.open("rb") as file:
            found = sha256()
            while block := file.read(1 << 20):
                found.update(block)
        return found.hexdigest()

    def records(self) -> Iterator[Record]:
        """Every record after the header."""
        with self._text() as text:
            text.readline(LONGEST_LINE)
            lines = Lines(text)
            reader = csv.reader(lines, delimiter=self.separator)
            while True:
                lines.start()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Record(lines.first, [], str(error))
                    lines.give_back()
                    continue
                if lines.end_open and self.incomplete_from is not None:
                    yield Record(lines.first, [], f"the file is not complete from byte {self.incomplete_from} on")
                elif len(cells) == len(self.header):
                    yield Record(lines.first, cells)
                elif cells:
                    yield Record(lines.first, [], f"{len(cells)} cells under a header of {len(self.header)}")
                    lines.give_back()

    def _ends_early(self, byte: int) -> None:
        self.incomplete_from = byte

    def _text(self) -> TextIO:
        try:
            file = cast(BinaryIO, self.path.open("rb"))
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}") from error
        head = file.read(2)
        file.seek(0)
        if head == b"\x1f\x8b":
            file = cast(BinaryIO, io.BufferedReader(Unpacked(file, self._ends_early)))
            head = cast(io.BufferedReader, file).peek(2)[:2]
        encoding = "utf-16" if head in UTF16_MARKS else "utf-8-sig"
        return io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")


class Lines:
    """The lines of a file; those that a broken record consumed can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._number = 1

    @property
    def first(self) -> int:
        """The number of the present record's first line."""
        return self._number - len(self._taken) + 1

    @property
    def end_open(self) -> bool:
        """Whether the present record's last line does not end."""
        return bool(self._taken) and not self._taken[-1].endswith(("\n", "\r"))

    def start(self) -> None:
        self._taken = []

    def give_back(self) -> None:
        swallowed = self._taken[1:]
        self._again.extendleft(reversed(swallowed))
        self._number -= len(swallowed)
        self._taken = []

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self._number += 1
        self._taken.append(line)
        return line
