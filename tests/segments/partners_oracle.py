"""What companies and channels bring, stay by stay from the raw rows; it shares no line with what it checks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.database.pool import Database

Key = tuple[str, str, str, str]
"""By («company», «channel»), value (empty: none), hotel and currency as stated (empty: none)."""
Sums = tuple[int, int, int, Decimal]
"""Stays, nights, stays of a known revenue, and this revenue."""


@dataclass(frozen=True)
class RawStay:
    guest_id: UUID
    property: str
    left: date
    nights: int
    channel: str
    company: str
    currency: str
    revenue: Decimal | None


def read_stays(database: Database) -> list[RawStay]:
    """Those that ended, each with the account it is of."""

    def rows(query: str) -> list[Any]:
        with database.transaction() as tx:
            return tx.execute(query).fetchall()

    accounts = {id: (entity, into, codes) for id, entity, into, codes in rows(ACCOUNTS)}
    entities = dict(rows("select code, legal_entity from property_known"))
    holders = {(entity, code): id for id, (entity, into, codes) in accounts.items() if into is None for code in codes}
    found = []
    for guest, hotel, left, nights, channel, named, plan, currency, revenue in rows(STAYS):
        if named is None:
            account = holders.get((entities[hotel], plan)) if plan else None
        else:
            account = accounts[named][1] or named if named in accounts else None
        found.append(RawStay(guest, hotel, left, nights, channel or "", str(account or ""), currency or "", revenue))
    return found


def sums(stays: list[RawStay], first: date, until: date) -> dict[Key, Sums]:
    found: dict[Key, list[Any]] = defaultdict(lambda: [0, 0, 0, Decimal(0)])
    for one in stays:
        if first <= one.left < until:
            for by, value in (("company", one.company), ("channel", one.channel)):
                line = found[by, value, one.property, one.currency]
                line[0] += 1
                line[1] += one.nights
                line[2] += one.revenue is not None
                line[3] += one.revenue or 0
    return {key: (line[0], line[1], line[2], line[3]) for key, line in found.items()}


ACCOUNTS = "select id, legal_entity, merged_into, rate_codes from company"
STAYS = """
    select guest_id, property, checked_out_on, nights, channel, company_id, rate_plan, currency, revenue
    from stay where status = 'checked_out' and not muted
"""
