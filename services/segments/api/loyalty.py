"""Points and tier of a guest, as a loyalty programme's system tells them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.segments.api.documents import Guest, optional
from services.segments.api.guests import shown_guest
from services.segments.commands.told.loyalty import tell_loyalty
from services.segments.store.told.loyalty import Loyalty
from services.segments.store.told.owners import guests_now
from shared.errors import InputError, NotFound
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.decimals import DecimalText
from shared.web.api.description import Operation, described
from shared.web.api.reading import body_by
from shared.web.site import here

loyalty = Blueprint("segments_api_loyalty", __name__, url_prefix="/api/guests")
MOST_POINTS = 10**12


class MembershipTold(Schema):
    """How a guest stands in the programme, whole, as of that instant: the newest counts, whenever it comes."""

    programme = optional(100)
    number = optional(60)
    tier = optional(60)
    points = DecimalText(2, allow_none=True, load_default=None, validate=validate.Range(-MOST_POINTS, MOST_POINTS))
    as_of = fields.AwareDateTime(required=True)


@loyalty.put("/<uuid:guest_id>/membership")
@grants(Grant.LOYALTY_WRITE)
@described(Operation("Tell the points and the tier of a guest; the newest statement counts", Guest, MembershipTold))
def put(guest_id: UUID) -> Response:
    said, now = body_by(MembershipTold()), here().now()
    if said["as_of"] > now:
        raise InputError("This cannot be used.", {"/as_of": "This instant is still to come."})
    with here().transaction() as tx:
        whose = guests_now(tx, [guest_id], me().scope).get(guest_id)
        if whose is None:
            raise NotFound("There is no such guest.")
        said["tier"] = (said["tier"] or "").strip() or None
        tell_loyalty(tx, Loyalty(guest_id=whose, **said), me(), now)
        return jsonify(shown_guest(tx, whose))
