"""Figures that count guests, of one window and all cuts at once: sets, one pass over the stays of two windows.

A guest counts in a window whose stay ended in it, in the hotel's days. A cut by hotel asks for that hotel alone: guests
who came back to it. One by market or channel asks for the guests who came by it, and whether they came back however
they booked. Countries and segments are those of the guest today. Muted stays count as nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.segments.rules.money.currencies import Currencies
from services.segments.store.figures.by_cut import CUTS, counted_sql
from services.segments.store.figures.whole import of_a_window
from shared.database.pool import Tx
from shared.vocabulary.window import Span, Window

ALL_HOTELS = ""


@dataclass(frozen=True)
class GuestFigure:
    """A row of `guest_figure`: counts of guests, and of their stays, in one window, hotel and cut."""

    property: str
    cut: str
    value: str
    guests: int
    before: int
    retained: int
    known: int
    again: int
    complained: int
    email: int
    sms: int
    whatsapp: int
    stays: int
    visits: int
    nights: int
    spend: Decimal
    unpriced: int
    currency: str


COLUMNS = ", ".join(GuestFigure.__dataclass_fields__)


def count_guests(
    tx: Tx, window: Window, today: date, currencies: Currencies, cuts: Collection[str] = CUTS
) -> list[GuestFigure]:
    """By hotel (empty: all) and cut. `today`: consents stand until then."""
    query = f"{counted_sql(cuts)} select {COLUMNS} from counted order by property, cut, value"
    return tx.rows(GuestFigure, query, values_of(window, today, currencies))


def keep_counted(tx: Tx, span: Span, window: Window, today: date, currencies: Currencies, now: datetime) -> None:
    """Counts a window anew, and that it was."""
    values = {**values_of(window, today, currencies), "span": span, "now": now}
    tx.execute("delete from guest_figure where span = %(span)s and first = %(first)s", values)
    with of_a_window(tx):
        tx.execute(
            f"{counted_sql(CUTS)} insert into guest_figure (span, first, {COLUMNS}) "
            f"select %(span)s, %(first)s, {COLUMNS} from counted",
            values,
        )
    tx.execute(
        "update figure_window set asked = null, counted_at = %(now)s where span = %(span)s and first = %(first)s",
        values,
    )


def values_of(window: Window, today: date, currencies: Currencies) -> dict[str, object]:
    known = currencies.by_hotel()
    return {
        "first": window.first,
        "until": window.until,
        "before": window.before,
        "today": today,
        "codes": list(known),
        "currencies": list(known.values()),
    }
