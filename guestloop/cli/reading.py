"""What may be said on the command line of how a file is to be opened."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence

from shared.table_files.layout import SEPARATORS
from shared.table_files.reading import Ambiguity, Encoding, Reading
from shared.table_files.table import TableFile

SEPARATOR_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
assert sorted(SEPARATOR_NAMES.values()) == sorted(SEPARATORS), "each separator has a name to be typed by"


def reading_arguments(known: argparse.ArgumentParser) -> None:
    known.add_argument("--encoding", choices=[str(one) for one in Encoding], help="the letters, where two readings fit")
    known.add_argument("--separator", choices=list(SEPARATOR_NAMES), help="what stands between two cells")
    known.add_argument("--header-line", type=int, metavar="LINE", help="the line of the headings, from 1")
    known.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook, or the file of an archive")


def file_as_json(
    table: TableFile, columns: Mapping[str, str], not_read: Sequence[str], asked: Iterable[Ambiguity]
) -> dict[str, object]:
    """How a list was opened, as each command says it. `columns`: by heading what it holds."""
    return {
        "encoding": table.encoding,
        "separator": table.separator,
        "header_row": table.header_line,
        "sheet": table.sheet,
        "columns": {heading: str(held) for heading, held in columns.items()},
        "columns_not_read": list(not_read),
        "asked": {one.subject: list(one.readings) for one in asked},
        "incomplete_from": table.incomplete_from,
    }


def reading_of(given: argparse.Namespace) -> Reading:
    return Reading(
        encoding=Encoding(given.encoding) if given.encoding else None,
        separator=SEPARATOR_NAMES[given.separator] if given.separator else None,
        header_line=given.header_line,
        sheet=given.sheet,
    )
