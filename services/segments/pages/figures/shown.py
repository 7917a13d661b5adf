"""What pages of figures share: the hotel they are of, the periods to choose from, shades, the list of guests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, render_template, request

from services.segments.pages.guests.labels import country_name
from services.segments.queries.figures.behind import A_PAGE, GuestBehind
from shared.access.people import Hotel
from shared.naming import full_name
from shared.vocabulary.window import Span, Window, last_windows
from shared.web.access_control import chosen_hotel, my_hotels, scope
from shared.web.i18n.windows import window_words

LEAST_TO_TELL = 30
"""Of fewer a share moves by several points with a single guest: too few to tell."""
SHADES = 4


def hotel_shown() -> Hotel | None:
    """The hotel chosen; None for all of them. Whoever sees some and chose none sees the first: guests of several are
    not the sum of their guests."""
    if (chosen := chosen_hotel()) or scope().everywhere:
        return chosen
    return next(iter(my_hotels()), None) or abort(404)


def is_one_of_several() -> bool:
    return not scope().everywhere and len(my_hotels()) > 1


def asked_span(usual: Span) -> Span:
    try:
        return Span(request.args.get("span", usual))
    except ValueError:
        abort(404)


def windows_to_choose(span: Span, today: date, count: int) -> list[tuple[str, str]]:
    """By their first days, the newest first."""
    return [(one.first.isoformat(), window_words(span, one)) for one in last_windows(span, today, count)[::-1]]


def shade(part: int, whole: int, most: float) -> int:
    """How dark a share stands, from 0 to 4: 4 is the greatest of a table."""
    return ceil(SHADES * part / whole / most) if whole and most else 0


def value_words(cut: str, value: str, unknown: str) -> str:
    if not value:
        return unknown
    return country_name(value) if cut == "country" else value


def after_asked() -> UUID | None:
    try:
        return UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        abort(404)


def guests_page(
    window: Window, hotel: str, behind: str, cut_name: str, found: tuple[int, int, Sequence[GuestBehind]]
) -> str:
    """The list of guests behind a figure. `found`: how many, how many were erased, and the next ones."""
    count, gone, guests = found
    names = {one.code: one.name for one in my_hotels()}
    return render_template(
        "figure_guests.html",
        window=window,
        behind=behind,
        hotel=names.get(hotel, ""),
        cut_name=cut_name,
        count=count,
        gone=gone,
        guests=guests[:A_PAGE],
        next_url=_url(guests[A_PAGE - 1].id) if len(guests) > A_PAGE else "",
        first_url=_url(None) if request.args.get("after") else "",
        full_name=full_name,
        country_name=country_name,
    )


def _url(after: UUID | None) -> str:
    given: dict[str, Any] = {name: text for name, text in request.args.items() if name != "after"}
    return f"{request.path}?" + urlencode({**given, **({"after": str(after)} if after else {})})
