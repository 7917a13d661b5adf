"""Campaigns' part of the key figures: JSON."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfoNotFoundError

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from services.campaigns.commands.count_results import Asking, count_won, count_won_course
from shared.access.people import May
from shared.localtime import zone_named
from shared.vocabulary.window import A_COURSE, Span, last_windows
from shared.web.access_control import needs, scope
from shared.web.site import here

KEY_FIGURES = Blueprint("campaigns_key_figures", __name__, url_prefix="/campaigns")


@KEY_FIGURES.get("/key-figures")
@needs(May.SEE_FIGURES)
def show() -> Response:
    """`?since=&until=`: instants between which stays were booked. `won` is None while they are counted."""
    try:
        since, until = (datetime.fromisoformat(request.args.get(name, "")) for name in ("since", "until"))
    except ValueError:
        abort(404)
    if since.tzinfo is None or until.tzinfo is None:
        abort(404)
    with here().transaction() as tx:
        won = count_won(tx, since, until, Asking(scope(), here().now())).won
    return jsonify(won=won.bookings if won else None)


@KEY_FIGURES.get("/key-figure-courses")
@needs(May.SEE_FIGURES)
def course() -> Response:
    """`?span=&first=&zone=`: bookings won by first day, of that window and of those before it, by the midnights of a
    zone. `won` is None while they are counted."""
    try:
        span, first = Span(request.args.get("span", "")), date.fromisoformat(request.args.get("first", ""))
        zone = zone_named(request.args.get("zone", "")).key
        windows = last_windows(span, first, A_COURSE)
    except (ValueError, ZoneInfoNotFoundError):
        abort(404)
    with here().transaction() as tx:
        counted = count_won_course(tx, span, first, zone, Asking(scope(), here().now())).by_window
    if counted is None:
        return jsonify(won=None)
    return jsonify(won={one.first.isoformat(): counted.get(place, 0) for place, one in enumerate(windows)})
