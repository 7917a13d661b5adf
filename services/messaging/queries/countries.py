"""What the pages of rules by country show beside the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.messaging.queries.scope import GUEST_SEEN
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.rows import row


@row
class SenderLine:
    """Whether a sender serves a country for a purpose; `country` and `purpose` may be * for any."""

    channel: str
    country: str
    purpose: str
    allowed: bool
    source: str


def sender_lines(tx: Tx, country: str) -> list[SenderLine]:
    """The narrowest first: it decides."""
    query = """
        select channel, country, purpose, allowed, source from sender_country where country in (%s, '*')
        order by channel, country = '*', purpose = '*', purpose
    """
    return tx.rows(SenderLine, query, [country])


def known_holidays(tx: Tx, country: str, years: Sequence[int]) -> dict[int, list[tuple[date, str]]]:
    """Of the years that are in the table; the gate goes by these."""
    found: dict[int, list[tuple[date, str]]] = {
        year: []
        for (year,) in tx.execute(
            "select year from holiday_year where country = %s and year = any(%s)", [country, list(years)]
        )
    }
    query = "select day, name from holiday where country = %s and extract(year from day) = any(%s) order by day"
    for day, name in tx.execute(query, [country, list(found)]):
        found[day.year].append((day, name))
    return found


def guests_by_country(tx: Tx, scope: Scope) -> dict[str, int]:
    """Of the hotels that are looked at."""
    query = f"""
        select country, count(*) from recipient as guest
        where country is not null and gone is null and {GUEST_SEEN} group by country
    """
    return dict(tx.execute(query, scope.values).fetchall())
