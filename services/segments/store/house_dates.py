"""Dates of the house's own, as they rest: what they are, and of how many guests each is known."""

from __future__ import annotations

from datetime import datetime

from services.segments.rules.house_dates import HouseDate
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Tx

SEEN = "(property is null or %(everywhere)s::boolean or property = any(%(hotels)s::text[]))"


def house_dates(tx: Tx, scope: Scope = EVERYWHERE) -> list[HouseDate]:
    """Those in use, of the whole house and of the hotels in the scope, by name."""
    query = f"""
        select key, name, yearly, property, lunar from house_date
        where retired_at is null and {SEEN} order by lower(name)
    """
    return tx.rows(HouseDate, query, scope.values)


def lock(tx: Tx, key: str) -> HouseDate | None:
    query = "select key, name, yearly, property, lunar from house_date where key = %s and retired_at is null for update"
    found = tx.rows(HouseDate, query, [key])
    return found[0] if found else None


def is_taken(tx: Tx, key: str) -> bool:
    """Also by one that is no longer in use: its days are still there, and would be another's."""
    return tx.execute("select from house_date where key = %s", [key]).fetchone() is not None


def is_called(tx: Tx, name: str, but: str) -> bool:
    query = "select from house_date where lower(name) = lower(%s) and key <> %s and retired_at is null"
    return tx.execute(query, [name, but]).fetchone() is not None


def insert(tx: Tx, one: HouseDate, by: str, at: datetime) -> None:
    statement = """
        insert into house_date (key, name, yearly, property, made_by, made_at, lunar)
        values (%(key)s, %(name)s, %(yearly)s, %(property)s, %(by)s, %(at)s, %(lunar)s)
    """
    values = {"key": one.key, "name": one.name, "yearly": one.yearly, "property": one.property, "lunar": one.lunar}
    tx.execute(statement, {**values, "by": by, "at": at})


def rename(tx: Tx, key: str, name: str) -> None:
    tx.execute("update house_date set name = %s where key = %s", [name, key])


def retire(tx: Tx, key: str, at: datetime) -> None:
    tx.execute("update house_date set retired_at = %s where key = %s", [at, key])


def guests_by_date(tx: Tx) -> dict[str, int]:
    """Of how many guests each is known: who was merged away or erased has none."""
    return dict(tx.execute("select date_key, count(*) from guest_date group by date_key").fetchall())
