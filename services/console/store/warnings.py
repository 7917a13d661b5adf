"""Warnings that stand or stood, and who is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.console.rules.warnings.control import Judged
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.vocabulary.role import Role

USUALLY_TOLD = [str(Role.DUTY_MANAGER)]
PAST = 20


@dataclass(frozen=True)
class Warned:
    """`part` over `whole` is `value`, where `centre` is usual and chance ends at `border`."""

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


COLUMNS = ", ".join(Warned.__dataclass_fields__)


def keep_warning(
    tx: Tx, signal: str, property: str, day: date, found: Judged, parts: tuple[int, int], at: datetime
) -> bool:
    """Whether it is a new one: what stands already takes the newest numbers and is told to nobody again."""
    statement = """
        insert into warning as known
            (signal, property, began_on, last_on, value, centre, border, part, whole, raised_at)
        values (%(signal)s, %(property)s, %(day)s, %(day)s, %(value)s, %(centre)s, %(border)s, %(part)s, %(whole)s,
            %(at)s)
        on conflict (signal, property) where ended_on is null do update
        set last_on = greatest(known.last_on, excluded.last_on), value = excluded.value, centre = excluded.centre,
            border = excluded.border, part = excluded.part, whole = excluded.whole
        returning xmax = 0
    """
    values = {"signal": signal, "property": property, "day": day, "part": parts[0], "whole": parts[1], "at": at}
    row = tx.execute(
        statement, {**values, "value": found.value, "centre": found.centre, "border": found.border}
    ).fetchone()
    return bool(row and row[0])


def end_warnings(tx: Tx, signal: str, hotels: Sequence[str], day: date) -> None:
    """What is as usual again at these hotels."""
    statement = """
        update warning set ended_on = %s where signal = %s and property = any(%s) and ended_on is null
    """
    tx.execute(statement, [day, signal, list(hotels)])


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
