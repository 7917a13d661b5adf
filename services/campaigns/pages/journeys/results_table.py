"""Results as a table to download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.campaigns.queries.results import ResultLine
from shared.spreadsheets import MARK, row_text

COUNTED = (
    *("entered", "waiting", "sent", "delivered", "clicked", "bounced", "complained", "answered", "opted_out", "used"),
    *("written", "booked", "nights", "clicked_first", "control", "control_booked", "unpriced"),
)
OF_MONEY = ("cost", "currency", "revenue", "revenue_unknown")


def rows(start: Sequence[str], by: str, parts: Sequence[tuple[str, ResultLine]]) -> Iterator[str]:
    """One row a part and currency; counts stand in the first row of a part. `start`: journey, first and last day."""
    yield MARK + row_text(("journey", "from", "to", by, *COUNTED, *OF_MONEY))
    for part, line in parts:
        counts: Sequence[object] = [getattr(line, name) for name in COUNTED]
        for money in _money_of(line) or [("", "", "", "")]:
            yield row_text((*start, part, *counts, *money))
            counts = [""] * len(COUNTED)


def _money_of(line: ResultLine) -> list[tuple[object, ...]]:
    """One row a currency."""
    earned = {one.currency: one for one in line.earned}
    spent = {one.currency: one.amount for one in line.spent}
    return [
        (
            f"{spent[currency]:f}" if currency in spent else "",
            currency,
            f"{earned[currency].amount:f}" if currency in earned else "",
            earned[currency].unknown if currency in earned else "",
        )
        for currency in dict.fromkeys([*earned, *spent])
    ]
