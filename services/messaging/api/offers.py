"""Codes of offers for programs: whether one may be used, and that it was."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, jsonify
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response

from services.messaging.commands.offers.redeeming import Line, look_at, redeem
from services.messaging.rules.offers.redeeming import CodeFound
from shared.access.audit import record
from shared.access.people import Hotel, hotels
from shared.errors import InputError, NotFound
from shared.ids import make_id
from shared.vocabulary.currency import known_codes
from shared.vocabulary.grant import Grant
from shared.vocabulary.offer import CODE_LETTERS, CodeRefusal, RedeemedBy
from shared.web.access_control import grants, me, open_to_all
from shared.web.api.decimals import DecimalText
from shared.web.api.description import Operation, described, document
from shared.web.api.reading import body_by, idempotency_key
from shared.web.site import here

offers = Blueprint("messaging_api_offers", __name__, url_prefix="/api/offers")
KEY = {"Idempotency-Key": "the same request again is answered as the first"}


def known_currency(code: str) -> None:
    if code not in known_codes():
        raise ValidationError("is no currency: its three letters, as EUR")


class NewUse(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 2 * CODE_LETTERS))
    property = fields.String(required=True, metadata={"description": "the code of the hotel"})
    redeemed_on = fields.Date(metadata={"description": "the hotel's day; today where it is left out"})
    amount = DecimalText(allow_none=True, load_default=None, validate=validate.Range(0, 100_000_000))
    currency = fields.String(allow_none=True, validate=known_currency)
    reservation = fields.String(allow_none=True, validate=validate.Length(1, 80))


class Code(Schema):
    """`refusal`: why the code may not be used, null where it may. `used_on`, `used_in`: its last use."""

    offer = fields.String(allow_none=True)
    valid = fields.Boolean()
    refusal = fields.String(allow_none=True, validate=validate.OneOf(list(CodeRefusal)))
    used_on = fields.Date(allow_none=True)
    used_in = fields.String(allow_none=True)


@offers.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    return jsonify(document(current_app, "Guestloop: offers"))


@offers.get("/codes/<property>/<code>")
@grants(Grant.OFFERS_REDEEM)
@described(Operation("Whether a code may be used in a hotel today", Code))
def look(property: str, code: str) -> Response:
    hotel = _hotel(property)
    with here().transaction() as tx:
        found, refused = look_at(tx, code, hotel.code, _today(hotel))
    return jsonify(_code(found, refused))


@offers.post("/redemptions")
@grants(Grant.OFFERS_REDEEM)
@described(Operation("Tell that a code was used", Code, NewUse, headers=KEY))
def use() -> Response:
    """A refusal is an answer, no error: the till shows it."""
    said = body_by(NewUse())
    hotel = _hotel(said["property"])
    now, today = here().now(), _today(hotel)
    on = said.get("redeemed_on", today)
    if on > today:
        raise InputError("This cannot be used.", {"/redeemed_on": "This day is still to come."})
    line = Line(
        redemption_id=make_id("redemption", "api", me().person_id, idempotency_key() or _content(said, on)),
        code=said["code"],
        hotel=hotel.code,
        on=on,
        amount=said.get("amount"),
        currency=said.get("currency"),
        reservation=said.get("reservation"),
    )
    with here().transaction() as tx:
        (answer,) = redeem(tx, [line], RedeemedBy.API, by=me().name, at=now)
        if answer.refusal is None and not answer.is_known and answer.found:
            record(tx, me(), "offer.redeemed", f"offer {answer.found.offer.key}", {"hotel": hotel.code}, now)
    return jsonify(_code(answer.found, answer.refusal))


def _content(said: dict[str, Any], on: date) -> str:
    """Without a key, the same use told twice is one."""
    return f"{on} {sorted((name, str(value)) for name, value in said.items())}"


def _code(found: CodeFound | None, refused: CodeRefusal | None) -> dict[str, Any]:
    if found and found.offer.hotels and not any(me().sees(hotel) for hotel in found.offer.hotels):
        found = None  # what other hotels offer is theirs to read
    last = found.last if found else None
    told = {
        "offer": found.offer.key if found else None,
        "valid": refused is None,
        "refusal": refused,
        "used_on": last.on if last else None,
        "used_in": last.hotel if last else None,
    }
    return Code().dump(told)


def _hotel(code: str) -> Hotel:
    with here().transaction() as tx:
        found = next((one for one in hotels(tx) if one.code == code and me().sees(code)), None)
    if found is None:
        raise NotFound("There is no such hotel.")
    return found


def _today(hotel: Hotel) -> date:
    return here().now().astimezone(ZoneInfo(hotel.zone)).date()
