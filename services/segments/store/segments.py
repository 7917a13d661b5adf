"""Segments as they rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import Rule
from shared.database.pool import Tx


@dataclass(frozen=True)
class Segment:
    number: int
    key: str
    name: str
    rule: Any
    private: bool
    in_use: bool
    version: int
    evaluated_at: datetime | None
    retired_at: datetime | None


def find(tx: Tx, key: str) -> Segment | None:
    found = tx.rows(
        Segment,
        """
        select number, key, name, rule, private, in_use, version, evaluated_at, retired_at
        from segment where key = %s
        """,
        [key],
    )
    return found[0] if found else None


def insert(tx: Tx, key: str, name: str, rule: str, private: bool, at: datetime) -> int:
    """The new segment's number; the caller holds the rules' lock, so that no number is given twice."""
    row = tx.execute(
        """
        with made as (
            insert into segment (number, key, name, rule, private, version, created_at, changed_at)
            select coalesce(max(number), 0) + 1, %(key)s, %(name)s, %(rule)s::jsonb, %(private)s, 1, %(at)s, %(at)s
            from segment
            returning number
        )
        insert into segment_size (number, members) select number, 0 from made returning number
        """,
        {"key": key, "name": name, "rule": rule, "private": private, "at": at},
    ).fetchone()
    assert row is not None, "an insert returns its row"
    number: int = row[0]
    return number


def rename(tx: Tx, number: int, name: str, private: bool, at: datetime) -> None:
    tx.execute(
        """
        update segment set name = %(name)s, private = %(private)s, changed_at = %(at)s
        where number = %(number)s and (name, private) <> (%(name)s, %(private)s)
        """,
        {"number": number, "name": name, "private": private, "at": at},
    )


def give_rule(tx: Tx, number: int, name: str, rule: str, private: bool, at: datetime) -> None:
    tx.execute(
        """
        update segment
        set name = %(name)s, rule = %(rule)s::jsonb, private = %(private)s, version = version + 1,
            changed_at = %(at)s, evaluated_at = null, retired_at = null
        where number = %(number)s
        """,
        {"number": number, "name": name, "rule": rule, "private": private, "at": at},
    )


def set_in_use(tx: Tx, number: int, *, in_use: bool, at: datetime) -> None:
    tx.execute("update segment set in_use = %s, changed_at = %s where number = %s", [in_use, at, number])


def retire(tx: Tx, number: int, at: datetime) -> None:
    tx.execute(
        """
        with ended as (update segment set retired_at = %(at)s, days_kept = false where number = %(number)s),
        forgotten as (delete from membership_since where segment = %(number)s),
        emptied as (update segment_size set members = 0 where number = %(number)s),
        unsaid as (delete from segment_size_change where number = %(number)s)
        update membership set segments = array_remove(segments, %(number)s::int)
        where segments @> array[%(number)s::int]
        """,
        {"number": number, "at": at},
    )


def live_rules(tx: Tx, only: Collection[str] | None = None) -> dict[str, Rule]:
    """By key, the rule of every live segment, or `only` of these, as it was saved."""
    query = (
        "select key, rule from segment where retired_at is null and (%(only)s::text[] is null or key = any(%(only)s))"
    )
    return {key: parse(rule) for key, rule in tx.execute(query, {"only": None if only is None else list(only)})}


def mark_fresh(tx: Tx, keys: Collection[str]) -> None:
    """These are to be evaluated for everybody; until then their changes are initial."""
    tx.execute("update segment set evaluated_at = null where key = any(%s)", [list(keys)])


def keys_like(tx: Tx, wanted: str) -> set[str]:
    """The keys, live or retired, that are `wanted` or begin with it and a hyphen."""
    query = "select key from segment where key = %s or key like %s"
    return {key for (key,) in tx.execute(query, [wanted, f"{wanted}-%"])}


def anybody(tx: Tx) -> bool:
    return tx.execute("select 1 from guest_facts limit 1").fetchone() is not None


def any_fresh(tx: Tx) -> bool:
    query = "select 1 from segment where evaluated_at is null and retired_at is null limit 1"
    return tx.execute(query).fetchone() is not None


def mark_evaluated(tx: Tx, at: datetime) -> None:
    tx.execute("update segment set evaluated_at = %s where evaluated_at is null", [at])


def mark_these_evaluated(tx: Tx, numbers: Collection[int], at: datetime) -> None:
    tx.execute("update segment set evaluated_at = %s where number = any(%s)", [at, list(numbers)])


def choices_of(tx: Tx) -> list[tuple[str, str]]:
    """Key and name of the live segments that people made or Guestloop ships for them."""
    rows = tx.execute("select key, name from segment where retired_at is null and not private order by name, key")
    return [(key, name) for key, name in rows]


def put_in_folder(tx: Tx, number: int, folder: str) -> None:
    tx.execute("update segment set folder = %s where number = %s", [folder, number])


def folder_of(tx: Tx, number: int) -> str:
    row = tx.execute("select folder from segment where number = %s", [number]).fetchone()
    return str(row[0]) if row else ""
