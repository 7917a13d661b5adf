"""Properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from shared.database.pool import Tx


def put(tx: Tx, facts: dict[str, Any], at: datetime) -> int | None:
    """The new version; None where nothing differs."""
    row = tx.execute(PUT, {**facts, "at": at}).fetchone()
    return row[0] if row else None


def version_of(tx: Tx, code: str) -> int:
    row = tx.execute("select version from property where code = %(code)s", {"code": code}).fetchone()
    assert row is not None
    version: int = row[0]
    return version


def facts_of(tx: Tx, code: str) -> dict[str, Any]:
    """All that is said of a property to other services."""
    with tx.connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(FACTS, [code]).fetchone()
    assert found is not None
    return found


@dataclass(frozen=True)
class SaidCurrency:
    currency: str | None  # None: nobody said it yet


def currency_of(tx: Tx, code: str) -> SaidCurrency | None:
    """None where there is no such property."""
    row = tx.execute("select currency from property where code = %s", (code,)).fetchone()
    return SaidCurrency(row[0]) if row else None


def lock(tx: Tx, code: str) -> int | None:
    """The version of a property that nobody else changes meanwhile; None where there is none."""
    row = tx.execute("select version from property where code = %s for update", (code,)).fetchone()
    return row[0] if row else None


def codes(tx: Tx) -> list[str]:
    return [code for (code,) in tx.execute("select code from property order by code")]


def names(tx: Tx) -> list[str]:
    return [name for (name,) in tx.execute("select name from property order by code")]


def names_of(tx: Tx, wanted: Sequence[str]) -> dict[str, str]:
    """By code."""
    rows = tx.execute("select code, name from property where code = any(%s)", (list(wanted),)).fetchall()
    return dict(rows)


FACTS = """
    select code, version, name, zone, country, legal_entity, postal_address, contact, told_of_survey, survey_threshold,
           currency, names, colour, logo, phone, check_in, map_url, booking_url
    from property where code = %s
"""
PUT = """
    insert into property
        (code, version, name, zone, country, legal_entity, postal_address, contact, told_of_survey, survey_threshold,
         currency, phone, check_in, map_url, booking_url, rooms, changed_at)
    values
        (%(code)s, 1, %(name)s, %(zone)s, %(country)s, %(legal_entity)s, %(postal_address)s, %(contact)s,
         %(told_of_survey)s, %(survey_threshold)s, %(currency)s, %(phone)s, %(check_in)s, %(map_url)s, %(booking_url)s,
         %(rooms)s, %(at)s)
    on conflict (code) do update
    set version = property.version + 1, name = excluded.name, zone = excluded.zone, country = excluded.country,
        legal_entity = excluded.legal_entity, postal_address = excluded.postal_address, contact = excluded.contact,
        told_of_survey = excluded.told_of_survey, survey_threshold = excluded.survey_threshold,
        currency = excluded.currency, phone = excluded.phone, check_in = excluded.check_in, map_url = excluded.map_url,
        booking_url = excluded.booking_url, rooms = excluded.rooms, changed_at = excluded.changed_at
    where (property.name, property.zone, property.country, property.legal_entity, property.postal_address,
           property.contact, property.told_of_survey, property.survey_threshold, property.currency,
           property.phone, property.check_in, property.map_url, property.booking_url, property.rooms)
        is distinct from (excluded.name, excluded.zone, excluded.country, excluded.legal_entity,
           excluded.postal_address, excluded.contact, excluded.told_of_survey, excluded.survey_threshold,
           excluded.currency, excluded.phone, excluded.check_in, excluded.map_url, excluded.booking_url,
           excluded.rooms)
    returning version
"""
