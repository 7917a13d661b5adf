"""Figures that stand for each value of something: new guests by channel, and the like. Each has its two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.segments.queries.figures.first_visits import new_guests_between
from shared.database.pool import Tx
from shared.vocabulary.window import Window

Line = dict[str, Any]
MEANS: Mapping[str, tuple[str, str]] = {
    "new_guests": ("guests who came for the first time, by what they came by", "guests who came for the first time"),
    "new_guests_back": (
        "of these, who came again within 365 days",
        "guests who came for the first time, a year ago or more",
    ),
}
"""What is counted of what; a cut that is empty stands for everybody."""


def line(figure: str, by: str, of: str, part: object, whole: object, currency: str | None = None) -> Line:
    """`by`, `of`: a cut and its value; empty for everybody."""
    numerator, denominator = float(str(part)), float(str(whole))
    is_part, is_whole = MEANS[figure]
    return {
        "figure": figure,
        "by": by,
        "of": of,
        "value": round(numerator / denominator, 6) if denominator else None,
        "numerator": numerator,
        "denominator": denominator,
        "currency": currency,
        "numerator_is": is_part,
        "denominator_is": is_whole,
    }


def new_guest_figures(tx: Tx, window: Window, property: str, today: date) -> list[Line]:
    counted = new_guests_between(tx, window.first, window.until, property, today)
    every = next((guests for cut, _, guests, *_ in counted if not cut), 0)
    return [
        *(line("new_guests", cut, value, guests, every) for cut, value, guests, *_ in counted),
        *(line("new_guests_back", cut, value, again, ripe) for cut, value, _, ripe, again in counted),
    ]
