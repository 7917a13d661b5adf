"""Who was lost: of the guests who left in the window before, those who did not leave in this one again; by traits.

Each guest has one value of a trait, as they were in the window before: how they came the last time, what they spent in
it, how old they were. A hotel asks for its own guests, coming back to it.
"""

from __future__ import annotations

from datetime import date

from services.segments.store.figures.lost import TRAIT_SQL, lost_sql
from services.segments.store.figures.whole import of_a_window
from shared.database.pool import Tx
from shared.vocabulary.window import Span, Window

LOST = lost_sql(TRAIT_SQL)


def keep_churn(tx: Tx, span: Span, window: Window, today: date) -> None:
    values = {**values_of(window, today), "span": span}
    tx.execute("delete from churn_figure where span = %(span)s and first = %(first)s", values)
    with of_a_window(tx):
        tx.execute(
            f"{LOST} insert into churn_figure (span, first, property, trait, value, before, lost) "
            f"select %(span)s, %(first)s, property, trait, value, before, lost from counted",
            values,
        )


def count_churn(tx: Tx, window: Window, today: date, property: str) -> list[tuple[str, str, int, int]]:
    """Trait, value, guests, and those lost: on the spot, for any window."""
    values = {**values_of(window, today, property), "property": property}
    query = f"{LOST} select trait, value, before, lost from counted where property = %(property)s order by 1, 3 desc, 2"
    return tx.execute(query, values).fetchall()


def values_of(window: Window, today: date, at: str | None = None) -> dict[str, object]:
    """`today`: consents stand until then. `at`: the hotel alone that is asked about (empty: all); None: each."""
    return {"at": at, "before": window.before, "first": window.first, "until": window.until, "today": today}
