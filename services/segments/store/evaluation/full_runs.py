"""The full evaluation under way: over which rules, and the ranges of guests that are left of it.

A range is worked on by whoever has locked its row; one that was evaluated is gone, in the same transaction. So whatever
dies leaves its range to the others, and nobody evaluates one twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.store.evaluation.statement import BEFORE_ALL
from shared.database.pool import Tx

NOBODY = "{}"  # an array as PostgreSQL writes it
BEHIND_ALL = UUID(int=(1 << 128) - 1)


@dataclass(frozen=True)
class Range:
    """Guests behind `after` up to `upto`, or of these only `guests`, an array as PostgreSQL writes it. `initial`: all
    changes of its run are initial."""

    after: UUID
    upto: UUID
    guests: str | None
    initial: bool


def begin(tx: Tx, at: datetime, *, initial: bool) -> None:
    """Plans an evaluation of all guests, unless one over the same rules is under way."""
    tx.execute(
        """
        insert into evaluation_run as r (digest, initial, started_at)
        select digest, %(initial)s, %(at)s from ruleset
        on conflict (single) do update
            set digest = excluded.digest, after = null, planned = null,
                initial = excluded.initial, started_at = excluded.started_at
            where r.digest <> excluded.digest
        """,
        {"initial": initial, "at": at},
    )


def lay_out(tx: Tx, digest: str, most: int) -> None:
    """The ranges of the run under way, of at most so many guests, over the rules of `digest`; nothing where they lie
    there. The caller keeps rules from being changed: nobody works on a range of other rules."""
    run = tx.execute("select planned from evaluation_run for update").fetchone()
    if run is None or run[0] == digest:
        return
    tx.execute("delete from evaluation_range")
    tx.execute(
        """
        insert into evaluation_range (after, upto)
        select lag(upto, 1, %(before)s::uuid) over (order by upto), upto
        from (
            select case when place = guests then %(behind)s::uuid else guest_id end as upto
            from (
                select guest_id, row_number() over (order by guest_id) as place, count(*) over () as guests
                from guest_facts
            ) as placed
            where place %% %(most)s = 0 or place = guests
        ) as cut
        """,
        {"before": BEFORE_ALL, "behind": BEHIND_ALL, "most": most},
    )
    tx.execute("update evaluation_run set digest = %(digest)s, planned = %(digest)s", {"digest": digest})


def take_range(tx: Tx, digest: str) -> Range | None:
    """A range that nobody works on, locked until this transaction ends: those of which guests are left come last. None
    where there is none over these rules."""
    row = tx.execute(
        """
        select r.after, r.upto, r.guests::text, e.initial
        from evaluation_range r join evaluation_run e on e.planned = %s
        order by r.guests is not null, r.upto limit 1
        for update of r skip locked
        """,
        [digest],
    ).fetchone()
    return Range(*row) if row else None


def end_range(tx: Tx, done: Range, left: str) -> None:
    """`left`: those of its guests that were not evaluated, whom somebody works on; they stay for later."""
    if left == NOBODY:
        tx.execute("delete from evaluation_range where upto = %s", [done.upto])
    else:
        tx.execute("update evaluation_range set guests = %s::uuid[] where upto = %s", [left, done.upto])


def is_through(tx: Tx, digest: str) -> bool:
    """Whether nothing is left of the run under way."""
    query = """
        select not exists (select from evaluation_range) from evaluation_run where planned = %s
    """
    row = tx.execute(query, [digest]).fetchone()
    return bool(row and row[0])


def end_run(tx: Tx) -> None:
    tx.execute("delete from evaluation_run")


def planned_since(tx: Tx) -> datetime | None:
    """Since when a full evaluation is wanted; None where none is."""
    row = tx.execute("select started_at from evaluation_run").fetchone()
    return row[0] if row else None
