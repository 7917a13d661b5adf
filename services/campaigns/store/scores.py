"""What guests answered: the newest version of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.events import Chunk

KEPT = ("answer_id", "version", "guest_id", "stay_id", "score", "void", "answered_at", "message_id")


def keep_scores(tx: Tx, chunk: Chunk) -> None:
    """One that was kept without its survey takes it from the same version told once more."""
    tx.execute(
        """
        insert into score_known (answer_id, version, guest_id, stay_id, score, void, answered_at, message_id)
        select distinct on (answer_id) *
        from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::uuid[], %s::int[], %s::boolean[], %s::timestamptz[],
                    %s::uuid[])
             as new (answer_id, version, guest_id, stay_id, score, void, answered_at, message_id)
        order by answer_id, version desc
        on conflict (answer_id) do update
        set version = excluded.version, guest_id = excluded.guest_id, stay_id = excluded.stay_id,
            score = excluded.score, void = excluded.void, answered_at = excluded.answered_at,
            message_id = excluded.message_id
        where score_known.version < excluded.version
           or score_known.version = excluded.version and score_known.message_id is null
              and excluded.message_id is not null
        """,
        [chunk[name] for name in KEPT],
    )


def newest_of(tx: Tx, answers: Sequence[str]) -> dict[str, int]:
    """By answer, the version that is known."""
    query = "select answer_id::text, version from score_known where answer_id = any(%s::uuid[])"
    return dict(tx.execute(query, [list(answers)]).fetchall())


def keep_understood(tx: Tx, chunk: Chunk) -> list[int]:
    """The places in the chunk of what is understood last of an answer; with one told twice, the place of it."""
    rows = tx.execute(
        """
        with new as (
            select distinct on (answer_id) *
            from unnest(%s::uuid[], %s::bigint[], %s::uuid[]) with ordinality as t (answer_id, version, guest_id, place)
            order by answer_id, version desc
        ),
        kept as (
            insert into understood_known as old (answer_id, version, guest_id)
            select answer_id, version, guest_id from new
            on conflict (answer_id) do update set version = excluded.version, guest_id = excluded.guest_id
            where old.version <= excluded.version
            returning answer_id
        )
        select place from new join kept using (answer_id) order by place
        """,
        [chunk[name] for name in ("answer_id", "version", "guest_id")],
    )
    return [place - 1 for (place,) in rows]


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


def answered_of(tx: Tx, enrolments: Sequence[UUID]) -> dict[UUID, dict[str, tuple[datetime, int]]]:
    """By enrolment and step, when its survey was answered, and with which score."""
    rows = tx.execute(
        """
        select enrolment_id, step, answered_at, score
        from message join score_known on score_known.message_id = message.id
        where enrolment_id = any(%s) and not void order by answered_at desc, answer_id
        """,
        [list(enrolments)],
    )
    found: dict[UUID, dict[str, tuple[datetime, int]]] = {}
    for enrolment, step, at, score in rows:
        found.setdefault(enrolment, {})[step] = (at, score)
    return found
