"""What guests spent by outlet, in the currencies it was charged in: counted anew, for all hotels and months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.segments.rules.figures import oldest
from shared.database.pool import Tx
from shared.vocabulary.window import Window


def keep_outlets(tx: Tx, today: date) -> None:
    tx.execute("delete from outlet_figure")
    tx.execute(KEEP, [oldest(today)])


def outlets_in(tx: Tx, window: Window, property: str) -> list[tuple[str, str, Decimal, int]]:
    """Outlet, currency, amount and lines of bills of a window of whole months; `property`: empty, all hotels."""
    query = """
        select outlet, currency, sum(amount), sum(lines)::int from outlet_figure
        where (%s = '' or property = %s) and month >= %s and month < %s
        group by 1, 2 order by 3 desc, 1, 2
    """
    return tx.execute(query, [property, property, window.first, window.until]).fetchall()


KEEP = """
    insert into outlet_figure (property, month, outlet, currency, amount, lines)
    select property, date_trunc('month', day)::date, outlet, currency, sum(amount), count(*)
    from spend where day >= %s group by 1, 2, 3, 4
"""
