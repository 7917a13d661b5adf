"""What pages of figures share: what they say beside them, shades, the list of guests."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, render_template, request
from flask_babel import gettext

from services.segments.pages.guests.labels import country_name
from services.segments.queries.figures.listed import A_PAGE, Listed
from shared.access.people import Hotel, May
from shared.naming import full_name
from shared.vocabulary.window import Window
from shared.web.access_control import me, my_hotels
from shared.web.i18n.windows import spans_to_choose
from shared.web.pages.periods import is_one_of_several

LEAST_TO_TELL = 30
"""Of fewer a share moves by several points with a single guest: too few to tell."""
SHADES = 4


def beside(hotel: Hotel | None) -> dict[str, Any]:
    """What every page of figures says beside them. `hotel`: None for all."""
    return {
        "where": hotel.name if hotel else gettext("All hotels"),
        "spans": spans_to_choose(),
        "is_one_of_several": is_one_of_several(),
        "may_see_guests": me().may(May.SEE_GUESTS),
        "least": LEAST_TO_TELL,
    }


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
    window: Window, hotel: str, behind: str, cut_name: str, found: Listed, counted_at: datetime | None = None
) -> str:
    """The list of guests behind a figure. `counted_at`: when they were counted, where a night did."""
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
        counted_at=counted_at if len(guests) > A_PAGE or request.args.get("after") else None,
        guests=guests[:A_PAGE],
        next_url=_url(guests[A_PAGE - 1].id) if len(guests) > A_PAGE else "",
        first_url=_url(None) if request.args.get("after") else "",
        full_name=full_name,
        country_name=country_name,
    )


def _url(after: UUID | None) -> str:
    given: dict[str, Any] = {name: text for name, text in request.args.items() if name != "after"}
    return f"{request.path}?" + urlencode({**given, **({"after": str(after)} if after else {})})
