"""Tags as their page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class RuleLine:
    id: UUID
    tag: str
    kind: str
    segment_key: str
    made_by: str
    made_at: datetime
    guests: int


@dataclass(frozen=True)
class RunLine:
    id: UUID
    tag: str
    adds: bool
    segment_key: str
    made_by: str
    made_at: datetime
    changed: int
    ended_at: datetime | None
    is_undo: bool
    is_undone: bool


def rules_with_counts(tx: Tx) -> list[RuleLine]:
    return tx.rows(
        RuleLine,
        """
        select r.id, r.tag, r.kind, s.key as segment_key, r.made_by, r.made_at,
            (select count(*) from tag_rule_guest g where g.rule = r.id) as guests
        from tag_rule r join segment s on s.number = r.segment where r.ended_at is null order by r.kind, r.tag
        """,
    )


def newest_runs(tx: Tx, most: int = 20) -> list[RunLine]:
    return tx.rows(
        RunLine,
        """
        select r.id, r.tag, r.adds, s.key as segment_key, r.made_by, r.made_at, r.changed, r.ended_at,
            r.undoes is not null as is_undo, exists (select from tag_run u where u.undoes = r.id) as is_undone
        from tag_run r join segment s on s.number = r.segment order by r.made_at desc, r.id limit %s
        """,
        [most],
    )
