"""Drafts of templates: one a key, saved as often as one likes; published versions never change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.access.people import Person
from shared.database.pool import Tx

FIRST = 1  # the version of a draft that was just begun


@dataclass(frozen=True)
class Draft:
    key: str
    document: dict[str, Any]
    base: int  # the version it began from
    version: int
    edited_by: str
    edited_at: datetime
    edited_by_id: UUID | None = None  # None: saved before this was noted


def draft(tx: Tx, key: str) -> Draft | None:
    query = "select key, document, base, version, edited_by, edited_at, edited_by_id from template_draft where key = %s"
    found = tx.rows(Draft, query, [key])
    return found[0] if found else None


def begin(tx: Tx, key: str, document: Mapping[str, Any], base: int, *, by: Person, at: datetime) -> bool:
    """False where there is one already."""
    return _begin(tx, key, document, base, by.name, by.person_id, at)


def begin_for(tx: Tx, key: str, document: Mapping[str, Any], *, by: str, at: datetime) -> bool:
    """A first draft for somebody of whom only the name is known here. False where there is one already."""
    return _begin(tx, key, document, 0, by, None, at)


def _begin(tx: Tx, key: str, document: Mapping[str, Any], base: int, by: str, by_id: UUID | None, at: datetime) -> bool:
    query = """
        insert into template_draft (key, document, base, edited_by, edited_by_id, edited_at)
        values (%s, %s::jsonb, %s, %s, %s, %s)
        on conflict (key) do nothing
    """
    return bool(tx.execute(query, [key, _json(document), base, by, by_id, at]).rowcount)


def save(tx: Tx, key: str, document: Mapping[str, Any], version: int, *, by: Person, at: datetime) -> bool:
    """False where somebody saved another one since `version`."""
    query = """
        update template_draft
        set document = %s::jsonb, version = version + 1, edited_by = %s, edited_by_id = %s, edited_at = %s
        where key = %s and version = %s
    """
    return bool(tx.execute(query, [_json(document), by.name, by.person_id, at, key, version]).rowcount)


def drop(tx: Tx, key: str, version: int | None = None) -> bool:
    query = "delete from template_draft where key = %(key)s and (%(version)s::int is null or version = %(version)s)"
    return bool(tx.execute(query, {"key": key, "version": version}).rowcount)


def newest(tx: Tx, key: str) -> int:
    """The version published last; 0 where there is none. Whoever publishes meanwhile waits."""
    row = tx.execute("select newest from template where key = %s for update", [key]).fetchone()
    return int(row[0]) if row else 0


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
