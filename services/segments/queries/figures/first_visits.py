"""The guests behind a cohort or behind new guests: by the same visits that are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.segments.queries.figures.cohorts import cohorts_at
from services.segments.queries.figures.listed import Listed, listed, only
from services.segments.rules.figures import RIPE_AFTER
from services.segments.store.figures.cohorts import CUT as BY_CUT
from services.segments.store.figures.cohorts import SUMS, new_guests
from services.segments.store.figures.visits import PLACED, STAYED, visits
from shared.database.pool import Tx
from shared.vocabulary.term import N_, Term
from shared.vocabulary.window import Window, span_of


class FirstCame(Term):
    """Which of the guests who came first in a window."""

    ALL = "new", N_("came for the first time in the period")
    CAME = "came", N_("came for the first time in the period, and again in the later one")
    BACK = "back", N_("came for the first time in the period, and again by the end of the later one")
    GONE = "gone", N_("came for the first time in the period, and not again by the end of the later one")


@dataclass(frozen=True)
class FirstAsked:
    """`later`: the period that all but `ALL` are asked about. `cut`, `value`: how they came the first time."""

    which: FirstCame
    window: Window
    later: Window
    property: str
    cut: str = ""
    value: str = ""


def first_guests(tx: Tx, asked: FirstAsked, after: UUID | None) -> Listed:
    values = {
        "first": asked.window.first,
        "until": asked.window.until,
        "later": asked.later.first,
        "later_until": asked.later.until,
        "property": asked.property,
        "cut": asked.cut,
        "value": asked.value,
    }

    def behind(whose: str) -> str:
        return f"""
            with visit as materialized ({visits(f"{_here(whose)} and {whose}")}),
            behind as materialized (
                select guest_id from visit {PLACED}
                where property = %(property)s and first >= %(first)s::date and first < %(until)s::date
                group by guest_id having {HAVING[asked.which]}
            )
        """

    return listed(tx, behind, values, after, counted=_kept(tx, asked))


def _kept(tx: Tx, asked: FirstAsked) -> int | None:
    """As a night counted them; None where none did: by what they came the first time, only those who came at all."""
    span = span_of(asked.window)
    if span is None or cohorts_at(tx) is None:
        return None
    if asked.which is FirstCame.ALL:
        values = [asked.property, asked.cut, asked.value, asked.window.first, asked.window.until]
        return only(tx.execute(NEW_KEPT, values).fetchall())
    if asked.cut:
        return None
    row = tx.execute(COHORT_KEPT, [asked.later.first, span, asked.property, asked.window.first]).fetchone()
    assert row is not None, "aggregates return a row"
    size, came, back = row
    numbers: dict[FirstCame, int] = {FirstCame.CAME: came, FirstCame.BACK: back, FirstCame.GONE: size - back}
    return numbers[asked.which]


NEW_KEPT = """
    select coalesce(sum(guests), 0)::int from new_guest_figure
    where property = %s and cut = %s and value = %s and month >= %s and month < %s
"""
COHORT_KEPT = """
    select coalesce(sum(came) filter (where after = 0), 0)::int,
        coalesce(sum(came) filter (where at = later), 0)::int, coalesce(sum(again) filter (where at <= later), 0)::int
    from (
        select *, %s::date as later, (first + after * case span when 'month' then interval '1 month'
            when 'quarter' then interval '3 months' else interval '1 year' end)::date as at
        from cohort_figure where span = %s and property = %s and first = %s
    ) as cohort
"""


def new_guests_between(
    tx: Tx, first: date, until: date, property: str, today: date
) -> list[tuple[str, str, int, int, int]]:
    """Cut, value, and guests who came first in these days, of these ripe, of these again: counted on the spot."""
    values = {"first": first, "until": until, "property": property, "today": today, "ripe_after": RIPE_AFTER.days}
    return tx.execute(COUNT_NEW, values).fetchall()


def _here(whose: str = "true") -> str:
    """Only their visits are looked through."""
    return f"""
        guest_id in (select guest_id from stay
                     where {STAYED} and checked_out_on >= %(first)s::date and checked_out_on < %(until)s::date
                         and {whose})
    """


CUT = """
    (%(cut)s = '' or (%(cut)s = 'market' and market = %(value)s) or (%(cut)s = 'channel' and channel = %(value)s)
        or (%(cut)s = 'country' and exists (
            select from guest where guest.id = guest_id and coalesce(country, '') = %(value)s)))
"""
_NEW = f"bool_or(place = 1 and {CUT})"
_BACK = "bool_or(place = 2 and day < %(later_until)s::date)"
HAVING = {
    FirstCame.ALL: _NEW,
    FirstCame.CAME: f"{_NEW} and bool_or(place > 1 and day >= %(later)s::date and day < %(later_until)s::date)",
    FirstCame.BACK: f"{_NEW} and {_BACK}",
    FirstCame.GONE: f"{_NEW} and not {_BACK}",
}
_IN_THESE_DAYS = "property = %(property)s and day >= %(first)s::date and day < %(until)s::date"
COUNT_NEW = f"""
    with visit as materialized ({visits(_here())})
    select cut, value, {SUMS}
    from ({new_guests(_IN_THESE_DAYS)}) as new {BY_CUT}
    group by cut, value order by cut, guests desc, value
"""
