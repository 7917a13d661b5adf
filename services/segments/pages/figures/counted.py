"""Figures that count guests, for the page of key figures: JSON, as a night counted them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from services.segments.pages.figures.asked import cut_asked, hotel_asked, span_asked
from services.segments.pages.guests.labels import OUTLETS, country_name
from services.segments.pages.segments.views import segment_names
from services.segments.queries.figures.stored import Place, by_window, counted_at, values_of
from services.segments.store.figures.outlets import outlets_in
from services.segments.store.money.currencies import load_currencies
from shared.access.people import May
from shared.database.pool import Tx
from shared.vocabulary.window import A_COURSE, a_year_before, last_windows, window_of
from shared.web.access_control import needs
from shared.web.site import here

pages = Blueprint("segments_figures", __name__, url_prefix="/segments/figures")


@pages.get("")
@needs(May.SEE_FIGURES)
def counted() -> Response:
    """`windows`: by first day, of the last ones up to the one asked for, and of the one a year before."""
    (span, first), (cut, value) = span_asked(), cut_asked()
    place = Place(span, first, hotel_asked(), cut, value)
    window = window_of(span, first)
    firsts = {one.first for one in [*last_windows(span, first, A_COURSE), a_year_before(window)]}
    with here().transaction() as tx:
        found = by_window(tx, place, sorted(firsts))
        at = counted_at(tx, span, first)
        return jsonify(
            windows={one.isoformat(): {**asdict(line), "spend": str(line.spend)} for one, line in found.items()},
            counted_at=at.isoformat() if at else None,
            values=_values(tx, place),
            currency=load_currencies(tx).by_hotel().get(place.property, ""),
        )


@pages.get("/outlets")
@needs(May.SEE_FIGURES)
def outlets() -> Response:
    """What guests spent by outlet, in words, as a night counted it."""
    span, first = span_asked()
    with here().transaction() as tx:
        found = outlets_in(tx, window_of(span, first), hotel_asked())
    names = [
        {"name": str(OUTLETS.get(outlet, outlet)), "currency": currency, "amount": str(amount), "lines": lines}
        for outlet, currency, amount, lines in found
    ]
    return jsonify(outlets=names)


def _values(tx: Tx, place: Place) -> list[dict[str, Any]]:
    """What the cut can be narrowed to, in words."""
    if not place.cut:
        return []
    names = segment_names(tx) if place.cut == "segment" else {}
    return [
        {"value": value, "name": _name(place.cut, value, names), "guests": guests}
        for value, guests in values_of(tx, place)
    ]


def _name(cut: str, value: str, segments: Mapping[str, str]) -> str:
    if cut == "country":
        return str(country_name(value)) if value else ""
    return segments.get(value, value)
