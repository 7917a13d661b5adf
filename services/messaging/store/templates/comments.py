"""What colleagues say of a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Comment:
    """`language`: empty, all of it. `about`: what of it, as it read then; empty, the whole."""

    comment_id: UUID
    key: str
    language: str
    about: str
    words: str
    said_by: str
    said_by_id: UUID
    said_at: datetime
    resolved_by: str | None = None
    resolved_at: datetime | None = None


def of_template(tx: Tx, key: str) -> Sequence[Comment]:
    """The open ones first, each in the order they were said."""
    query = "select * from template_comment where key = %s order by resolved_at is not null, said_at, comment_id"
    return tx.rows(Comment, query, [key])


def add(tx: Tx, comment: Comment) -> bool:
    """False where it was said already: a form that was sent twice."""
    query = """
        insert into template_comment (comment_id, key, language, about, words, said_by, said_by_id, said_at)
        values (%(comment_id)s, %(key)s, %(language)s, %(about)s, %(words)s, %(said_by)s, %(said_by_id)s, %(said_at)s)
        on conflict do nothing
    """
    return bool(tx.execute(query, vars(comment)).rowcount)


def resolve(tx: Tx, key: str, comment_id: UUID, by: str, at: datetime) -> bool:
    """False where there is none that is open."""
    query = """
        update template_comment set resolved_by = %s, resolved_at = %s
        where (key, comment_id) = (%s, %s) and resolved_at is null
    """
    return bool(tx.execute(query, [by, at, key, comment_id]).rowcount)


@dataclass(frozen=True)
class Open:
    key: str
    name: str
    comments: int


def open_for(tx: Tx, person: UUID) -> Sequence[Open]:
    """Open comments of others on drafts that this person wrote last."""
    return tx.rows(
        Open,
        """
        select key, document ->> 'name' as name, count(*) as comments
        from template_comment join template_draft using (key)
        where resolved_at is null and edited_by_id = %(person)s and said_by_id <> %(person)s
        group by key, document ->> 'name' order by key
        """,
        {"person": person},
    )
