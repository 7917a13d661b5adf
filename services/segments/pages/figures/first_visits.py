"""The guests behind a cohort, or behind new guests, as a list."""

from __future__ import annotations

from flask import Blueprint, abort, request

from services.segments.pages.figures.asked import LONGEST_VALUE, hotel_asked, span_asked
from services.segments.pages.figures.shown import after_asked, guests_page, value_words
from services.segments.queries.figures.cohorts import cohorts_at
from services.segments.queries.figures.first_visits import FirstAsked, FirstCame, first_guests
from services.segments.store.figures.cohorts import CUTS
from shared.access.people import May
from shared.vocabulary.window import first_of, window_of
from shared.web.access_control import needs
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_first_visits", __name__, url_prefix="/segments/cohorts/guests")
MOST_LATER = 600


@pages.get("")
@needs(May.SEE_GUESTS)
def show() -> str:
    asked, after = _asked(), after_asked()
    with here().transaction() as tx:
        found = first_guests(tx, asked, after)
        at = cohorts_at(tx)
    name = value_words(asked.cut, asked.value, "")
    return guests_page(asked.window, asked.property, label(asked.which), name, found, at)


def _asked() -> FirstAsked:
    """`later`: how many periods after the first."""
    span, first = span_asked()
    cut, value = request.args.get("cut", ""), request.args.get("value")
    try:
        which, later = FirstCame(request.args.get("which", "")), int(request.args.get("later", "0"))
    except ValueError:
        abort(404)
    if cut not in CUTS or len(value or "") > LONGEST_VALUE or not 0 <= later <= MOST_LATER:
        abort(404)
    month = first.year * 12 + first.month - 1 + later * span.months
    asked_later = window_of(span, first_of(month))
    cut = cut if value is not None else ""
    return FirstAsked(which, window_of(span, first), asked_later, hotel_asked(), cut, value or "")
