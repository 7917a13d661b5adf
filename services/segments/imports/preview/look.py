"""Looks at the first rows of a file as an import would read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from marshmallow import ValidationError

from services.segments.imports.constants import TODAY, Today, constant_problems, today_at
from services.segments.imports.files.columns import AMOUNTS, NEVER_READ, OF_PEOPLE, Holds, ImportMapping, dates_among
from services.segments.imports.files.headings import HEADERS, normalised
from services.segments.imports.files.table import Table
from services.segments.imports.masking import masked_contact
from services.segments.imports.meanings.registry import meaning_of, meaning_problem
from services.segments.imports.people.names import list_named
from services.segments.imports.people.reader import AnyReader, Origin, reader_of
from services.segments.imports.preview.head import Head
from services.segments.imports.preview.preview import (
    VERSION,
    FirstRow,
    Preview,
    Question,
    Refused,
)
from services.segments.imports.preview.questions import amount_question, date_question, file_questions
from services.segments.imports.seen import ColumnSeen, columns_seen, meaning_text, reasons_of
from services.segments.imports.survey import Survey, survey
from services.segments.imports.tally import Column
from services.segments.rules.money.amounts import Mark, settle_mark
from services.segments.rules.people.contact_points import email_point, phone_point
from services.segments.rules.people.contacts import Contact, StatedRow
from services.segments.rules.reservations import Reservation
from services.segments.rules.written.dates import Order, settle_order
from services.segments.rules.written.import_problems import RejectReason
from shared.errors import InputError
from shared.table_files.reading import Record
from shared.vocabulary.stay import StayStatus

SHOWN = 10
FIELDS = tuple(field.name for field in fields(Reservation) if field.name != "source")
OF_PEOPLE_SHOWN = tuple(name for name in OF_PEOPLE if name != "full_name")
STAND_INS = {"status": str(StayStatus.BOOKED), "status_date": TODAY, "booked_on": TODAY}
"""For what may be said for all rows, while nobody has said it: so that the other columns can be looked at."""
MASKED = frozenset({"email", "phone"})


@dataclass(frozen=True)
class Known:
    """What an installation knows: its hotels by code with their zones and their countries, and which day it is at
    each at that instant."""

    hotels: Mapping[str, str]
    countries: Mapping[str, str]
    today: Today
    at: datetime

    @classmethod
    def of(cls, places: Mapping[str, tuple[str, str]], at: datetime) -> Known:
        """`places`: zone and country of each hotel by code."""
        zones = {code: zone for code, (zone, _) in places.items()}
        return cls(zones, {code: country for code, (_, country) in places.items()}, today_at(zones, at), at)


def preview_of(table: Table, mapping: ImportMapping, known: Known, name: str = "") -> Preview:
    """Raises `InputError` where there is no table at all. `name`: what its owner calls the file."""
    head = Head(table)
    columns = columns_of(head.header, mapping)
    questions = [*file_questions(table, mapping), *_questions(head, columns, mapping)]
    decided = replace(mapping, dates=_decided(head, columns, mapping), numbers=_marks(head, columns, mapping))
    problems = _problems(head, decided)
    name, holds = name or table.path.name, mapping.holds_of(head.header)
    read = _Read(head, decided, known, name) if not problems else None
    seen = read.columns if read else _seen_meanwhile(head, decided, problems, known, name) or _unread(head, columns)
    return Preview(
        version=VERSION,
        source=mapping.source,
        encoding=str(table.encoding) if table.encoding else None,
        separator=head.separator,
        header_row=table.header_line,
        sheet=table.sheet,
        sheets=tuple(table.sheets),
        rows=len(head.rows),
        is_whole=head.is_whole,
        incomplete_from=head.incomplete_from,
        left_out={str(kind): lines for kind, lines in table.left_out.items()},
        mapping=columns,
        constants={**mapping.constants, **({"currency": mapping.currency} if mapping.currency else {})},
        orders={name: str(order) for name, order in read.surveyed.orders.items()} if read else {},
        columns=seen,
        questions=questions,
        problems=problems,
        unknown_hotels=_unknown_hotels(head, columns.get("property"), mapping, known),
        refused=read.refused if read else Refused(0, ()),
        first_rows=read.first_rows if read else (),
        holds=str(holds),
        list_name=list_named(mapping.list_name, name) if holds is Holds.PEOPLE else "",
    )


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


class _Read:
    """The head's rows, read as the import reads them."""

    def __init__(self, head: Head, mapping: ImportMapping, known: Known, name: str) -> None:
        self.surveyed: Survey = survey(head, mapping)
        reader = reader_of(self.surveyed, mapping, known.hotels, known.today, Origin(name, known.at))
        reasons: Counter[tuple[str, str]] = Counter()
        self.first_rows: list[FirstRow] = []
        refused = 0
        for record in head.records():
            row = _row(reader, record, known)
            if not isinstance(row, dict):
                row = _reached(row, known.countries.get(row.property), reader.columns)
            if len(self.first_rows) < SHOWN:
                self.first_rows.append(_first(record.line, row))
            if isinstance(row, dict):
                refused += 1
                reasons.update(row.items())
        self.refused = Refused(refused, reasons_of(reasons))
        self.columns = columns_seen(head.header, reader)


