"""Feedback's part of the key figures: JSON."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from services.feedback.pages import spans
from services.feedback.queries.key_figures import answers_in, course_in
from shared.access.people import May
from shared.vocabulary.window import A_COURSE, Span, days_between, last_windows
from shared.web.access_control import hotels_in_scope, needs
from shared.web.site import here

KEY_FIGURES = Blueprint("feedback_key_figures", __name__, url_prefix="/feedback")


@KEY_FIGURES.get("/key-figures")
@needs(May.SEE_FIGURES)
def show() -> Response:
    """`?from=&to=`: days of each hotel in the reader's scope."""
    try:
        first, last = (date.fromisoformat(request.args.get(name, "")) for name in ("from", "to"))
        days_between(first, last)
    except ValueError:
        abort(404)
    limits = {hotel.code: spans.between(hotel, first, last) for hotel in hotels_in_scope()}
    with here().transaction() as tx:
        return jsonify(answers_in(tx, limits))


@KEY_FIGURES.get("/key-figure-courses")
@needs(May.SEE_FIGURES)
def course() -> Response:
    """`?span=&first=`: by first day, of that window and of those before it; those of which nothing is known are left
    out."""
    try:
        span, first = Span(request.args.get("span", "")), date.fromisoformat(request.args.get("first", ""))
        windows = last_windows(span, first, A_COURSE)
    except ValueError:
        abort(404)
    hotels = hotels_in_scope()
    limits = [{hotel.code: spans.between(hotel, one.first, one.last) for hotel in hotels} for one in windows]
    with here().transaction() as tx:
        found = course_in(tx, list(zip(windows, limits, strict=True)))
    return jsonify(windows={first.isoformat(): counted for first, counted in found.items()})
