"""Campaigns' part of the key figures: JSON."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from services.campaigns.commands.count_results import Asking, count_won
from shared.access.people import May
from shared.web.access_control import needs, scope
from shared.web.site import here

KEY_FIGURES = Blueprint("campaigns_key_figures", __name__, url_prefix="/campaigns/key-figures")


@KEY_FIGURES.get("")
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
