"""Figures that a night counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.segments.store.figures.counting import COLUMNS, GuestFigure
from shared.database.pool import Tx
from shared.vocabulary.window import Span, Window, span_of

MOST_VALUES = 300


@dataclass(frozen=True)
class Place:
    """Where a figure stands: of which window, hotel (empty: all) and cut."""

    span: Span
    first: date
    property: str
    cut: str = ""
    value: str = ""


def counted_at(tx: Tx, span: Span, first: date) -> datetime | None:
    """None where the window was never counted."""
    query = "select counted_at from figure_window where span = %s and first = %s"
    row = tx.execute(query, [span, first]).fetchone()
    return row[0] if row else None


def night_of(tx: Tx, window: Window) -> datetime | None:
    """When guests of the window were counted; None where they never were, or are counted when they are asked for."""
    span = span_of(window)
    return counted_at(tx, span, window.first) if span else None


def figure_at(tx: Tx, place: Place) -> GuestFigure | None:
    """None where nobody was there to count."""
    query = f"""
        select {COLUMNS} from guest_figure
        where span = %s and first = %s and property = %s and cut = %s and value = %s
    """
    found = tx.rows(GuestFigure, query, [place.span, place.first, place.property, place.cut, place.value])
    return found[0] if found else None


def values_of(tx: Tx, place: Place) -> list[tuple[str, int]]:
    """What a cut of a window has, with how many guests each: the most first."""
    query = """
        select value, guests from guest_figure
        where span = %s and first = %s and property = %s and cut = %s order by guests desc, value limit %s
    """
    return tx.execute(query, [place.span, place.first, place.property, place.cut, MOST_VALUES]).fetchall()


def by_window(tx: Tx, place: Place, firsts: list[date]) -> dict[date, GuestFigure]:
    """The same figure of several windows of its span, by the first day of each."""
    query = f"""
        select first, {COLUMNS} from guest_figure
        where span = %s and first = any(%s) and property = %s and cut = %s and value = %s order by first
    """
    rows = tx.execute(query, [place.span, firsts, place.property, place.cut, place.value])
    return {first: GuestFigure(*rest) for first, *rest in rows}
