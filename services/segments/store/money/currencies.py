"""What hotels are paid in, and what they are added in."""

from __future__ import annotations

from datetime import datetime

from services.segments.rules.money.currencies import Currencies, currencies_of, hotel_money
from shared.database.pool import Tx


def load_currencies(tx: Tx) -> Currencies:
    hotels = tx.execute("select code, country::text, currency, currency_seen from property_known order by code")
    found = [hotel_money(*row) for row in hotels.fetchall()]
    chosen = tx.execute("select currency from reporting_currency").fetchone()
    return currencies_of(found, chosen[0] if chosen else None)


def choose_reporting(tx: Tx, currency: str, at: datetime, by: str) -> None:
    tx.execute(
        """
        insert into reporting_currency (currency, chosen_at, chosen_by) values (%s, %s, %s)
        on conflict (single) do update
            set currency = excluded.currency, chosen_at = excluded.chosen_at, chosen_by = excluded.chosen_by
        """,
        [currency, at, by],
    )
