"""The changes of a draft, one row each: what it was before, or, of a change that was undone, after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from services.campaigns.steps.kind import Document
from shared.database.pool import Tx

MOST = 100  # changes of one draft that are kept


@dataclass(frozen=True)
class Change:
    number: int
    document: Document
    changed_by: str


def note(tx: Tx, journey: str, before: Document, at: datetime, by: str) -> None:
    """One more change; those that were undone cannot be done again after it."""
    tx.execute("delete from journey_draft_step where journey = %s and undone", [journey])
    tx.execute(
        """
        insert into journey_draft_step (journey, number, document, changed_by, changed_at)
        select %s, coalesce(max(number), 0) + 1, %s::jsonb, %s, %s from journey_draft_step where journey = %s
        """,
        [journey, json.dumps(before), by, at, journey],
    )
    tx.execute(
        """
        delete from journey_draft_step
        where journey = %s and number <= (select max(number) from journey_draft_step where journey = %s) - %s
        """,
        [journey, journey, MOST],
    )


def last_done(tx: Tx, journey: str) -> Change | None:
    return _one(tx, "not undone", "desc", journey)


def last_undone(tx: Tx, journey: str) -> Change | None:
    return _one(tx, "undone", "asc", journey)


def turn(tx: Tx, journey: str, number: int, document: Document) -> None:
    """A change that was done is undone, or the other way round; it keeps what the draft was until now."""
    tx.execute(
        "update journey_draft_step set document = %s::jsonb, undone = not undone where journey = %s and number = %s",
        [json.dumps(document), journey, number],
    )


def _one(tx: Tx, which: str, way: str, journey: str) -> Change | None:
    rows = tx.rows(
        Change,
        f"""
        select number, document, changed_by from journey_draft_step
        where journey = %s and {which} order by number {way} limit 1
        """,
        [journey],
    )
    return rows[0] if rows else None
