"""Cohorts and new guests, as a night counted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.segments.rules.cohorts import Cell, Cohort
from shared.database.pool import Tx
from shared.vocabulary.window import Span, Window, first_of


@dataclass(frozen=True)
class NewGuests:
    """`ripe`: of the guests, whose first visit was a year ago or more; `again`: of those, who came again within it."""

    value: str
    guests: int
    ripe: int
    again: int


def cohorts_at(tx: Tx) -> datetime | None:
    """When cohorts were counted; None where they never were."""
    row = tx.execute("select cohorts_at from figure_night").fetchone()
    return row[0] if row else None


def cohorts_of(tx: Tx, span: Span, property: str, windows: Sequence[Window], today: date) -> list[Cohort]:
    """Of these periods, in their order; one in which nobody came first has no line."""
    query = """
        select first, after, came, again from cohort_figure
        where span = %s and property = %s and first = any(%s) order by first, after
    """
    counted = {
        (first, after): (came, again)
        for first, after, came, again in tx.execute(query, [span, property, [one.first for one in windows]])
    }
    return [_cohort(span, one.first, counted, today) for one in windows if (one.first, 0) in counted]


def _cohort(span: Span, first: date, counted: dict[tuple[date, int], tuple[int, int]], today: date) -> Cohort:
    cells: list[Cell] = []
    back = 0
    month = first.year * 12 + first.month - 1
    while first_of(month + len(cells) * span.months) <= today:
        came, again = counted.get((first, len(cells)), (0, 0))
        back += again
        cells.append(Cell(came, back, first_of(month + (len(cells) + 1) * span.months)))
    return Cohort(first, counted[first, 0][0], cells)


def new_guests_in(tx: Tx, window: Window, property: str, cut: str) -> list[NewGuests]:
    """By the values of a cut (empty: one line, of all), the most first."""
    query = """
        select value, sum(guests)::int as guests, sum(ripe)::int as ripe, sum(again)::int as again from new_guest_figure
        where property = %s and cut = %s and month >= %s and month < %s
        group by value order by guests desc, value
    """
    return tx.rows(NewGuests, query, [property, cut, window.first, window.until])


def new_by_window(tx: Tx, windows: Sequence[Window], property: str) -> list[int]:
    """How many new guests each window has, in order."""
    query = """
        select coalesce(sum(guests), 0)::int
        from unnest(%s::date[], %s::date[]) with ordinality as asked (first, until, place)
        left join new_guest_figure new
            on new.property = %s and new.cut = '' and new.month >= asked.first and new.month < asked.until
        group by asked.place order by asked.place
    """
    values = [[one.first for one in windows], [one.until for one in windows], property]
    return [count for (count,) in tx.execute(query, values)]
