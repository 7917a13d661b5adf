"""How a file is to be opened, and what it leaves open: nothing that can be read two ways is guessed in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.rows import row
from shared.vocabulary.file_problem import FileProblem


@row
class Record:
    """A line of the file (its number as an editor shows it) and its cells; `problem` where it could not be cut."""

    line: int
    cells: list[str]
    problem: str | None = None


class LeftOut(StrEnum):
    """What stands among the rows and is none."""

    BLANK = "blank"
    TOTAL = "total"
    HEADER = "header"
    FOOTER = "footer"


class Encoding(StrEnum):
    """What a file's bytes may stand for. The value is the name Python knows it by."""

    UTF8 = "utf-8"
    UTF16_LE = "utf-16-le"
    UTF16_BE = "utf-16-be"
    WESTERN = "cp1252"
    CENTRAL = "cp1250"
    CYRILLIC = "cp1251"
    GREEK = "cp1253"
    TURKISH = "cp1254"
    CHINESE = "gb18030"
    TAIWAN = "big5hkscs"
    JAPANESE = "cp932"
    KOREAN = "cp949"
    MAC = "mac-roman"
    DOS = "cp850"


@dataclass(frozen=True)
class Reading:
    """What somebody said of a file; what is None is found in the file itself.

    `header_line`: the line of the heading row, from 1. `sheet`: which table, where the file holds several (the sheets
    of a workbook, the files of an archive).
    """

    encoding: Encoding | None = None
    separator: str | None = None
    header_line: int | None = None
    sheet: str | None = None


AS_FOUND = Reading()


@dataclass(frozen=True)
class Ambiguity:
    """A question that the file leaves open. `kind`: ENCODING, SHEET or HEADING. `subject`: the heading that stands
    twice, else the name of the field of `Reading` that settles it. `readings`: by each answer an example as it would be
    read."""

    kind: FileProblem
    subject: str
    readings: Mapping[str, str]

    def __str__(self) -> str:
        return "say which is meant: " + "; ".join(f"{answer} («{shown}»)" for answer, shown in self.readings.items())
