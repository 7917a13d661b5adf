"""Hotels as their page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.database.pool import Tx
from shared.vocabulary.currency import currency_of


@dataclass(frozen=True)
class PropertyRow:
    code: str
    version: int
    name: str
    zone: str
    country: str
    legal_entity: str
    postal_address: str
    contact: str
    told_of_survey: bool
    survey_threshold: int
    currency: str | None
    phone: str
    check_in: str
    map_url: str
    booking_url: str
    rooms: int | None
    changed_at: datetime


def all_properties(tx: Tx) -> list[PropertyRow]:
    return tx.rows(PropertyRow, f"select {FIELDS} from property order by name, code")


def property_named(tx: Tx, code: str) -> PropertyRow | None:
    found = tx.rows(PropertyRow, f"select {FIELDS} from property where code = %s", (code,))
    return found[0] if found else None


def currencies(tx: Tx) -> dict[str, str]:
    """What each hotel is paid in, as it said or as its country pays; empty where neither is known."""
    return {one.code: one.currency or currency_of(one.country) or "" for one in all_properties(tx)}


def with_a_brand(tx: Tx) -> frozenset[str]:
    """Codes of hotels whose mails show whose they are: by name, logo and postal address."""
    query = "select code from property where name <> '' and postal_address <> '' and logo is not null"
    return frozenset(code for (code,) in tx.execute(query))


FIELDS = """
    code, version, name, zone, country, legal_entity, postal_address, contact, told_of_survey, survey_threshold,
    currency, phone, check_in, map_url, booking_url, rooms, changed_at
"""
