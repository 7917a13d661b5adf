"""Replies that may be objections, until a person has read each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Question:
    """`points`: what the contact point is known by under each key of the index, the one in use first."""

    reply_id: UUID
    channel: str
    points: list[str]
    guest_id: UUID | None
    property: str | None
    case_id: UUID | None
    asked_at: datetime


def ask(tx: Tx, question: Question) -> None:
    tx.execute(ASK, asdict(question))


def decide(tx: Tx, reply_id: UUID, *, is_objection: bool, by: str, at: datetime) -> Question | None:
    """The question as it was asked; None where somebody has read it already."""
    params = {"reply_id": reply_id, "is_objection": is_objection, "by": by, "at": at}
    found = tx.rows(Question, f"{DECIDE} returning {COLUMNS}", params)
    return found[0] if found else None


def unread_of(tx: Tx, guests: Sequence[UUID]) -> list[Question]:
    """What these guests wrote and nobody has read."""
    query = f"select {COLUMNS} from objection_question where guest_id = any(%s) and read_at is null order by reply_id"
    return tx.rows(Question, query, [list(guests)])


COLUMNS = "reply_id, channel, points, guest_id, property, case_id, asked_at"
ASK = """
    insert into objection_question (reply_id, channel, points, guest_id, property, case_id, asked_at)
    values (%(reply_id)s, %(channel)s, %(points)s, %(guest_id)s, %(property)s, %(case_id)s, %(asked_at)s)
    on conflict do nothing
"""
DECIDE = """
    update objection_question
    set version = version + 1, read_at = %(at)s, read_by = %(by)s, is_objection = %(is_objection)s
    where reply_id = %(reply_id)s and read_at is null
"""
