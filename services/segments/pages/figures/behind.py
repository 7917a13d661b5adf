"""The guests behind a figure, as a list."""

from __future__ import annotations

from flask import Blueprint, abort, request

from services.segments.pages.figures.asked import cut_asked, hotel_asked, window_asked
from services.segments.pages.figures.shown import after_asked, guests_page
from services.segments.pages.guests.labels import country_name
from services.segments.pages.segments.views import segment_names
from services.segments.queries.figures.behind import KEPT, Asked, Behind, guests_behind
from services.segments.queries.figures.stored import night_of
from services.segments.store.money.currencies import load_currencies
from shared.access.people import May
from shared.web.access_control import needs
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_figure_guests", __name__, url_prefix="/segments/figures/guests")


@pages.get("")
@needs(May.SEE_GUESTS)
def show() -> str:
    asked, after = _asked(), after_asked()
    now = here().now()
    with here().transaction() as tx:
        found = guests_behind(tx, asked, now.date(), load_currencies(tx), after)
        cut_name = _cut_name(asked, segment_names(tx))
        at = night_of(tx, asked.window) if asked.behind in KEPT else None
    return guests_page(asked.window, asked.property, label(asked.behind), cut_name, found, at)


def _asked() -> Asked:
    cut, value = cut_asked()
    try:
        behind = Behind(request.args.get("which", ""))
    except ValueError:
        abort(404)
    return Asked(behind, window_asked(), hotel_asked(), cut, value)


def _cut_name(asked: Asked, segments: dict[str, str]) -> str:
    if asked.cut == "country":
        return str(country_name(asked.value)) if asked.value else ""
    return segments.get(asked.value, asked.value)
