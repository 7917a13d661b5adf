"""What hotels' own systems tell that happened to a guest, such as «spa.booked»."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.wrappers import Response

from services.segments.api.documents import needed, plain_text
from services.segments.api.line_sets import ELSEWHERE
from services.segments.commands.told.events import tell_event
from services.segments.schemas.cells import LONGEST
from services.segments.store.properties import property_zones
from services.segments.store.told.events import ToldEvent, event_id
from shared.access.audit import record
from shared.errors import InputError
from shared.vocabulary.grant import Grant
from shared.vocabulary.guest_event import EVENT_NAME, LONGEST_EVENT_NAME, LONGEST_VALUE_NAME
from shared.web.access_control import grants, me
from shared.web.api.description import Operation, described
from shared.web.api.reading import body_by
from shared.web.site import here
from shared.whole_text import WholeText

events = Blueprint("segments_api_events", __name__, url_prefix="/api/events")
MOST_DETAILS = 20
GREATEST = 2**53  # whole numbers that every system reads alike


class EventTold(Schema):
    """An event of a guest or of a stay: one of the two is named. `values`: texts, numbers, yes or no, by name."""

    id = needed(200)
    name = fields.String(
        required=True,
        validate=[
            validate.Length(max=LONGEST_EVENT_NAME),
            WholeText(f"^{EVENT_NAME}$", error="What happened in two words, as spa.booked."),
        ],
    )
    at = fields.AwareDateTime(required=True)
    property = needed(20)
    guest = fields.UUID(allow_none=True, load_default=None)
    stay = fields.UUID(allow_none=True, load_default=None)
    values = fields.Dict(
        keys=fields.String(validate=[validate.Length(1, LONGEST_VALUE_NAME), plain_text]),
        values=fields.Raw(allow_none=True),
        load_default=dict,
        validate=validate.Length(max=MOST_DETAILS),
    )

    @validates_schema
    def agrees(self, data: dict[str, Any], **_more: Any) -> None:
        if (data["guest"] is None) == (data["stay"] is None):
            raise ValidationError("One of guest and stay is needed: whose it is.")
        for name, value in data["values"].items():
            if problem := _problem(value):
                raise ValidationError({name: problem}, "values")


class EventKept(Schema):
    id = fields.String(metadata={"description": "as it was told"})
    event_id = fields.UUID(metadata={"description": "as guest.event names it"})


@events.post("")
@grants(Grant.EVENTS_WRITE)
@described(
    Operation(
        "Tell of an event of a guest (201); the same again is known (200)",
        EventKept,
        EventTold,
        status=201,
        also={200: "It is known"},
    )
)
def tell() -> tuple[Response, int]:
    said, now = body_by(EventTold()), here().now()
    if said["at"] > now:
        raise InputError("This cannot be used.", {"/at": "This instant is still to come."})
    told = ToldEvent(
        said["property"], said["id"], said["name"], said["guest"], said["stay"], said["values"], said["at"]
    )
    with here().transaction() as tx:
        if told.property not in property_zones(tx) or not me().sees(told.property):
            raise InputError("This cannot be used.", {"/property": ELSEWHERE})
        is_new = tell_event(tx, told, me(), now)
        record(tx, me(), "events.sent", f"event {event_id(told)}", {"made": int(is_new)}, now)
    return jsonify(EventKept().dump({"id": told.reference, "event_id": event_id(told)})), 201 if is_new else 200


def _problem(value: Any) -> str | None:
    if isinstance(value, str):
        if len(value) > LONGEST:
            return f"{LONGEST} characters at most are kept."
        try:
            plain_text(value)
        except ValidationError as error:
            return str(error.messages[0])
        return None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return None if abs(value) <= GREATEST else "A number between -2^53 and 2^53 is needed."
    return "A text, a number, yes or no is needed."
