"""What guests answered: the newest version of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk


def keep_scores(tx: Tx, chunk: Chunk) -> None:
    tx.execute(
        """
        insert into score_known (answer_id, version, guest_id, stay_id, score, void, answered_at)
        select distinct on (answer_id) *
        from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::uuid[], %s::int[], %s::boolean[], %s::timestamptz[])
             as new (answer_id, version, guest_id, stay_id, score, void, answered_at)
        order by answer_id, version desc
        on conflict (answer_id) do update
        set version = excluded.version, guest_id = excluded.guest_id, stay_id = excluded.stay_id,
            score = excluded.score, void = excluded.void, answered_at = excluded.answered_at
        where score_known.version < excluded.version
        """,
        [chunk[name] for name in ("answer_id", "version", "guest_id", "stay_id", "score", "void", "answered_at")],
    )


def scores_of(tx: Tx, guests: Sequence[UUID]) -> dict[tuple[UUID, UUID | None], int]:
    """By guest and stay, what was answered last; by guest and None, what was answered last of all."""
    rows = tx.execute(
        """
        select guest_id, stay_id, score from score_known where guest_id = any(%s) and not void
        order by answered_at, answer_id
        """,
        [list(guests)],
    )
    found: dict[tuple[UUID, UUID | None], int] = {}
    for guest, stay, score in rows:
        found[guest, stay] = found[guest, None] = score
    return found
