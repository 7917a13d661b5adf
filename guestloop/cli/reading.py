"""What may be said on the command line of how a file is to be opened."""

from __future__ import annotations

import argparse

from shared.table_files.layout import SEPARATORS
from shared.table_files.reading import Encoding, Reading

SEPARATOR_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
assert sorted(SEPARATOR_NAMES.values()) == sorted(SEPARATORS), "each separator has a name to be typed by"


def reading_arguments(known: argparse.ArgumentParser) -> None:
    known.add_argument("--encoding", choices=[str(one) for one in Encoding], help="the letters, where two readings fit")
    known.add_argument("--separator", choices=list(SEPARATOR_NAMES), help="what stands between two cells")
    known.add_argument("--header-line", type=int, metavar="LINE", help="the line of the headings, from 1")
    known.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook, or the file of an archive")


def reading_of(given: argparse.Namespace) -> Reading:
    return Reading(
        encoding=Encoding(given.encoding) if given.encoding else None,
        separator=SEPARATOR_NAMES[given.separator] if given.separator else None,
        header_line=given.header_line,
        sheet=given.sheet,
    )
