"""Canned answers are written, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.feedback.store.inbox import canned as store
from shared.database.pool import Tx
from shared.errors import Conflict


class CannedChanged(Conflict):
    """Somebody else changed this canned answer meanwhile. Look at it again."""


class NameTaken(Conflict):
    """There is a canned answer of that name already. Choose another."""


def write_canned(
    tx: Tx,
    answer_id: UUID,
    version: int,
    hotel: str | None,
    name: str,
    texts: Mapping[str, str],
    at: datetime,
    *,
    by: str,
) -> bool:
    """`version`: 0 of a new one. Whether it is new. Raises `NameTaken`, `CannedChanged`."""
    if store.name_taken(tx, answer_id, hotel, name):
        raise NameTaken()
    canned = store.Canned(answer_id=answer_id, version=version, property=hotel, name=name, texts=texts, changed_by=by)
    if version == 0:
        return store.add(tx, canned, at)
    if not store.change(tx, canned, at):
        raise CannedChanged()
    return False
