"""Who was lost, as a night counted it, and the guests behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.segments.queries.figures.listed import Listed, listed, only
from services.segments.queries.figures.stored import counted_at
from services.segments.rules.lift import Counted, Lift, lift_of
from services.segments.store.figures.churn import values_of
from services.segments.store.figures.lost import BY_OTHERS, lost_sql
from services.segments.store.figures.whole import MEMORY
from services.segments.store.plans import planned
from shared.database.pool import Tx
from shared.vocabulary.window import Span, Window, span_of


@dataclass(frozen=True)
class Line:
    """`lost` of the guests `before` who had a value of a trait; `lift`: None, too few to tell."""

    trait: str
    value: str
    before: int
    lost: int
    lift: Lift | None


def churn_of(tx: Tx, span: Span, first: date, property: str) -> tuple[Counted, list[Line]]:
    """Everybody, and each value of each trait: the most guests first."""
    query = """
        select trait, value, before, lost from churn_figure
        where span = %s and first = %s and property = %s order by trait, before desc, value
    """
    return judged(tx.execute(query, [span, first, property]).fetchall())


def judged(rows: list[tuple[str, str, int, int]]) -> tuple[Counted, list[Line]]:
    """Values of which nothing is known are shown and not judged: they say how data were kept, not who guests are."""
    every = next((Counted(before, lost) for trait, _, before, lost in rows if not trait), Counted(0, 0))
    known = sum(bool(trait and value) for trait, value, *_ in rows)
    return every, [
        Line(trait, value, before, lost, lift_of(Counted(before, lost), every, known) if value else None)
        for trait, value, before, lost in rows
        if trait
    ]


@dataclass(frozen=True)
class LostAsked:
    """`trait`, `value`: empty, everybody."""

    window: Window
    property: str
    trait: str = ""
    value: str = ""


def lost_guests(tx: Tx, asked: LostAsked, today: date, after: UUID | None) -> Listed:
    values = {
        **values_of(asked.window, today, asked.property),
        "property": asked.property,
        "trait": asked.trait,
        "value": asked.value,
    }

    def behind(whose: str) -> str:
        return f"""
            {lost_sql([asked.trait] if asked.trait else [], whose)},
            behind as materialized (
                select guest_id from by_trait
                where is_lost and property = %(property)s and trait = %(trait)s and value = %(value)s
            )
        """

    with planned(tx, work_mem=MEMORY):
        return listed(tx, behind, values, after, counted=_kept(tx, asked), in_ranges=asked.trait != BY_OTHERS)


def _kept(tx: Tx, asked: LostAsked) -> int | None:
    """As a night counted them; None where none did."""
    span = span_of(asked.window)
    if span is None or counted_at(tx, span, asked.window.first) is None:
        return None
    query = """
        select lost from churn_figure
        where span = %s and first = %s and property = %s and trait = %s and value = %s
    """
    return only(tx.execute(query, [span, asked.window.first, asked.property, asked.trait, asked.value]).fetchall())
