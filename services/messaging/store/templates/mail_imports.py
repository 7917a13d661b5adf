"""Mails that were brought from elsewhere, until a template is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from shared.database.pool import Tx
from shared.rows import row


@row
class MailImport:
    """`choices`: by what is written there, the value that stands there instead; `pictures`: by address, the file of the
    library that was taken from there."""

    import_id: UUID
    name: str
    source: str
    choices: Mapping[str, str]
    pictures: Mapping[str, str]
    brought_by: str
    brought_at: datetime


@row
class Listed:
    import_id: UUID
    name: str
    brought_by: str
    brought_at: datetime


def keep(tx: Tx, import_id: UUID, name: str, source: str, *, by: str, at: datetime) -> None:
    query = "insert into mail_import (import_id, name, source, brought_by, brought_at) values (%s, %s, %s, %s, %s)"
    tx.execute(query, [import_id, name, source, by, at])


def listed(tx: Tx) -> list[Listed]:
    """The newest first."""
    query = "select import_id, name, brought_by, brought_at from mail_import order by brought_at desc limit 50"
    return tx.rows(Listed, query)


def one(tx: Tx, import_id: UUID) -> MailImport | None:
    query = """
        select import_id, name, source, choices, pictures, brought_by, brought_at
        from mail_import where import_id = %s
    """
    found = tx.rows(MailImport, query, [import_id])
    return found[0] if found else None


def choose(tx: Tx, import_id: UUID, choices: Mapping[str, str]) -> None:
    tx.execute("update mail_import set choices = %s where import_id = %s", [Jsonb(dict(choices)), import_id])


def note_pictures(tx: Tx, import_id: UUID, taken: Mapping[str, str]) -> None:
    """Beside those that were taken before."""
    query = "update mail_import set pictures = pictures || %s where import_id = %s"
    tx.execute(query, [Jsonb(dict(taken)), import_id])


def drop(tx: Tx, import_id: UUID) -> bool:
    return tx.execute("delete from mail_import where import_id = %s", [import_id]).rowcount == 1


def drop_old(tx: Tx, before: datetime) -> None:
    tx.execute("delete from mail_import where brought_at < %s", [before])
