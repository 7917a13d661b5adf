"""Exports as they rest: who made one of which segment, and until when it is open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


def add_export(tx: Tx, export: UUID, number: int, person: UUID, at: datetime, until: datetime) -> None:
    """The same one twice is one."""
    tx.execute(
        """
        insert into segment_export (id, segment, made_by, made_at, expires_at) values (%s, %s, %s, %s, %s)
        on conflict do nothing
        """,
        [export, number, person, at, until],
    )


def count_download(tx: Tx, export: UUID) -> int | None:
    """How many there were with this one; None where it is over and gone."""
    counted = "update segment_export set downloads = downloads + 1 where id = %s returning downloads"
    row = tx.execute(counted, [export]).fetchone()
    return row[0] if row else None


def forget_over(tx: Tx, now: datetime) -> None:
    tx.execute("delete from segment_export where expires_at <= %s", [now])
