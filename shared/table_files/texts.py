"""The records of a text file: quoted, by a separator.

A record that breaks (an unclosed quote, too many cells) costs its own line only: the lines it swallowed are read again
by themselves.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Protocol, TextIO

from shared.table_files.reading import Record
from shared.table_files.rows import Fitting

LONGEST_LINE = 1 << 20  # characters: a small archive may unpack to a line that no memory holds
BEGINNINGS = """
    to su gr ge zw in so pr pa en re er se im fi st ** -- ==
    合计 总计 小计 共计 总合 本页 合計 總計 小計 共計 打印 制表 列印 製表 报表 報表
"""
MAY_BE_NONE = frozenset(f(two) for two in BEGINNINGS.split() for f in (str.lower, str.upper, str.capitalize))
"""The first two letters of what may be no row, and is looked at more closely."""


class Source(Protocol):
    """What is read. `incomplete_from`: the byte from which on it is missing, once that is known."""

    incomplete_from: int | None


def records_of(text: TextIO, separator: str, header_ends: int, fitting: Fitting, source: Source) -> Iterator[Record]:
    """Every record after the header's last line."""
    for _ in range(header_ends):
        text.readline(LONGEST_LINE)
    lines = Lines(text, header_ends)
    reader = csv.reader(lines, delimiter=separator)
    width, first_heading = fitting.width, fitting.first_heading
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
        if source.incomplete_from is not None and lines.end_open:
            yield Record(lines.first, [], f"the file is not complete from byte {source.incomplete_from} on")
        elif len(cells) == width and (first := cells[0]) and first != first_heading and first[:2] not in MAY_BE_NONE:
            yield Record(lines.first, cells)
        elif not fitting.is_none(cells):
            whole = fitting.fitted(cells)
            if whole is None or (lines.taken > 1 and len(cells) < width and swallowed(cells, separator)):
                yield Record(lines.first, [], fitting.problem(cells))
                lines.give_back()
            else:
                yield Record(lines.first, whole)


def swallowed(cells: list[str], separator: str) -> bool:
    """Whether a cell holds what looks like another line of the table: its quote was never meant to open."""
    return any(separator in cell and ("\n" in cell or "\r" in cell) for cell in cells)


class Lines:
    """The lines of a file after the first `read`; those that a broken record consumed can be given back."""

    def __init__(self, text: TextIO, read: int) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._number = read

    @property
    def taken(self) -> int:
        """How many lines the present record has."""
        return len(self._taken)

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
