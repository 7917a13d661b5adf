"""The full evaluation under way: over which rules, and up to which guest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class FullRun:
    """`after`: the last guest evaluated; None at the start. `initial`: all its changes are initial."""

    digest: str
    after: UUID | None
    initial: bool


def begin(tx: Tx, at: datetime, *, initial: bool) -> None:
    """Plans an evaluation of all guests, unless one over the same rules is under way."""
    tx.execute(
        """
        insert into evaluation_run as r (digest, initial, started_at)
        select digest, %(initial)s, %(at)s from ruleset
        on conflict (single) do update
            set digest = excluded.digest, after = null, initial = excluded.initial, started_at = excluded.started_at
            where r.digest <> excluded.digest
        """,
        {"initial": initial, "at": at},
    )


def lock_run(tx: Tx) -> FullRun | None:
    row = tx.execute("select digest, after, initial from evaluation_run for update").fetchone()
    return FullRun(*row) if row else None


def start_over(tx: Tx, digest: str) -> None:
    """The rules were changed meanwhile."""
    tx.execute("update evaluation_run set digest = %s, after = null", [digest])


def mark_done_to(tx: Tx, guest: UUID) -> None:
    tx.execute("update evaluation_run set after = %s", [guest])


def end_run(tx: Tx) -> None:
    tx.execute("delete from evaluation_run")


def planned_since(tx: Tx) -> datetime | None:
    """Since when a full evaluation is wanted; None where none is."""
    row = tx.execute("select started_at from evaluation_run").fetchone()
    return row[0] if row else None
