"""Feedback's part of the key figures: JSON."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from services.feedback.pages import spans
from services.feedback.queries.key_figures import answers_in
from shared.access.people import May
from shared.vocabulary.window import days_between
from shared.web.access_control import hotels_in_scope, needs
from shared.web.site import here

KEY_FIGURES = Blueprint("feedback_key_figures", __name__, url_prefix="/feedback/key-figures")


@KEY_FIGURES.get("")
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
