"""JSON for the editors of other services: the segments, and how many guests are in one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, jsonify
from werkzeug.wrappers import Response

from services.segments.pages.segments.date_names import date_called
from services.segments.queries.guests.page import guest_card
from services.segments.queries.listed import keys_of, listed
from services.segments.store.house_dates import house_dates
from services.segments.store.segments import choices_of
from shared.access.people import May
from shared.web.access_control import me, needs, scope
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

pages = Blueprint("segments_choices", __name__, url_prefix="/segments/segments")


@pages.get("/choices")
@needs(May.CONFIGURE)
def choices() -> Response:
    with here().transaction() as tx:
        rows, dates = listed(tx), house_dates(tx, me().scope)
    return jsonify(
        segments=[{"key": one.key, "name": shown_name(one.name), "members": one.members} for one in rows],
        dates=[{"key": one.key, "name": date_called(one), "lunar": one.lunar} for one in dates],
    )


@pages.get("/names")
@needs(May.SEE_FIGURES)
def names() -> Response:
    """What segments are called, for figures by segment: of those that people made or choose."""
    with here().transaction() as tx:
        found = choices_of(tx)
    return jsonify(segments=[{"key": key, "name": shown_name(name)} for key, name in found])


@pages.get("/dates/names")
@needs(May.SEE_GUESTS)
def date_names() -> Response:
    """What the house's own dates are called, for stories of guests."""
    with here().transaction() as tx:
        dates = house_dates(tx, me().scope)
    return jsonify(dates=[{"key": one.key, "name": date_called(one)} for one in dates])


@pages.get("/of/<uuid:guest_id>")
@needs(May.CONFIGURE)
def of_guest(guest_id: UUID) -> Response:
    """The keys of the segments that a guest of these hotels is in now."""
    with here().transaction() as tx:
        guest_card(tx, guest_id, scope())
        found = keys_of(tx, guest_id)
    return jsonify(segments=found)


@pages.get("/<key>/size")
@needs(May.CONFIGURE)
def size(key: str) -> Response:
    with here().transaction() as tx:
        rows = listed(tx, key)
    if not rows:
        abort(404)
    return jsonify(key=key, size=rows[0].members)
