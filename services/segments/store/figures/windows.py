"""Which windows wait to be counted, and which night plans them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.database.pool import Tx
from shared.vocabulary.window import Span


@dataclass(frozen=True)
class Asked:
    span: Span
    first: date


def next_night(tx: Tx) -> datetime | None:
    """When windows are planned next; None before the first time."""
    row = tx.execute("select next_at from figure_night").fetchone()
    return row[0] if row else None


def plan_night(tx: Tx, at: datetime) -> None:
    tx.execute(
        "insert into figure_night (next_at) values (%s) on conflict (single) do update set next_at = excluded.next_at",
        [at],
    )


def asked_since(tx: Tx) -> datetime | None:
    row = tx.execute("select min(asked) from figure_window where asked is not null").fetchone()
    return row[0] if row else None


def claim_asked(tx: Tx) -> Asked | None:
    """One that nobody else counts now: of those asked for together the newest, which is looked at soonest."""
    query = """
        select span, first from figure_window where asked is not null
        order by asked, first desc, span limit 1 for update skip locked
    """
    row = tx.execute(query).fetchone()
    return Asked(Span(row[0]), row[1]) if row else None


def ask(tx: Tx, windows: Sequence[Asked], at: datetime) -> None:
    statement = """
        insert into figure_window as known (span, first, asked)
        select span, first, %s from unnest(%s::text[], %s::date[]) as new (span, first) order by span, first
        on conflict (span, first) do update set asked = excluded.asked where known.asked is null
    """
    tx.execute(statement, [at, [one.span for one in windows], [one.first for one in windows]])


def counted(tx: Tx) -> dict[Asked, datetime | None]:
    """Every window there is, with when it was counted last."""
    rows = tx.execute("select span, first, counted_at from figure_window order by span, first")
    return {Asked(Span(span), first): at for span, first, at in rows}


def changes_by_month(tx: Tx, since: date) -> dict[date, datetime]:
    """Months from then on in which stays ended, each with when one of them was changed, or its guest merged, last."""
    query = """
        select date_trunc('month', s.checked_out_on)::date, greatest(max(s.changed_at), max(m.at), max(m.undone_at))
        from stay s left join guest_merge m on m.into_id = s.guest_id
        where s.checked_out_on >= %s
        group by 1 order by 1
    """
    return dict(tx.execute(query, [since]).fetchall())


def has_stays(tx: Tx) -> bool:
    return tx.execute("select from stay where checked_out_on is not null limit 1").fetchone() is not None
