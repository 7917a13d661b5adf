"""The guests behind a figure, as a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, render_template, request

from services.segments.pages.figures.asked import cut_asked, hotel_asked, window_asked
from services.segments.pages.guests.labels import country_name
from services.segments.pages.segments.views import segment_names
from services.segments.queries.figures.behind import A_PAGE, Asked, Behind, guests_behind
from services.segments.store.money.currencies import load_currencies
from shared.access.people import May
from shared.naming import full_name
from shared.web.access_control import my_hotels, needs
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_figure_guests", __name__, url_prefix="/segments/figures/guests")


@pages.get("")
@needs(May.SEE_GUESTS)
def show() -> str:
    asked, after = _asked(), _after()
    now = here().now()
    with here().transaction() as tx:
        count, gone, found = guests_behind(tx, asked, now.date(), load_currencies(tx), after)
        cut_name = _cut_name(asked, segment_names(tx))
    names = {hotel.code: hotel.name for hotel in my_hotels()}
    return render_template(
        "figure_guests.html",
        asked=asked,
        behind=label(asked.behind),
        hotel=names.get(asked.property, ""),
        cut_name=cut_name,
        count=count,
        gone=gone,
        guests=found[:A_PAGE],
        next_url=_url(found[A_PAGE - 1].id) if len(found) > A_PAGE else "",
        first_url=_url(None) if after else "",
        full_name=full_name,
        country_name=country_name,
    )


def _asked() -> Asked:
    cut, value = cut_asked()
    try:
        behind = Behind(request.args.get("which", ""))
    except ValueError:
        abort(404)
    return Asked(behind, window_asked(), hotel_asked(), cut, value)


def _after() -> UUID | None:
    try:
        return UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        abort(404)


def _cut_name(asked: Asked, segments: dict[str, str]) -> str:
    if asked.cut == "country":
        return str(country_name(asked.value)) if asked.value else ""
    return segments.get(asked.value, asked.value)


def _url(after: UUID | None) -> str:
    given: dict[str, Any] = {name: text for name, text in request.args.items() if name != "after"}
    return "/segments/figures/guests?" + urlencode({**given, **({"after": str(after)} if after else {})})