def _seen_meanwhile(
    head: Head, mapping: ImportMapping, problems: Mapping[str, str], known: Known, name: str
) -> Sequence[ColumnSeen] | None:
    """How the columns that are there are understood, while others are still to be said once for all rows."""
    if not problems.keys() <= STAND_INS.keys() | {"property"}:
        return None
    hotel = next(iter(known.hotels), "?")
    missing = {field: STAND_INS.get(field, hotel) for field in problems}
    return _Read(head, replace(mapping, constants={**mapping.constants, **missing}), known, name).columns


def _row(reader: AnyReader, record: Record, known: Known) -> StatedRow | dict[str, str]:
    """The reservation in a row, or by field why there is none."""
    if record.problem:
        return {"row": record.problem}
    try:
        row = reader.read(record.cells)
    except ValidationError as error:
        return {name: str(reason) for name, reason in error.messages_dict.items()}
    return row if row.property in known.hotels else {"property": str(RejectReason.UNKNOWN_HOTEL)}


def _reached(row: StatedRow, country: str | None, columns: Mapping[str, Column]) -> StatedRow:
    """The row with its address and its number as they are read; those that are bad are counted with the reason."""
    email = email_point(row.email) if row.email else None
    phone = phone_point(row.phone, row.country, country) if row.phone else None
    for name, point in (("email", email), ("phone", phone)):
        if point and point.fault:
            columns[name].doubted[point.fault] += 1
    return replace(row, email=email.address if email else None, phone=phone.address if phone else None)


def _first(line: int, row: StatedRow | dict[str, str]) -> FirstRow:
    if isinstance(row, dict):
        return FirstRow(line, {}, row)
    if isinstance(row, Contact):
        return FirstRow(line, {name: _text(name, getattr(row, name, None)) for name in OF_PEOPLE_SHOWN}, {})
    return FirstRow(line, {name: _text(name, getattr(row, name)) for name in FIELDS}, {})


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    text = meaning_text(value)
    return masked_contact(text) if name in MASKED else text


def _questions(head: Head, columns: Mapping[str, str], mapping: ImportMapping) -> list[Question]:
    asked = {normalised(header): order for header, order in mapping.dates.items()}
    found = (
        date_question(name, columns[name], head.texts(columns[name]), asked.get(normalised(columns[name])))
        for name in dates_among(columns)
    )
    marks = {normalised(header): mark for header, mark in mapping.numbers.items()}
    amounts = (
        amount_question(name, columns[name], head.texts(columns[name]), marks.get(normalised(columns[name])))
        for name in AMOUNTS
        if name in columns
    )
    return [question for question in (*found, *amounts) if question]


def _decided(head: Head, columns: Mapping[str, str], mapping: ImportMapping) -> dict[str, Order]:
    """The orders somebody chose; until somebody does, the day is taken to come first."""
    decided = dict(mapping.dates)
    asked = {normalised(header) for header in decided}
    for header in {columns[name] for name in dates_among(columns)}:
        if normalised(header) not in asked:
            try:
                decided[header] = settle_order(header, head.texts(header))
            except InputError:
                decided[header] = Order.DMY
    return decided


def _marks(head: Head, columns: Mapping[str, str], mapping: ImportMapping) -> dict[str, Mark]:
    """The same of decimal marks; until somebody says which, it is the point."""
    decided = dict(mapping.numbers)
    asked = {normalised(header) for header in decided}
    for header in {columns[name] for name in AMOUNTS if name in columns}:
        if normalised(header) not in asked:
            try:
                decided[header] = settle_mark(header, head.texts(header))
            except InputError:
                decided[header] = Mark.POINT
    return decided


def _problems(head: Head, mapping: ImportMapping) -> dict[str, str]:
    problems: dict[str, str] = {}
    try:
        mapping.places(head.header)
    except InputError as error:
        problems |= error.problems
    problems |= constant_problems(mapping.constants)
    for name, said in mapping.meanings.items():
        for value, meaning in said.items():
            if problem := meaning_problem(name, value, meaning):
                problems[name] = problem
    return {**problems, **head.damage}


def _unread(head: Head, columns: Mapping[str, str]) -> list[ColumnSeen]:
    by_header = {header: name for name, header in columns.items()}
    return [
        ColumnSeen(name, by_header.get(name), bool(NEVER_READ.search(normalised(name))))
        for name in head.header
        if name.strip()
    ]


def _unknown_hotels(head: Head, header: str | None, mapping: ImportMapping, known: Known) -> dict[str, int]:
    if header is None:
        code = mapping.constants.get("property")
        return {code: len(head.rows)} if code and code not in known.hotels else {}
    unknown: Counter[str] = Counter()
    for text, rows in head.texts(header).items():
        code = meaning_of(mapping.meanings, "property", text) or text
        if text and code not in known.hotels:
            unknown[text] += rows
    return dict(unknown.most_common())
