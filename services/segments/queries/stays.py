"""Stays, whole, for an export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg.rows import dict_row

from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Tx

STAYS = """
    select id as stay_id, guest_id, source, property, reservation, status, booked_on, arrival, departure, nights,
           checked_in_at, checked_out_at, ended_at, adults, children, companions, channel, market_segment, room_type,
           rate_plan, rate, revenue, currency, amount, reported, muted
    from stay order by booked_on, reservation, id
"""


def stays_as_of_now(tx: Tx) -> Iterator[dict[str, Any]]:
    """`revenue` is in `currency` (None: the hotel's), `amount` and `reported` in the currencies that stand beside them;
    None where no rate is known."""
    currencies = load_currencies(tx)
    with tx.connection.cursor(row_factory=dict_row) as cursor:
        for stay in cursor.stream(STAYS):
            yield {**stay, "amount_in": currencies.of(stay["property"]), "reported_in": currencies.reporting}
