"""The terms the hotel set, and what services say of their nights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.personal_data import Kept


@dataclass(frozen=True)
class Setting:
    """A term the hotel set; neither days nor months: it went back to the default."""

    kept: str
    country: str
    version: int
    days: int | None
    months: int | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Night:
    """Of one subject of a service: what its last night dropped and its next one will."""

    service: str
    subject: str
    kept: str
    night: date
    due: int
    dropped: int
    counted_at: datetime


def put(tx: Tx, kept: Kept, country: str, days: int | None, months: int | None, by: str, at: datetime) -> int | None:
    """The new version; None where nothing changed. Neither `days` nor `months`: the default again."""
    wanted = {"kept": kept, "country": country, "days": days, "months": months, "by": by, "at": at}
    row = tx.execute(PUT, wanted).fetchone()
    return row[0] if row else None


def settings(tx: Tx) -> list[Setting]:
    """Those in force."""
    query = """
        select kept, country, version, days, months, changed_by, changed_at from retention_setting
        where num_nonnulls(days, months) = 1 order by kept, country
    """
    return tx.rows(Setting, query)


def nights(tx: Tx) -> list[Night]:
    query = """
        select service, subject, kept, night, due, dropped, counted_at from retention_seen
        order by kept, service, subject
    """
    return tx.rows(Night, query)


def keep_nights(tx: Tx, chunk: Chunk) -> None:
    tx.execute(KEEP_NIGHTS, chunk.columns)


def settings_after(tx: Tx, after: tuple[Any, ...] | None, most: int) -> list[tuple[Any, ...]]:
    """In the order of `retention.changed`'s fields, to be published again."""
    kept, country = after or ("", "")
    query = """
        select kept, country, version, days, months, changed_at from retention_setting
        where (kept, country) > (%s, %s) order by kept, country limit %s
    """
    return tx.execute(query, [kept, country, most]).fetchall()


PUT = """
    insert into retention_setting as old (kept, country, version, days, months, changed_by, changed_at)
    select %(kept)s, %(country)s, 1, %(days)s::int, %(months)s::int, %(by)s, %(at)s
    where num_nonnulls(%(days)s::int, %(months)s::int) = 1
        or exists (select from retention_setting where (kept, country) = (%(kept)s, %(country)s))
    on conflict (kept, country) do update
    set version = old.version + 1, days = excluded.days, months = excluded.months, changed_by = excluded.changed_by,
        changed_at = excluded.changed_at
    where (old.days, old.months) is distinct from (excluded.days, excluded.months)
    returning version
"""
KEEP_NIGHTS = """
    insert into retention_seen as old (service, subject, version, kept, night, due, dropped, counted_at)
    select distinct on (service, subject) *
    from unnest(%(service)s::text[], %(subject)s::text[], %(version)s::bigint[], %(kept)s::text[], %(night)s::date[],
                %(due)s::bigint[], %(dropped)s::bigint[], %(counted_at)s::timestamptz[])
        as said (service, subject, version, kept, night, due, dropped, counted_at)
    order by service, subject, version desc
    on conflict (service, subject) do update
    set version = excluded.version, kept = excluded.kept, night = excluded.night, due = excluded.due,
        dropped = excluded.dropped, counted_at = excluded.counted_at
    where excluded.version > old.version
"""
