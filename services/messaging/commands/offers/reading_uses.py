"""A file of uses, opened as whatever table it is, and redeemed in parts, each a transaction of its own.

A line's id is made of what stands in it and of how many like it came before in the file: the same file again changes
nothing, and two guests who said the same word on one day count twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from services.messaging.commands.offers.redeeming import Answer, Line
from services.messaging.rules.offers.codes import compared
from services.messaging.rules.offers.use_file import NAMED, UseFault, UseLine, read_line
from shared.errors import InputError, Problem
from shared.ids import make_id
from shared.table_files.headings import normalised
from shared.table_files.reading import Reading
from shared.table_files.table import TableFile
from shared.vocabulary.file_problem import FileProblem
from shared.vocabulary.offer import CodeRefusal

AT_ONCE = 500
MOST_TOLD = 100


@dataclass
class Told:
    """What came of a file so far. `refused`: the first of what was not taken, by line, with the code and why."""

    lines: int = 0
    used: int = 0
    known: int = 0
    refused: list[tuple[int, str, UseFault | CodeRefusal, Answer | None]] = field(default_factory=list)
    not_taken: int = 0

    def refuse(self, line: int, code: str, why: UseFault | CodeRefusal, answer: Answer | None = None) -> None:
        self.not_taken += 1
        if len(self.refused) < MOST_TOLD:
            self.refused.append((line, code[:60], why, answer))

    def add(self, answers: list[Answer]) -> None:
        for answer in answers:
            if answer.is_known:
                self.known += 1
            elif answer.refusal is None:
                self.used += 1
            else:
                self.refuse(answer.line.line, answer.line.code, answer.refusal, answer)


class UseFile:
    """Raises `InputError` where it is no table, or has no column of codes."""

    def __init__(self, path: Path, hotels: Mapping[str, str], today: date) -> None:
        self._table = TableFile(path, Reading(), frozenset(NAMED), cuts=True)
        columns = [NAMED.get(normalised(one)) for one in self._table.header]
        self._places = {column: place for place, column in enumerate(columns) if column}
        if "code" not in self._places or "on" not in self._places:
            raise InputError(None, {"file": Problem("a column of codes and one of days", FileProblem.NO_COLUMN)})
        self._hotels, self._today = hotels, today
        self.told = Told()

    def parts(self) -> Iterator[list[Line]]:
        seen, found = Counter[tuple[object, ...]](), list[Line]()
        for record in self._table.records():
            self.told.lines += 1
            if record.problem is not None:
                self.told.refuse(record.line, "", UseFault.BROKEN)
                continue
            cells = {column: record.cells[place] for column, place in self._places.items()}
            read = read_line(cells, self._hotels, self._today)
            if isinstance(read, UseFault):
                self.told.refuse(record.line, cells["code"], read)
                continue
            content = (compared(read.code), read.hotel, read.on, read.amount, read.currency, read.reservation)
            seen[content] += 1
            found.append(_line(read, (*content, seen[content]), record.line))
            if len(found) >= AT_ONCE:
                yield found
                found = []
        if found:
            yield found


def _line(read: UseLine, content: tuple[object, ...], number: int) -> Line:
    return Line(
        redemption_id=make_id("redemption", "file", *content),
        code=read.code,
        hotel=read.hotel,
        on=read.on,
        amount=read.amount,
        currency=read.currency,
        reservation=read.reservation,
        line=number,
    )
