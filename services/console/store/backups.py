"""Of which instant the newest verified backup is. Where nobody tells of backups there is no row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.database.pool import Tx

TOO_OLD = timedelta(hours=26)
"""A day, and the time that a backup may take."""


@dataclass(frozen=True)
class NewestBackup:
    at: datetime
    verified_at: datetime

    def is_too_old(self, now: datetime) -> bool:
        return now - self.at > TOO_OLD


def keep_newest(tx: Tx, at: datetime, verified_at: datetime) -> None:
    tx.execute(
        """
        insert into newest_backup (at, verified_at) values (%s, %s)
        on conflict (one) do update set at = excluded.at, verified_at = excluded.verified_at
        """,
        [at, verified_at],
    )


def newest_backup(tx: Tx) -> NewestBackup | None:
    row = tx.execute("select at, verified_at from newest_backup").fetchone()
    return NewestBackup(*row) if row else None
