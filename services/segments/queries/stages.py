"""Stages of guests as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.segments.store.stages import KEYS
from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class StageRule:
    """`key`: of the segment that holds the rule of a stage."""

    key: str
    rule: Any


@dataclass(frozen=True)
class Turned:
    month: date
    before: str
    now: str
    turns: int


@dataclass(frozen=True)
class TurnOfGuest:
    """Into a stage, and why. `before`: the one left at that instant; empty for none."""

    at: datetime
    stage: str
    before: str
    because: dict[str, Any]


def rules_of(tx: Tx) -> dict[str, Any]:
    """By the key of the segment that holds it."""
    query = "select key, rule from segment where key like 'stage-rule-%%' and retired_at is null"
    return {one.key: one.rule for one in tx.rows(StageRule, query, [])}


def sizes_of(tx: Tx, scope: Scope) -> dict[str, int]:
    """Of all hotels as they are now, of some as they were counted last night."""
    if scope.everywhere:
        query = "select key, members from segment join segment_size using (number) where key = any(%s)"
        return dict(tx.execute(query, [KEYS]).fetchall())
    query = f"select stage, sum(guests)::int from stage_size where {within('property')} group by stage"
    return dict(tx.execute(query, scope.values).fetchall())


def turns_of(tx: Tx, since: date, scope: Scope) -> list[Turned]:
    query = f"""
        select month, before, now, sum(turns)::int as turns from stage_turn
        where month >= %(since)s and {within("property")} group by month, before, now order by month, before, now
    """
    return tx.rows(Turned, query, {"since": since, **scope.values})


def stage_of(tx: Tx, guest_id: UUID) -> str:
    """The key of the segment of the stage; empty where there is none."""
    query = """
        select s.key from membership m join segment s on s.number = any(m.segments)
        where m.guest_id = %s and s.key = any(%s) and s.retired_at is null
    """
    row = tx.execute(query, [guest_id, KEYS]).fetchone()
    return row[0] if row else ""


def turns_of_guest(tx: Tx, guest_id: UUID) -> list[TurnOfGuest]:
    """The newest first; what was so when a rule was first applied is no turn."""
    query = """
        select n.at, s.key as stage, coalesce((
            select o.key from membership_change b join segment o on o.number = b.segment
            where b.guest_id = n.guest_id and b.at = n.at and not b.entered and o.key = any(%(keys)s) limit 1
        ), '') as before, n.because
        from membership_change n join segment s on s.number = n.segment
        where n.guest_id = %(guest)s and n.entered and not n.initial and s.key = any(%(keys)s)
        order by n.at desc limit 20
    """
    return tx.rows(TurnOfGuest, query, {"guest": guest_id, "keys": KEYS})
