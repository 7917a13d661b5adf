"""A file of objections, opened as whatever it is: its columns, what it leaves open, and its lines in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from services.feedback.rules.files.days import DayOrder, settle
from services.feedback.rules.files.opt_out_file import (
    KNOWN,
    LOOKED_AT,
    Columns,
    Fault,
    Held,
    Objection,
    Tally,
    columns_of,
    holds_points,
    read_line,
)
from shared.errors import InputError, Problem
from shared.table_files.headings import normalised
from shared.table_files.reading import Ambiguity, Reading
from shared.table_files.table import TableFile
from shared.vocabulary.file_problem import FileProblem

AT_ONCE = 5000  # objections


class OptOutList:
    """`asked`: what must be said before anything is closed. `tally`: what the lines held, as far as they were read.
    `order`: how dates such as 3/4/2026 are read, where somebody said it or the column does.

    Raises `InputError` where the file is no table, or no column of it holds addresses or numbers.
    """

    def __init__(self, path: Path, reading: Reading, region: str | None, order: DayOrder | None = None) -> None:
        table = TableFile(path, reading, KNOWN, cuts=True)
        if reading.header_line is None and holds_points(table.header):
            table = TableFile(path, reading, KNOWN, is_headed=False, cuts=True)
        self.table, self._region = table, region
        first = [record.cells for record in islice(table.records(), LOOKED_AT) if record.problem is None]
        self.columns: Columns = columns_of([normalised(one) for one in table.header], first, region)
        if not self.columns.emails and not self.columns.phones:
            raise InputError(None, {"file": Problem("no column holds addresses or numbers", FileProblem.NO_COLUMN)})
        self._letters: Sequence[Ambiguity] = [one for one in table.ambiguities if one.kind is FileProblem.ENCODING]
        self.asked: list[Ambiguity] = [one for one in table.ambiguities if one.kind is FileProblem.SHEET]
        self.order = order
        if order is None and not self.asked:
            self._settle_dates()
        self.tally = Tally()

    @property
    def read_as(self) -> Mapping[str, Held]:
        """By heading what its column holds. A column without a heading is called by its number."""
        return {self._heading(place): held for place, held in self.columns.held.items()}

    @property
    def not_read(self) -> Sequence[str]:
        """Headings of columns that hold addresses or numbers too."""
        return [self._heading(place) for place in self.columns.beside]

    @property
    def are_dates_asked(self) -> bool:
        """Until that is said, nobody knows which are understood."""
        return any(one.kind is FileProblem.DATE_ORDER for one in self.asked)

    @property
    def letters_asked(self) -> Sequence[Ambiguity]:
        """How its letters are to be read, where an address depends on it; known once the lines have been read."""
        return self._letters if any(why is Fault.LETTERS for why, _ in self.tally.reasons) else ()

    def chunks(self) -> Iterator[list[Objection]]:
        """What the file closes, from its first line on. Raises `InputError` where it is damaged further down."""
        self.tally, found = Tally(), list[Objection]()
        for record in self.table.records():
            if record.problem is not None:
                self.tally.lines += 1
                self.tally.reject(record.line, Fault.BROKEN, "")
                continue
            found += read_line(
                self.tally,
                record.line,
                record.cells,
                self.columns,
                self._region,
                only_ascii=bool(self._letters),
                order=self.order,
            )
            if len(found) >= AT_ONCE:
                yield found
                found = []
        if found:
            yield found

    def _settle_dates(self) -> None:
        place = self.columns.date
        if place is None:
            return
        found = settle(one.cells[place].strip() for one in self.table.records() if one.problem is None)
        self.order = found.order
        if found.asked:
            self.asked.append(Ambiguity(FileProblem.DATE_ORDER, "dates", found.asked))

    def _heading(self, place: int) -> str:
        return self.table.header[place].strip() or str(place + 1)
