"""What guests spent, by outlet: read by pages, told line by line of the bill, or many in lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, request
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.wrappers import Response

from services.segments.api.documents import GREATEST_AMOUNT, BulkQuery, Outcome, currency, needed, optional
from services.segments.api.line_sets import ELSEWHERE, counted, entered
from services.segments.commands.reservations.one_by_one import MADE, REFUSED
from services.segments.commands.told.spend import enter_spend
from services.segments.queries.guests.spend import SpendRow, spend_after, spend_row
from services.segments.store.properties import property_zones
from services.segments.store.told.spend import SpendLine, line_id
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError
from shared.ids import make_id
from shared.vocabulary.currency import decimals_of, rounded
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.decimals import DecimalText
from shared.web.api.description import Operation, described
from shared.web.api.lines import MEDIA_TYPE, Line, answered
from shared.web.api.pages import PageQuery, page_of
from shared.web.api.reading import body_by, query_by, read
from shared.web.bodies import takes_files
from shared.web.site import Site, here

spend = Blueprint("segments_api_spend", __name__, url_prefix="/api/spend")
OWNERS = ("guest", "stay", "reservation")


class Spend(Schema):
    id = fields.UUID()
    guest_id = fields.UUID(metadata={"description": "whose it is now"})
    stay_id = fields.UUID(allow_none=True)
    source = fields.String()
    property = fields.String()
    number = fields.String()
    outlet = fields.String()
    amount = DecimalText()
    currency = fields.String()
    day = fields.Date()


class SpendTold(Schema):
    """A line of a bill, of a guest or of a stay: one of `guest`, `stay` and `reservation`, the number by which the same
    source told the stay. An amount below nothing was given back.
    """

    guest = fields.UUID(allow_none=True, load_default=None)
    stay = fields.UUID(allow_none=True, load_default=None)
    reservation = optional(100)
    outlet = needed(60)
    amount = DecimalText(required=True, validate=validate.Range(-GREATEST_AMOUNT, GREATEST_AMOUNT))
    currency = currency(required=True)
    day = fields.Date(required=True)

    @validates_schema
    def agrees(self, data: dict[str, Any], **_more: Any) -> None:
        if sum(data[name] is not None for name in OWNERS) != 1:
            raise ValidationError("One of guest, stay and reservation is needed: whose it is.")
        if rounded(data["amount"], data["currency"]) != data["amount"]:
            raise ValidationError(f"{data['currency']} has {decimals_of(data['currency'])} decimals.", "amount")
        if not " ".join(data["outlet"].split()):
            raise ValidationError("An outlet is needed, such as restaurant.", "outlet")


class SpendLineTold(SpendTold):
    """One line of a bulk: a line of a bill with what names it."""

    property = needed(20)
    number = needed(100)


class LineName(Schema):
    """What names a line, as an address has it."""

    source = needed(60)
    property = needed(20)
    number = needed(100)


class SourceQuery(BulkQuery):
    class Meta:
        fields = ("source",)


class SpendQuery(PageQuery):
    guest = fields.UUID(load_default=None, metadata={"description": "what this guest spent"})


@spend.get("")
@grants(Grant.SPEND_READ)
@described(Operation("What guests spent, by pages", Spend, query=SpendQuery, page=True))
def listed() -> Response:
    asked = query_by(SpendQuery())
    with here().transaction() as tx:
        found = spend_after(tx, asked["cursor"], asked["limit"] + 1, asked["guest"], me().scope)
        whose = f"guest {asked['guest']}" if asked["guest"] else "spend"
        record(tx, me(), "spend.listed", whose, {"count": len(found[: asked["limit"]])}, here().now())
    return jsonify(page_of(found, asked["limit"], lambda one: one.id, _shown))


@spend.put("/<source>/<place>/<number>")
@grants(Grant.SPEND_WRITE)
@described(
    Operation(
        "Make or change the line that a source knows by this hotel and number",
        Spend,
        SpendTold,
        also={201: "The line is new"},
    )
)
def put(source: str, place: str, number: str) -> tuple[Response, int]:
    said = body_by(SpendTold())
    named = read(LineName(), {"source": source, "property": place, "number": number})
    line = _line(named["source"], {**said, **named})
    with here().transaction() as tx:
        if place not in _mine(tx, me()):
            raise InputError("This cannot be used.", {"property": ELSEWHERE})
        became = enter_spend(tx, [line], me().scope, here().now())[0]
        if became.outcome == REFUSED:
            raise InputError("This line cannot be entered.", became.problems)
        record(tx, me(), "spend.sent", f"spend {line.id}", {became.outcome: 1}, here().now())
        found = spend_row(tx, line.id, me().scope)
    return jsonify(_shown(found)), 201 if became.outcome == MADE else 200


@spend.post("/lines")
@grants(Grant.SPEND_WRITE)
@takes_files()
@described(
    Operation(
        "Make or change many lines of bills: a line each, and of each its outcome",
        Outcome,
        SpendLineTold,
        SourceQuery,
        media=(MEDIA_TYPE,),
        answer_media=MEDIA_TYPE,
    )
)
def lines() -> Response:
    """The site and the key are kept: the lines are worked on while the answer leaves."""
    source, site, who = query_by(SourceQuery())["source"], here(), me()
    return answered(request.stream, lambda some: _entered(site, who, source, some))


def _entered(site: Site, who: Person, source: str, some: Sequence[Line]) -> list[dict[str, Any]]:
    with site.transaction() as tx:
        mine = _mine(tx, who)

        def enter(told: list[SpendLine]) -> list[dict[str, Any]]:
            became = enter_spend(tx, told, who.scope, site.now())
            return [
                {"outcome": one.outcome, "id": str(line.id), "errors": dict(one.problems)}
                for line, one in zip(told, became, strict=True)
            ]

        found = entered(tx, some, lambda said: _told(source, said, mine), enter)
        record(tx, who, "spend.sent", f"source {source}", counted(found), site.now())
    return found


def _told(source: str, said: Any, mine: set[str]) -> SpendLine:
    found = read(SpendLineTold(), said)
    if found["property"] not in mine:
        raise InputError(problems={"/property": ELSEWHERE})
    return _line(source, found)


def _line(source: str, said: dict[str, Any]) -> SpendLine:
    place, number = said["property"], said["number"]
    stay = make_id("stay", source, place, said["reservation"]) if said["reservation"] else said["stay"]
    return SpendLine(
        id=line_id(source, place, number),
        source=source,
        property=place,
        number=number,
        guest_id=said["guest"],
        stay_id=stay,
        outlet=" ".join(said["outlet"].split()).lower(),
        amount=said["amount"],
        currency=said["currency"],
        day=said["day"],
    )


def _mine(tx: Tx, who: Person) -> set[str]:
    return {code for code in property_zones(tx) if who.sees(code)}


def _shown(row: SpendRow) -> dict[str, Any]:
    found: dict[str, Any] = Spend().dump(row)
    return found
