"""What a page and a report say of a file's columns: how many values were understood, and which were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from services.segments.imports.files.columns import NEVER_READ
from services.segments.imports.files.headings import normalised
from services.segments.imports.masking import OF_A_PERSON, kept, shown
from services.segments.imports.tally import Column
from services.segments.rules.money.amounts import Amount
from services.segments.schemas.readers import CellReader
from shared.vocabulary.contact_point import CALLED

MOST_SHOWN = 12  # values of a column
Show = Callable[[str, str, int], str]
"""A field, a text of its column and the rows it stands in → what may be shown of it."""


@dataclass(frozen=True)
class ReadValue:
    """A text of a column and what it was read as."""

    text: str
    means: str
    rows: int


@dataclass(frozen=True)
class UnknownValue:
    """A text that was not understood; with a `reason` the row is refused, without one the value is unknown."""

    text: str
    rows: int
    reason: str


@dataclass(frozen=True)
class DoubtedValue:
    """Rows whose value was understood and is not used, for a reason. A number that gets no text messages is understood
    all the same."""

    reason: str
    rows: int


@dataclass(frozen=True)
class RefusedReason:
    """`rows`: how many lack or contradict themselves in that field; one row may be refused for several reasons."""

    field: str
    reason: str
    rows: int


@dataclass(frozen=True)
class ColumnSeen:
    """A column of the file. `field`: None where it is not read; then nothing of it is counted, and `is_refused` says
    that it never is. `unlisted`: rows with other values that were not understood."""

    header: str
    field: str | None
    is_refused: bool = False
    understood: int = 0
    not_understood: int = 0
    empty: int = 0
    read: tuple[ReadValue, ...] = ()
    unknown: tuple[UnknownValue, ...] = ()
    unlisted: int = 0
    doubted: tuple[DoubtedValue, ...] = ()


def columns_seen(header: Sequence[str], reader: CellReader, *, is_kept: bool = False) -> tuple[ColumnSeen, ...]:
    """In the file's order. `is_kept`: what is stored says less of single rows."""
    by_place = {place: name for name, place in reader.places.items()}
    show = kept if is_kept else _shown_now
    return tuple(
        _seen(name, by_place[place], reader.columns[by_place[place]], show)
        if place in by_place
        else ColumnSeen(name, None, bool(NEVER_READ.search(normalised(name))))
        for place, name in enumerate(header)
        if name.strip() or place in by_place
    )


def meaning_text(value: Any) -> str:
    """What was read, as JSON has it: a day as YYYY-MM-DD, a status and a consent by their names, an amount with the
    currency that its cell or heading states."""
    if isinstance(value, Amount):
        return f"{value.value:f} {value.currency or ''}".strip()
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _seen(header: str, name: str, column: Column, show: Show) -> ColumnSeen:
    unknown, unlisted = column.unknown()
    listed = unknown.most_common(MOST_SHOWN)
    doubted = column.doubted.most_common()
    unused = sum(rows for reason, rows in doubted if reason not in CALLED)
    return ColumnSeen(
        header,
        name,
        understood=column.understood - unused,
        not_understood=unknown.total() + unlisted + unused,
        empty=column.empty,
        read=() if name in OF_A_PERSON or name.startswith("own:") else _commonest(name, column, show),
        unknown=tuple(UnknownValue(show(name, text, rows), rows, reason) for (text, reason), rows in listed),
        unlisted=unknown.total() + unlisted - sum(rows for _, rows in listed),
        doubted=tuple(DoubtedValue(reason, rows) for reason, rows in doubted),
    )


def _commonest(name: str, column: Column, show: Show) -> tuple[ReadValue, ...]:
    return tuple(
        ReadValue(show(name, text, value.rows), show(name, meaning_text(value.value), value.rows), value.rows)
        for text, value in column.commonest(MOST_SHOWN)
    )


def _shown_now(name: str, text: str, _: int) -> str:
    return shown(name, text)


def reasons_of(counted: Counter[tuple[str, str]]) -> tuple[RefusedReason, ...]:
    """`counted`: rows by field and reason."""
    return tuple(RefusedReason(field, reason, rows) for (field, reason), rows in counted.most_common())


def column_of(document: Mapping[str, Any]) -> ColumnSeen:
    """A column from its JSON."""
    return ColumnSeen(
        **{
            **document,
            "read": tuple(ReadValue(**one) for one in document["read"]),
            "unknown": tuple(UnknownValue(**one) for one in document["unknown"]),
            "doubted": tuple(DoubtedValue(**one) for one in document["doubted"]),
        }
    )
