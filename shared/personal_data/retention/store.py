"""The tables of the retention, the same in each service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.personal_data.retention.spans import Span
from shared.personal_data.retention.subjects import Dropped, Subject
from shared.personal_data.retention.terms import Terms
from shared.vocabulary.personal_data import Kept

LOCK = 7_305_002


def terms_in_force(tx: Tx) -> Terms:
    rows = tx.execute("select kept, country, coalesce(days, 0), coalesce(months, 0) from retention_term where "
                      "num_nonnulls(days, months) = 1")  # fmt: skip
    return Terms({(Kept(kept), country): Span(days=days, months=months) for kept, country, days, months in rows})


def keep_terms(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    """A term was changed: the greater version holds, and what is due is counted anew; all of it, because a subject may
    go by several terms, as guests do by that of members too."""
    tx.execute(KEEP_TERMS, chunk.columns)
    count_anew(tx)


def is_my_turn(tx: Tx) -> bool:
    """Until the end of the transaction; another process may be at it."""
    row = tx.execute("select pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone()
    return row == (True,)


def await_turn(tx: Tx) -> None:
    """Until the end of the transaction; waits for another process's range."""
    tx.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def first_night(tx: Tx, otherwise: date) -> date:
    """The first night on which anything is dropped; `otherwise`, written down, where none was set."""
    tx.execute("insert into retention_begun (first_night) values (%s) on conflict do nothing", [otherwise])
    return known_first_night(tx) or otherwise


def known_first_night(tx: Tx) -> date | None:
    """The first night on which this service drops anything; None until its role has looked."""
    row = tx.execute("select first_night from retention_begun").fetchone()
    return row[0] if row else None


@dataclass(frozen=True)
class Begun:
    """A subject's run this night as far as it has come. `place`: None, it has ended."""

    subject: str
    place: str | None
    dropped: int


def runs_of(tx: Tx, night: date) -> dict[str, Begun]:
    query = """
        select subject, case when ended_at is null then place end as place, dropped from retention_run where night = %s
    """
    return {one.subject: one for one in tx.rows(Begun, query, [night])}


def note_range(tx: Tx, night: date, subject: Subject, done: Dropped, now: datetime) -> None:
    tx.execute(
        """
        insert into retention_run as run (night, subject, kept, place, dropped, began_at, ended_at)
        values (%(night)s, %(subject)s, %(kept)s, %(place)s, %(rows)s, %(now)s, %(ended)s)
        on conflict (night, subject) do update
        set place = excluded.place, dropped = run.dropped + excluded.dropped, ended_at = excluded.ended_at
        """,
        {
            "night": night,
            "subject": subject.name,
            "kept": subject.kept,
            "place": done.next_place or "",
            "rows": done.rows,
            "now": now,
            "ended": None if done.next_place else now,
        },
    )


def counted(tx: Tx, night: date) -> set[str]:
    """The subjects whose next run, that of `night`, is counted."""
    return {subject for (subject,) in tx.execute("select subject from retention_count where night = %s", [night])}


def note_count(tx: Tx, night: date, subject: Subject, due: int, now: datetime) -> None:
    tx.execute(
        """
        insert into retention_count (subject, kept, night, due, counted_at) values (%s, %s, %s, %s, %s)
        on conflict (subject) do update
        set kept = excluded.kept, night = excluded.night, due = excluded.due, counted_at = excluded.counted_at
        """,
        [subject.name, subject.kept, night, due, now],
    )


def count_anew(tx: Tx) -> None:
    tx.execute("delete from retention_count")


def drop_old_lines(tx: Tx, before: date, known: Sequence[str]) -> None:
    """Lines of runs as old as the trail's, and counts of what is no subject any more."""
    tx.execute("delete from retention_run where night < %s", [before])
    tx.execute("delete from retention_count where subject <> all(%s)", [list(known)])


KEEP_TERMS = """
    insert into retention_term as old (kept, country, version, days, months)
    select distinct on (kept, country) *
    from unnest(%(kept)s::text[], %(country)s::text[], %(version)s::bigint[], %(days)s::int[], %(months)s::int[])
        as new (kept, country, version, days, months)
    order by kept, country, version desc
    on conflict (kept, country) do update
    set version = excluded.version, days = excluded.days, months = excluded.months
    where excluded.version > old.version
"""
