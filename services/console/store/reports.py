"""Wishes for reports, and the reports that are due: claimed and ended by compare-and-set on the claim's token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.console.rules.reports.periods import Hours
from shared.database.pool import Tx


@dataclass(frozen=True)
class Wish:
    """`property`: empty for all hotels together. `language`: None for the colleague's own."""

    person_id: UUID
    kind: str
    property: str
    language: str | None
    with_pdf: bool
    next_at: datetime


@dataclass(frozen=True)
class DueReport:
    person_id: UUID
    kind: str
    property: str
    first: date
    language: str | None
    with_pdf: bool
    attempts: int
    useful_until: datetime


@dataclass(frozen=True)
class Told:
    """What became of somebody's newest report."""

    person_id: UUID
    kind: str
    property: str
    first: date
    state: str
    reason: str | None
    settled_at: datetime | None


WISH, DUE, TOLD = (", ".join(one.__dataclass_fields__) for one in (Wish, DueReport, Told))


def hours(tx: Tx) -> Hours:
    found = tx.rows(Hours, "select weekday, monthday, hour from report_setting")
    return found[0] if found else Hours()


def save_hours(tx: Tx, new: Hours, at: datetime, by: str) -> None:
    statement = """
        insert into report_setting (weekday, monthday, hour, changed_at, changed_by) values (%s, %s, %s, %s, %s)
        on conflict (single) do update set weekday = excluded.weekday, monthday = excluded.monthday,
            hour = excluded.hour, changed_at = excluded.changed_at, changed_by = excluded.changed_by
    """
    tx.execute(statement, [new.weekday, new.monthday, new.hour, at, by])


def wishes(tx: Tx) -> list[Wish]:
    return tx.rows(Wish, f"select {WISH} from report_wish order by person_id, kind, property")


def wishes_of(tx: Tx, person_id: UUID) -> list[Wish]:
    query = f"select {WISH} from report_wish where person_id = %s order by kind, property"
    return tx.rows(Wish, query, [person_id])


def put_wishes(tx: Tx, new: Sequence[Wish], at: datetime, by: str) -> None:
    statement = f"""
        insert into report_wish ({WISH}, changed_at, changed_by)
        select *, %s, %s from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::timestamptz[])
        order by 1, 2, 3
        on conflict (person_id, kind, property) do update
        set language = excluded.language, with_pdf = excluded.with_pdf, next_at = excluded.next_at,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by
    """
    columns = zip(*(vars(one).values() for one in new), strict=True)
    tx.execute(statement, [at, by, *map(list, columns)])


def drop_wishes(tx: Tx, person_id: UUID, but: Sequence[tuple[str, str]] = ()) -> None:
    """Those of a person, but for these kinds and hotels."""
    statement = """
        delete from report_wish where person_id = %s
            and (kind, property) not in (select * from unnest(%s::text[], %s::text[]))
    """
    tx.execute(statement, [person_id, [kind for kind, _ in but], [code for _, code in but]])


def drop_wish(tx: Tx, person_id: UUID, kind: str, property: str) -> None:
    tx.execute(
        "delete from report_wish where person_id = %s and kind = %s and property = %s", [person_id, kind, property]
    )


def move_wishes(tx: Tx, moved: Sequence[Wish]) -> None:
    """To their next hour."""
    statement = """
        update report_wish w set next_at = said.next_at
        from unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) as said (person_id, kind, property, next_at)
        where (w.person_id, w.kind, w.property) = (said.person_id, said.kind, said.property)
    """
    keys = [[one.person_id for one in moved], [one.kind for one in moved], [one.property for one in moved]]
    tx.execute(statement, [*keys, [one.next_at for one in moved]])


def take_wishes(tx: Tx, now: datetime) -> list[Wish]:
    """Those whose hour has come; nobody else plans them meanwhile."""
    query = f"""
        select {WISH} from report_wish where next_at <= %s
        order by person_id, kind, property for update skip locked
    """
    return tx.rows(Wish, query, [now])


def plan(tx: Tx, reports: Sequence[DueReport], now: datetime) -> None:
    """Each once: what was planned before stays as it became."""
    statement = """
        insert into report_due (person_id, kind, property, first, language, with_pdf, attempts, useful_until, state,
            next_at)
        select *, 'due', %s
        from unnest(%s::uuid[], %s::text[], %s::text[], %s::date[], %s::text[], %s::bool[], %s::int[],
            %s::timestamptz[])
        order by 1, 2, 3, 4
        on conflict do nothing
    """
    columns = zip(*(vars(one).values() for one in reports), strict=True)
    tx.execute(statement, [now, *map(list, columns)])


def claim(tx: Tx, token: UUID, now: datetime, until: datetime, most: int) -> list[DueReport]:
    """What is due, and what somebody claimed and never ended."""
    statement = f"""
        with due as (
            select person_id, kind, property, first from report_due
            where state in ('due', 'claimed') and next_at <= %s and useful_until > %s
            order by next_at, person_id, kind, property limit %s for update skip locked
        )
        update report_due set state = 'claimed', token = %s, next_at = %s, attempts = attempts + 1
        where (person_id, kind, property, first) in (select * from due)
        returning {DUE}
    """
    return tx.rows(DueReport, statement, [now, now, most, token, until])


def settle(tx: Tx, one: DueReport, token: UUID, state: str, reason: str | None, at: datetime) -> bool:
    """Whether the claim still held."""
    statement = f"""
        update report_due set state = %s, reason = %s, settled_at = %s where {KEY} and state = 'claimed' and token = %s
    """
    return tx.execute(statement, [state, reason, at, *_key(one), token]).rowcount > 0


def put_off(tx: Tx, one: DueReport, token: UUID, reason: str, next_at: datetime) -> None:
    statement = f"""
        update report_due set state = 'due', token = null, reason = %s, next_at = %s
        where {KEY} and state = 'claimed' and token = %s
    """
    tx.execute(statement, [reason, next_at, *_key(one), token])


def drop_late(tx: Tx, now: datetime) -> int:
    """What is of no use any more, with the reason why it never went."""
    statement = """
        update report_due set state = 'dropped', reason = coalesce(reason, 'late'), settled_at = %s
        where state in ('due', 'claimed') and useful_until <= %s and (state = 'due' or next_at <= %s)
    """
    return tx.execute(statement, [now, now, now]).rowcount


def newest(tx: Tx) -> list[Told]:
    query = f"""
        select distinct on (person_id, kind, property) {TOLD} from report_due
        order by person_id, kind, property, first desc
    """
    return tx.rows(Told, query)


def next_due(tx: Tx) -> datetime | None:
    query = """
        select least((select min(next_at) from report_wish),
                     (select min(next_at) from report_due where state in ('due', 'claimed')))
    """
    row = tx.execute(query).fetchone()
    return row[0] if row else None


KEY = "person_id = %s and kind = %s and property = %s and first = %s"


def _key(one: DueReport) -> tuple[object, ...]:
    return one.person_id, one.kind, one.property, one.first
