"""What answers come to by room type, by segment, and question by question: days of the tally added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.feedback.rules.asking.questionnaires import OVER_TIME, TOP_TWO
from services.feedback.rules.nps import LEAST
from shared.database.pool import Tx

ROOM_TYPE, SEGMENT = "room_type", "segment"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A hotel's last voices that have this in common."""

    property: str
    part: str
    promoters: int
    passives: int
    detractors: int


@dataclass(frozen=True, kw_only=True)
class Rated:
    """What a question of a hotel's surveys was given in a span: how many numbers, and how many of the two best."""

    property: str
    kind: str
    field: str
    place: int
    n: int
    best: int


def by_part(tx: Tx, figure: str, first: Mapping[str, date], parts: Sequence[str] | None = None) -> list[Part]:
    """`first`: by hotel, the day of its calendar from which on a last voice counts. `parts`: None for all there are,
    those with most answers first."""
    params = {"properties": list(first), "first": list(first.values()), "figure": figure}
    return tx.rows(Part, BY_PART, {**params, **LEAST, "parts": None if parts is None else list(parts)})


def segments_answered(tx: Tx, first: Mapping[str, date]) -> list[str]:
    """The segments of whoever answered at these hotels since."""
    params = {"properties": list(first), "first": list(first.values())}
    return [key for (key,) in tx.execute(SEGMENTS, params)]


def rated_since(tx: Tx, first: Mapping[str, date]) -> list[Rated]:
    return tx.rows(Rated, RATED_SINCE, {"properties": list(first), "first": list(first.values()), **_best()})


def rated_by_month(tx: Tx, months: Mapping[str, Sequence[date]]) -> list[Rated]:
    """`months`: by hotel, the first days of the months."""
    flat = [(code, place, month) for code, its in months.items() for place, month in enumerate(its)]
    columns = list(zip(*flat, strict=True)) or [(), (), ()]
    named = dict(zip(("properties", "places", "months"), map(list, columns), strict=True))
    return tx.rows(Rated, RATED_BY_MONTH, {**named, **_best()})


def _best() -> dict[str, Any]:
    return {"kinds": [str(kind) for kind in OVER_TIME], "from": [TOP_TWO[kind] for kind in OVER_TIME]}


SPAN = """
    from unnest(%(properties)s::text[], %(first)s::date[]) as wanted (property, first)
    join score_tally as tally using (property)
"""
BY_PART = f"""
    select property, part, coalesce(sum(answers) filter (where number = %(promoters)s), 0)::int as promoters,
           coalesce(sum(answers) filter (where number = %(passives)s), 0)::int as passives,
           coalesce(sum(answers) filter (where number = 0), 0)::int as detractors
    {SPAN}
    where figure = %(figure)s and tally.day >= first and (%(parts)s::text[] is null or part = any(%(parts)s::text[]))
    group by property, part having sum(answers) > 0
    order by property, sum(answers) desc, part
"""
SEGMENTS = f"""
    select part {SPAN} where figure = '{SEGMENT}' and tally.day >= first
    group by part having sum(answers) > 0 order by part
"""
BEST = """
    sum(answers)::int as n, coalesce(sum(answers) filter (where number >= best.from_), 0)::int as best
"""
RATED_SINCE = f"""
    select property, figure as kind, part as field, 0 as place, {BEST}
    {SPAN}
    join unnest(%(kinds)s::text[], %(from)s::int[]) as best (kind, from_) on kind = figure
    where tally.day >= first
    group by property, figure, part having sum(answers) > 0
    order by property, figure, part
"""
RATED_BY_MONTH = f"""
    select property, figure as kind, part as field, place, {BEST}
    from unnest(%(properties)s::text[], %(places)s::int[], %(months)s::date[]) as wanted (property, place, month)
    join score_tally as tally using (property)
    join unnest(%(kinds)s::text[], %(from)s::int[]) as best (kind, from_) on kind = figure
    where tally.day >= month and tally.day < (month + interval '1 month')::date
    group by property, figure, part, place having sum(answers) > 0
    order by property, figure, part, place
"""
