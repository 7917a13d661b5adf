"""Consents for programs: what holds, what a guest agreed to elsewhere, and what they no longer want.

A consent comes with its proof, as at the desk: when, where and in which words. Where the country asks for it, the guest
confirms it by a link before it counts.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, jsonify, request
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.messaging.commands.consents.by_staff import agree_for, withdraw
from services.messaging.commands.consents.confirmations import ask_to_confirm
from services.messaging.config import Config
from services.messaging.queries.guests import shown as queries
from services.messaging.schemas import ASKED_FOR
from shared.access.audit import record
from shared.access.done_once import once
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import must_be_confirmed
from shared.vocabulary.grant import Grant
from shared.vocabulary.purpose import ConsentPurpose
from shared.web.access_control import grants, me, open_to_all
from shared.web.api.description import Operation, described, document
from shared.web.api.reading import body_by, idempotency_key
from shared.web.site import here

consents = Blueprint("messaging_api_consents", __name__, url_prefix="/api/consents")
KEY = {"Idempotency-Key": "the same request again, within seven days, is answered as the first"}
ALLOWED = [str(one) for one in (*ASKED_FOR, ConsentPurpose.PROFILING)]
"""What a guest may allow or refuse: what a stay needs is not asked."""
COUNTS, ASKED, OVERTAKEN = "counts", "asked_to_confirm", "overtaken"


class Consent(Schema):
    channel = fields.String()
    purpose = fields.String()
    state = fields.String()
    source = fields.String()
    said_at = fields.AwareDateTime()
    expires_on = fields.Date(allow_none=True)


class NewConsent(Schema):
    channel = fields.Enum(Channel, by_value=True, required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(ALLOWED))
    said_at = fields.AwareDateTime(required=True)
    place = fields.String(required=True, validate=validate.Length(1, 200), metadata={"description": "where"})
    words = fields.String(required=True, validate=validate.Length(1, 2000), metadata={"description": "in which words"})


class NewWithdrawal(Schema):
    channel = fields.Enum(Channel, by_value=True, required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(ALLOWED))


class Recorded(Schema):
    """`asked_to_confirm`: it counts once the guest has followed a link; `overtaken`: they have said otherwise since."""

    state = fields.String(validate=validate.OneOf([COUNTS, ASKED, OVERTAKEN]))


@consents.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    return jsonify(document(current_app, "Guestloop: consents"))


@consents.get("/<uuid:guest_id>")
@grants(Grant.CONSENTS_READ)
@described(Operation("What a guest allows now, by channel and purpose", Consent, page=True))
def listed(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        _load(tx, guest_id)
        record(tx, me(), "consents.viewed", f"guest {guest_id}", {}, here().now())
        found = [Consent().dump(line) for line in queries.consents(tx, guest_id)]
    return jsonify(items=found, next=None)


@consents.post("/<uuid:guest_id>")
@grants(Grant.CONSENTS_WRITE)
@described(Operation("Record a consent with its proof", Recorded, NewConsent, headers=KEY))
def agree(guest_id: UUID) -> Response:
    said, now = body_by(NewConsent()), here().now()
    if said["said_at"] > now:
        raise InputError("This cannot be used.", {"/said_at": "This instant is still to come."})
    given = {**said, "channel": str(said["channel"]), "purpose": str(said["purpose"])}
    with here().transaction() as tx:
        guest = _load(tx, guest_id)
        state = _once(tx, lambda: _agree(tx, guest, given))
    return jsonify(state=state)


@consents.post("/<uuid:guest_id>/withdrawals")
@grants(Grant.CONSENTS_WRITE)
@described(Operation("Withdraw a consent: it counts from this moment", Recorded, NewWithdrawal, headers=KEY))
def end_one(guest_id: UUID) -> Response:
    said, now = body_by(NewWithdrawal()), here().now()

    def end() -> str:
        points = [(point.channel, point.point) for point in queries.points(tx, guest_id)]
        withdraw(tx, guest_id, str(said["channel"]), str(said["purpose"]), points, by=me(), at=now)
        return COUNTS

    with here().transaction() as tx:
        _load(tx, guest_id)
        state = _once(tx, end)
    return jsonify(state=state)


def _agree(tx: Tx, guest: queries.GuestProfile, given: dict[str, Any]) -> str:
    now, hotel = here().now(), queries.country_of_hotel(tx, guest.home_property)
    countries = here().part(Config).confirmed
    if must_be_confirmed(given["channel"], given["purpose"], countries, guest.country, hotel):
        home, zone = guest.home_property, guest.home_zone
        ask_to_confirm(tx, guest.guest_id, **given, zone=zone, hotel=home, by=me(), at=now)
        return ASKED
    return COUNTS if agree_for(tx, guest.guest_id, **given, by=me(), at=now) else OVERTAKEN


def _once(tx: Tx, do: Any) -> str:
    key = idempotency_key()
    asked = f"{request.method} {request.path}\n".encode() + request.get_data()
    return once(tx, me().person_id, key, asked, here().now(), do)


def _load(tx: Tx, guest_id: UUID) -> queries.GuestProfile:
    found = queries.guest(tx, guest_id, me().scope)
    if found is None:
        raise NotFound("There is no such guest.")
    return found
