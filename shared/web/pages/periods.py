"""What a page of figures is of: a hotel and a period to choose. An address of what there is not is not found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import abort, request

from shared.access.people import Hotel
from shared.vocabulary.window import Span, Window, last_windows, window_of
from shared.web.access_control import chosen_hotel, my_hotels, scope

OFFERED: Mapping[Span, int] = {Span.MONTH: 25, Span.QUARTER: 13, Span.YEAR: 6}
"""How many windows can be chosen, up to the present one."""


def hotel_shown() -> Hotel | None:
    """The hotel chosen; None for all of them. Whoever sees some and chose none sees the first: guests of several are
    not the sum of their guests."""
    if (chosen := chosen_hotel()) or scope().everywhere:
        return chosen
    return next(iter(my_hotels()), None) or abort(404)


def is_one_of_several() -> bool:
    """Whether one hotel is shown to somebody who sees others as well."""
    return not scope().everywhere and len(my_hotels()) > 1


def span_shown(usual: Span) -> Span:
    try:
        return Span(request.args.get("span", usual))
    except ValueError:
        abort(404)


def window_shown(span: Span, today: date) -> Window:
    """The one with the day that is asked for, not of the future; usually the last one that is over."""
    given = request.args.get("first", "")
    try:
        window = window_of(span, date.fromisoformat(given)) if given else last_windows(span, today, 2)[0]
    except ValueError:
        abort(404)
    return abort(404) if window.first > today else window


def windows_offered(span: Span, today: date, window: Window) -> list[Window]:
    """Those to choose from, the newest first; with the one that is shown, however old."""
    found = last_windows(span, today, OFFERED[span])[::-1]
    return found if window in found else [*found, window]
