"""Warnings that stand or stood, and who is told of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.console.rules.warnings.outside import Outside
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.vocabulary.role import Role

USUALLY_TOLD = [str(Role.DUTY_MANAGER)]
PAST = 20


@dataclass(frozen=True)
class Warned:
    """`part` over `whole` is `value`, where `centre` is usual and chance ends at `border`. `about`, `named` and `also`:
    as of `Outside`."""

    id: int
    signal: str
    property: str
    began_on: date
    last_on: date
    ended_on: date | None
    value: float
    centre: float
    border: float
    part: int
    whole: int
    raised_at: datetime
    seen_at: datetime | None
    seen_by: str | None
    about: str
    named: str
    also: list[dict[str, Any]]


COLUMNS = ", ".join(Warned.__dataclass_fields__)


def keep_warning(tx: Tx, one: Outside, signals: Sequence[str], day: date, at: datetime, *, begins: bool) -> bool:
    """Whether it is a new one: what stands already, of one of these signals, takes the newest numbers and is told to
    nobody again. `begins`: whether one may begin."""
    values = {
        **one.plain(),
        "signals": list(signals),
        "property": one.property,
        "about": one.about,
        "named": one.named,
        "day": day,
        "at": at,
        "also": json.dumps([other.plain() for other in one.also]),
    }
    stood = tx.execute(
        """
        update warning
        set signal = %(signal)s, last_on = greatest(last_on, %(day)s), value = %(value)s, centre = %(centre)s,
            border = %(border)s, part = %(part)s, whole = %(whole)s, also = %(also)s::jsonb, named = %(named)s
        where signal = any(%(signals)s) and property = %(property)s and about = %(about)s and ended_on is null
        """,
        values,
    )
    if stood.rowcount or not begins:
        return False
    statement = """
        insert into warning
            (signal, property, about, named, began_on, last_on, value, centre, border, part, whole, also, raised_at)
        values (%(signal)s, %(property)s, %(about)s, %(named)s, %(day)s, %(day)s, %(value)s, %(centre)s, %(border)s,
            %(part)s, %(whole)s, %(also)s::jsonb, %(at)s)
        on conflict (signal, property, about) where ended_on is null do nothing
    """
    return tx.execute(statement, values).rowcount > 0


def end_warnings(tx: Tx, signals: Sequence[str], outside: Collection[Outside], day: date) -> None:
    """All of these signals, but for what lies outside still."""
    statement = """
        update warning set ended_on = %(day)s
        where signal = any(%(signals)s) and ended_on is null and not exists (
            select from unnest(%(hotels)s::text[], %(abouts)s::text[]) as still (property, about)
            where (still.property, still.about) = (warning.property, warning.about)
        )
    """
    hotels, abouts = [one.property for one in outside], [one.about for one in outside]
    tx.execute(statement, {"day": day, "signals": list(signals), "hotels": hotels, "abouts": abouts})


def standing(tx: Tx, scope: Scope) -> list[Warned]:
    """Those that nobody has seen first, then the newest."""
    query = f"""
        select {COLUMNS} from warning where ended_on is null and {within("property")}
        order by seen_at is not null, raised_at desc, id
    """
    return tx.rows(Warned, query, scope.values)


def past(tx: Tx, scope: Scope) -> list[Warned]:
    query = f"""
        select {COLUMNS} from warning where ended_on is not null and {within("property")}
        order by ended_on desc, id desc limit {PAST}
    """
    return tx.rows(Warned, query, scope.values)


def count_unseen(tx: Tx, scope: Scope) -> int:
    query = f"select count(*) from warning where ended_on is null and seen_at is null and {within('property')}"
    row = tx.execute(query, scope.values).fetchone()
    return int(row[0]) if row else 0


def mark_seen(tx: Tx, id: int, scope: Scope, at: datetime, by: str) -> bool:
    """Whether there is such a warning, at a hotel of the reader's. The first who saw it stays."""
    statement = f"""
        update warning set seen_at = coalesce(seen_at, %(at)s), seen_by = coalesce(seen_by, %(by)s)
        where id = %(id)s and {within("property")}
    """
    return tx.execute(statement, {"id": id, "at": at, "by": by, **scope.values}).rowcount > 0


def told_roles(tx: Tx) -> list[str]:
    row = tx.execute("select told from warning_setting").fetchone()
    return list(row[0]) if row else USUALLY_TOLD


def calls_duty(tx: Tx) -> bool:
    """Whether duty lists are told by text message."""
    row = tx.execute("select calls_duty from warning_setting").fetchone()
    return bool(row and row[0])


def save_told(tx: Tx, roles: Sequence[str], at: datetime, by: str, *, calls_duty: bool) -> None:
    statement = """
        insert into warning_setting (told, calls_duty, changed_at, changed_by) values (%s, %s, %s, %s)
        on conflict (single) do update
        set told = excluded.told, calls_duty = excluded.calls_duty, changed_at = excluded.changed_at,
            changed_by = excluded.changed_by
    """
    tx.execute(statement, [sorted(roles), calls_duty, at, by])
