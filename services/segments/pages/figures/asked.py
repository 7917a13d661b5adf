"""What an address asks of figures, checked: a window, a hotel of the reader's, and a cut."""

from __future__ import annotations

from datetime import date

from flask import abort, request

from services.segments.store.figures.by_cut import CUTS
from shared.vocabulary.window import Span, Window, days_between, window_of
from shared.web.access_control import chosen_hotel, scope

LONGEST_VALUE = 200


def hotel_asked() -> str:
    """The hotel chosen; empty for all, of somebody who sees all. Whoever sees some has to choose: guests of several
    are not the sum of their guests."""
    if chosen := chosen_hotel():
        return chosen.code
    if not scope().everywhere:
        abort(404)
    return ""


def span_asked() -> tuple[Span, date]:
    """The first day of the month, quarter or year that is asked for."""
    try:
        span, day = Span(request.args.get("span", "")), date.fromisoformat(request.args.get("first", ""))
    except ValueError:
        abort(404)
    return span, window_of(span, day).first


def window_asked() -> Window:
    """A month, quarter or year, or from a day to another."""
    if "span" in request.args:
        span, first = span_asked()
        return window_of(span, first)
    try:
        first, last = (date.fromisoformat(request.args.get(name, "")) for name in ("from", "to"))
        return days_between(first, last)
    except ValueError:
        abort(404)


def cut_asked() -> tuple[str, str]:
    """The cut, and what of it; both empty for everybody."""
    cut, value = request.args.get("cut", ""), request.args.get("value", "")
    if cut not in CUTS or len(value) > LONGEST_VALUE:
        abort(404)
    return cut, value if cut else ""
