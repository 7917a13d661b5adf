"""Canned answers: of one hotel or of all, each in some languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.rows import row


@dataclass(frozen=True, kw_only=True)
class Canned:
    """`property`: None, every hotel has it. `texts`: by language."""

    answer_id: UUID
    version: int
    property: str | None
    name: str
    texts: Mapping[str, str]
    changed_by: str
    is_pictured: bool = False


@row
class Pictured:
    """`name`: of the canned answer."""

    name: str
    property: str | None
    media_type: str
    content: bytes


def listed(tx: Tx, scope: Scope) -> list[Canned]:
    """Those of these hotels and those of every one, by name."""
    query = f"{SELECT} where property is null or {within('property')} order by lower(name), answer_id"
    return tx.rows(Canned, query, scope.values)


def for_hotel(tx: Tx, hotel: str | None) -> list[Canned]:
    query = f"{SELECT} where property is null or property = %(hotel)s order by lower(name), answer_id"
    return tx.rows(Canned, query, {"hotel": hotel})


def find(tx: Tx, answer_id: UUID) -> Canned | None:
    found = tx.rows(Canned, f"{SELECT} where answer_id = %(id)s", {"id": answer_id})
    return found[0] if found else None


def picture(tx: Tx, answer_id: UUID) -> Pictured | None:
    query = """
        select name, property, picture_type as media_type, picture as content from canned_answer
        where answer_id = %s and picture is not null
    """
    found = tx.rows(Pictured, query, [answer_id])
    return found[0] if found else None


def show(tx: Tx, answer_id: UUID, media_type: str | None, content: bytes | None) -> None:
    """From now on that picture; None, none any more."""
    query = "update canned_answer set picture = %s, picture_type = %s where answer_id = %s"
    tx.execute(query, [content, media_type, answer_id])


def name_taken(tx: Tx, answer_id: UUID, hotel: str | None, name: str) -> bool:
    query = """
        select from canned_answer
        where coalesce(property, '') = coalesce(%s::text, '') and lower(name) = lower(%s) and answer_id <> %s
    """
    return tx.execute(query, [hotel, name, answer_id]).fetchone() is not None


def add(tx: Tx, canned: Canned, at: datetime) -> bool:
    """Whether it is new, and no other has that name."""
    return tx.execute(ADD, _values(canned, at)).rowcount == 1


def change(tx: Tx, canned: Canned, at: datetime) -> bool:
    """Whether it stood at that version; its hotel stays."""
    return tx.execute(CHANGE, _values(canned, at)).rowcount == 1


def remove(tx: Tx, answer_id: UUID) -> bool:
    return tx.execute("delete from canned_answer where answer_id = %s", [answer_id]).rowcount == 1


def _values(canned: Canned, at: datetime) -> dict[str, object]:
    return {
        "id": canned.answer_id,
        "version": canned.version,
        "hotel": canned.property,
        "name": canned.name,
        "texts": json.dumps(dict(canned.texts), ensure_ascii=False),
        "by": canned.changed_by,
        "at": at,
    }


SELECT = """
    select answer_id, version, property, name, texts, changed_by, picture is not null as is_pictured from canned_answer
"""
ADD = """
    insert into canned_answer (answer_id, property, name, texts, changed_by, changed_at)
    values (%(id)s, %(hotel)s, %(name)s, %(texts)s::jsonb, %(by)s, %(at)s)
    on conflict do nothing
"""
CHANGE = """
    update canned_answer
    set version = version + 1, name = %(name)s, texts = %(texts)s::jsonb, changed_by = %(by)s, changed_at = %(at)s
    where answer_id = %(id)s and version = %(version)s
"""
