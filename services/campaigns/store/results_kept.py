"""Results of many guests, as they were counted last, and what pages wait for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.database.pool import Tx
from shared.rows import row

SEEN_EVERY = timedelta(minutes=10)  # how exactly it is known when a result was asked for last
NAMES = ("journey", "by", "since", "until", "within", "version", "everywhere", "hotels")
QUESTION = " and ".join(f"{name} = %({name})s" for name in NAMES)


@row
class Question:
    """What was asked: of the guests of a journey who entered from `since` on, before `until`, told apart `by`;
    `version`: 0 for whichever."""

    journey: str
    by: str
    since: datetime
    until: datetime
    within: timedelta
    version: int
    everywhere: bool
    hotels: list[str]

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in NAMES}


@row
class Kept:
    """`counted_at`, `lines`: None where it was never counted yet."""

    counted_at: datetime | None
    lines: list[Any] | None
    asked_at: datetime
    wanted_at: datetime | None


def find(tx: Tx, question: Question, at: datetime) -> Kept | None:
    """As it is kept; noted is that it was asked for."""
    query = f"select counted_at, lines, asked_at, wanted_at from result_kept where {QUESTION}"
    found = tx.rows(Kept, query, question.values)
    if found and found[0].asked_at < at - SEEN_EVERY:
        with tx.writing() as noting:
            noting.execute(f"update result_kept set asked_at = %(at)s where {QUESTION}", {**question.values, "at": at})
    return found[0] if found else None


def want(tx: Tx, question: Question, at: datetime) -> None:
    """A page waits for it, from the first time it is wanted on."""
    tx.execute(
        f"""
        insert into result_kept ({", ".join(NAMES)}, asked_at, wanted_at)
        values ({", ".join(f"%({name})s" for name in NAMES)}, %(at)s, %(at)s)
        on conflict ({", ".join(NAMES)}) do update
        set wanted_at = coalesce(result_kept.wanted_at, excluded.wanted_at)
        """,
        {**question.values, "at": at},
    )


def keep(tx: Tx, question: Question, rows: list[Any], at: datetime) -> None:
    """As it was counted as of `at`; nobody waits for it any more."""
    tx.execute(
        f"""
        insert into result_kept ({", ".join(NAMES)}, asked_at, counted_at, lines)
        values ({", ".join(f"%({name})s" for name in NAMES)}, %(at)s, %(at)s, %(lines)s::jsonb)
        on conflict ({", ".join(NAMES)}) do update
        set counted_at = excluded.counted_at, lines = excluded.lines, wanted_at = null
        """,
        {**question.values, "at": at, "lines": json.dumps(rows)},
    )


def move_on(tx: Tx, question: Question, days: timedelta) -> Question:
    """The same of days that lie so much later; what stands for them already stays."""
    later = Question(**{**question.values, "since": question.since + days, "until": question.until + days})
    tx.execute(
        f"""
        insert into result_kept ({", ".join(NAMES)}, asked_at)
        select journey, by, since + %(days)s, until + %(days)s, within, version, everywhere, hotels, asked_at
        from result_kept where {QUESTION}
        on conflict do nothing
        """,
        {**question.values, "days": days},
    )
    drop(tx, question)
    return later


def drop(tx: Tx, question: Question) -> None:
    tx.execute(f"delete from result_kept where {QUESTION}", question.values)


def give_up(tx: Tx, question: Question) -> None:
    """It cannot be counted; whoever asks again waits again."""
    tx.execute(f"update result_kept set wanted_at = null where {QUESTION}", question.values)


def drop_before(tx: Tx, before: datetime) -> None:
    """What nobody asked for since."""
    tx.execute("delete from result_kept where asked_at < %s", [before])


DUE = """
    coalesce(wanted_at, case when asked_at > counted_at - %(asked_within)s then counted_at + %(shown_for)s end)
"""
"""When it is to be counted: at once where a page waits, and again and again as long as pages ask for it."""


def next_due(tx: Tx, times: Mapping[str, timedelta]) -> datetime | None:
    """`times`: the periods that `DUE` names."""
    row = tx.execute(f"select min({DUE}) from result_kept", times).fetchone()
    return row[0] if row else None


def due_of(tx: Tx, times: Mapping[str, timedelta], now: datetime) -> tuple[Question, datetime] | None:
    """What is to be counted next, those that pages wait for first; with the instant it was asked for last."""
    found = tx.execute(
        f"""
        select {", ".join(NAMES)}, asked_at from result_kept where {DUE} <= %(now)s
        order by wanted_at nulls last, counted_at limit 1
        """,
        {**times, "now": now},
    ).fetchone()
    return (Question(*found[:-1]), found[-1]) if found else None
