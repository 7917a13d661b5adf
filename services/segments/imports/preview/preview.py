"""The preview of an import, and its JSON. The fields of these classes are the JSON's: they are only ever added to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson

from services.segments.imports.seen import ColumnSeen, RefusedReason

VERSION = 1


class Asked(StrEnum):
    """What a file may leave open: its letters, which of its tables is meant, which of two columns of one name, in which
    order a column's dates are written, what stands before its decimals."""

    ENCODING = "encoding"
    SHEET = "sheet"
    HEADING = "heading"
    DATES = "dates"
    AMOUNTS = "amounts"


@dataclass(frozen=True)
class Example:
    """A text of the column, and what it would be read as."""

    text: str
    means: str


@dataclass(frozen=True)
class Reading:
    """One way to read a column; `answer` is what the mapping would say for it."""

    answer: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Question:
    """What can be read in several ways. `field`, `header`: the column it is about, where it is about one. `answered`:
    what somebody chose; with None the file is not read."""

    kind: Asked
    field: str | None
    header: str | None
    readings: tuple[Reading, ...]
    answered: str | None


@dataclass(frozen=True)
class FirstRow:
    """`read`: by field, with contact points shortened. `problems`: by field, why the row would be refused."""

    line: int
    read: Mapping[str, str | None]
    problems: Mapping[str, str]


@dataclass(frozen=True)
class Refused:
    """`rows`: lines of the file. One row may be refused for several reasons."""

    rows: int
    reasons: tuple[RefusedReason, ...]


@dataclass(frozen=True)
class Preview:
    """`mapping`: by field its header. `constants`: by field what stands for every row. `orders`: by field, the order
    of day, month and year that its dates are read in. `problems`: by field what keeps the file from being read.
    `unknown_hotels`: rows by code. `encoding`, `separator`: None for a sheet of a workbook. `left_out`: lines that are
    no rows (blank ones, totals, headings once more, what stands below), by what they are.
    `holds`: stays or people; of people `list_name` is what they are tagged with.
    `mapping_from`: what it is read by beside what was said: a mapping saved, one shipped, or its headings alone;
    `read_as`: the source whose mapping that is. Empty on a page, where the file has its own.
    `rows`: those looked at; all of the file where `is_whole`."""

    version: int
    source: str
    encoding: str | None
    separator: str | None
    header_row: int
    sheet: str | None
    sheets: Sequence[str]
    rows: int
    is_whole: bool
    incomplete_from: int | None
    left_out: Mapping[str, int]
    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    orders: Mapping[str, str]
    columns: Sequence[ColumnSeen]
    questions: Sequence[Question]
    problems: Mapping[str, str]
    unknown_hotels: Mapping[str, int]
    refused: Refused
    first_rows: Sequence[FirstRow]
    holds: str = "stays"
    list_name: str = ""
    mapping_from: str = ""
    read_as: str = ""

    @property
    def open_questions(self) -> list[Question]:
        return [one for one in self.questions if one.answered is None]

    @property
    def header(self) -> list[str]:
        return [column.header for column in self.columns]


def preview_json(preview: Preview) -> bytes:
    return orjson.dumps(preview, default=str, option=orjson.OPT_INDENT_2)
