"""The preview of an import as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from guestloop.operations.chosen_mapping import MappingFrom
from services.segments.imports.files.columns import Holds
from services.segments.imports.preview.preview import Preview
from services.segments.imports.preview.questions import question_text
from services.segments.imports.seen import ColumnSeen, RefusedReason
from shared.vocabulary.contact_point import CALLED, PointFault

WIDEST = 28  # characters of a heading


def print_preview(preview: Preview) -> None:
    written = (
        f"sheet {preview.sheet}" if preview.encoding is None else f"{preview.encoding}, cut at {preview.separator!r}"
    )
    written += f", headings in line {preview.header_row}"
    rows = f"{rows_of(preview.rows)}" if preview.is_whole else f"judged by the first {rows_of(preview.rows)}"
    print(f"{written}; {rows}; source {preview.source}")
    print(mapping_words(preview.mapping_from, preview.read_as))
    if preview.holds == Holds.PEOPLE:
        print(f"this file holds people, not stays; each is tagged «{preview.list_name}» (--list NAME says otherwise)")
    if preview.incomplete_from is not None:
        print(f"the file is not complete from byte {preview.incomplete_from:,} on")
    for kind, lines in preview.left_out.items():
        print(f"no rows: {lines:,} ({kind})")
    for field, text in preview.constants.items():
        print(f"for every row: {field} is {text}")
    print_columns(preview.columns)
    for code, count in preview.unknown_hotels.items():
        print(f"hotel not known: {code} in {rows_of(count)}; say --place {code}=PT:Europe/Lisbon (country and zone)")
    for question in preview.open_questions:
        print(f"asked: «{question.header}»: {question_text(question)}")
    for field, problem in preview.problems.items():
        print(f"problem: {field}: {problem}")
    print_refused(preview.refused.rows, preview.refused.reasons)


def mapping_words(origin: str, read_as: str) -> str:
    """Which mapping the file is read by, beside what was said."""
    match MappingFrom(origin):
        case MappingFrom.SAVED:
            return f"read by the mapping saved for {read_as} (--mapping none uses none)"
        case MappingFrom.SHIPPED:
            return f"read by the mapping that comes with Guestloop for {read_as} (--mapping none uses none)"
        case MappingFrom.HEADINGS:
            return "read by its headings; no mapping is saved for its source"
        case _ as never:
            assert_never(never)


def print_columns(columns: Sequence[ColumnSeen]) -> None:
    """A line a column, and under it the values that were not understood."""
    print(f"\n{'column':<{WIDEST}}{'read as':<16}{'understood':>12}{'not':>9}{'empty':>9}")
    for column in columns:
        if column.field is None:
            continue
        counts = f"{column.understood:>12,}{column.not_understood:>9,}{column.empty:>9,}"
        heading = " ".join(column.header.split())[: WIDEST - 2]
        print(f"{heading:<{WIDEST}}{column.field:<16}{counts}  {_read(column)}".rstrip())
        for value in column.unknown:
            print(f"    not understood: «{value.text}» in {rows_of(value.rows)} {value.reason}".rstrip())
        if column.unlisted:
            print(f"    not understood: others in {rows_of(column.unlisted)}")
        for doubt in column.doubted:
            print(
                f"    {'kept' if doubt.reason in CALLED else 'not used'}: {rows_of(doubt.rows)}: {_why(doubt.reason)}"
            )
    if unread := [column.header for column in columns if column.field is None]:
        print(f"not read: {', '.join(unread)}")
    print()


def print_refused(rows: int, reasons: Sequence[RefusedReason]) -> None:
    if rows:
        print(f"{rows_of(rows)} cannot be used:")
        for one in reasons:
            print(f"  {one.rows:>9,}  {one.field}: {one.reason}")


def rows_of(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _why(reason: str) -> str:
    """What is wrong with an address or number in words; other reasons are words already."""
    try:
        return PointFault(reason).label
    except ValueError:
        return reason


def _read(column: ColumnSeen) -> str:
    return ", ".join(f"{one.text} → {one.means}" if one.text != one.means else one.text for one in column.read[:3])
