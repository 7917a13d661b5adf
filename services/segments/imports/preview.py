"""A file as it would be read, seen from its first rows: its columns, its dates, its hotels, ten reservations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from marshmallow import ValidationError

from services.segments.imports.files.columns import AMOUNTS, DATES, NEVER_READ, REQUIRED, ImportMapping
from services.segments.imports.files.headings import HEADERS, normalised
from services.segments.imports.files.reading import Record
from services.segments.imports.files.table import Table
from services.segments.imports.survey import survey
from services.segments.rules.dates import Order, settle_order
from services.segments.rules.money.amounts import Amount, Mark, open_example, readings, settle_mark
from services.segments.rules.reservations import Reservation
from services.segments.schemas import RowReader
from shared.errors import InputError

LOOKED_AT = 20_000  # rows, or fewer where they are wide or long: a page must not hold a whole file
MOST_CELLS, MOST_CHARACTERS = 600_000, 8_000_000
SHOWN = 10


@dataclass(frozen=True)
class DateColumn:
    """`settled`: the order its rows prove; None where they leave it open. `asked`: the order somebody chose."""

    field: str
    header: str
    settled: Order | None
    asked: Order | None
    example: str


@dataclass(frozen=True)
class AmountColumn:
    """`settled`: the decimal mark its rows prove; None where they leave it open. `asked`: the one somebody chose.
    `example`: a cell, and `readings` what it comes to by each mark.
    """

    field: str
    header: str
    settled: Mark | None
    asked: Mark | None
    example: str
    readings: Mapping[Mark, Amount]


@dataclass(frozen=True)
class Row:
    line: int
    reservation: Reservation | None
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Preview:
    """`columns`: by field its header. `problems`: by field what keeps the file from being read."""

    header: Sequence[str]
    columns: Mapping[str, str]
    dates: Sequence[DateColumn]
    rows: Sequence[Row]
    strangers: Mapping[str, int]
    problems: Mapping[str, str]
    looked_at: int
    is_whole: bool
    incomplete_from: int | None
    amounts: Sequence[AmountColumn] = ()

    @property
    def open_amounts(self) -> list[AmountColumn]:
        return [one for one in self.amounts if one.settled is None and one.asked is None]

    @property
    def unsettled_amounts(self) -> list[AmountColumn]:
        return [one for one in self.amounts if one.settled is None]

    @property
    def unsettled(self) -> list[DateColumn]:
        return [one for one in self.dates if one.settled is None]

    @property
    def open_dates(self) -> list[DateColumn]:
        return [one for one in self.dates if one.settled is None and one.asked is None]


class Head(Table):
    """The first rows of a table, read once. `damage`: what keeps it from being read further, by field."""

    def __init__(self, table: Table) -> None:
        self.path, self.separator, self.header = table.path, table.separator, table.header
        self.ambiguities = table.ambiguities
        self._rows: list[Record] = []
        self.damage: dict[str, str] = {}
        self.is_whole = False
        try:
            self._read(table)
        except InputError as error:
            self.damage = error.problems
        self.incomplete_from = table.incomplete_from

    def _read(self, table: Table) -> None:
        cells = characters = 0
        for record in table.records():
            cells += len(record.cells)
            characters += sum(map(len, record.cells))
            if len(self._rows) == LOOKED_AT or cells > MOST_CELLS or characters > MOST_CHARACTERS:
                return
            self._rows.append(record)
        self.is_whole = True

    def records(self) -> Iterator[Record]:
        return iter(self._rows)


def preview_of(table: Table, mapping: ImportMapping, hotels: Collection[str]) -> Preview:
    """`hotels`: the codes known. Raises `InputError` where there is no table at all."""
    head = Head(table)
    columns = columns_of(head.header, mapping)
    problems = _problems(head, mapping)
    sound = [record for record in head.records() if not record.problem]
    dates = [_date_column(name, head, sound, columns[name], mapping) for name in DATES if name in columns]
    amounts = [_amount_column(name, head, sound, columns[name], mapping) for name in AMOUNTS if name in columns]
    marks = {one.header: one.asked or one.settled or Mark.POINT for one in amounts}
    decided = replace(
        mapping, numbers=marks, dates={one.header: one.asked or one.settled or Order.DMY for one in dates}
    )
    rows = [] if problems else _rows(head, decided)
    strangers = _strangers(head, sound, columns.get("property"), hotels)
    return Preview(
        head.header, columns, dates, rows, strangers, problems, len(head._rows), head.is_whole, head.incomplete_from,
        amounts,
    )  # fmt: skip


def columns_of(header: Sequence[str], mapping: ImportMapping) -> dict[str, str]:
    """By field the header of its column, also where required ones are missing."""
    return {name: header[place] for name, place in mapping.found(header).items()}


def readable(header: Sequence[str]) -> list[str]:
    """The columns one may choose from: card and identity numbers are not among them."""
    return [name for name in header if name.strip() and not NEVER_READ.search(normalised(name))]


def disambiguated(header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Of the columns chosen those that would not be found by themselves."""
    by_itself = columns_of(header, ImportMapping())
    return {name: one for name, one in chosen.items() if name in HEADERS and by_itself.get(name, "") != one}


def _problems(head: Head, mapping: ImportMapping) -> dict[str, str]:
    open_questions = mapping.questions(head.header, head.ambiguities)
    try:
        mapping.places(head.header)
    except InputError as error:
        return {**error.problems, **open_questions, **head.damage}
    return {**open_questions, **head.damage}


def _date_column(name: str, head: Head, sound: Sequence[Record], header: str, mapping: ImportMapping) -> DateColumn:
    place = list(head.header).index(header)
    counts = Counter(record.cells[place].strip() for record in sound)
    asked = {normalised(one): order for one, order in mapping.dates.items()}.get(normalised(header))
    try:
        settled = settle_order(header, counts)
    except InputError:
        settled = None
    return DateColumn(name, header, settled, asked, next((text for text in counts if text), ""))


def _amount_column(name: str, head: Head, sound: Sequence[Record], header: str, mapping: ImportMapping) -> AmountColumn:
    place = list(head.header).index(header)
    counts = Counter(record.cells[place].strip() for record in sound)
    asked = {normalised(one): mark for one, mark in mapping.numbers.items()}.get(normalised(header))
    try:
        settled = settle_mark(header, counts)
    except InputError:
        settled = None
    example = open_example(counts)
    return AmountColumn(name, header, settled, asked, example, readings(example))


def _rows(head: Head, mapping: ImportMapping) -> list[Row]:
    reader = RowReader(survey(head, mapping), mapping)
    return [_row(reader, record) for record in islice(head.records(), SHOWN)]


def _row(reader: RowReader, record: Record) -> Row:
    if record.problem:
        return Row(record.line, None, {"row": record.problem})
    try:
        return Row(record.line, reader.read(record.cells), {})
    except ValidationError as error:
        return Row(record.line, None, {name: str(reason) for name, reason in error.messages_dict.items()})


def _strangers(head: Head, sound: Sequence[Record], header: str | None, hotels: Collection[str]) -> dict[str, int]:
    if header is None:
        return {}
    place = list(head.header).index(header)
    codes = Counter(record.cells[place].strip() for record in sound)
    return {code: rows for code, rows in codes.most_common() if code and code not in hotels}


__all__ = ["REQUIRED", "Preview", "columns_of", "disambiguated", "preview_of", "readable"]
