"""Rates of exchange by day, for programs: they count for every hotel, so that a key of some hotels reads them only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, jsonify
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from services.segments.api.documents import currency, text
from services.segments.commands.money.rates import import_rates, take_rate_back
from services.segments.rules.money.rates import GREATEST, LEAST, LONGEST_SOURCE, Rate, rate_of
from services.segments.store.money.rates import RateLine, rates_after
from shared.errors import InputError, NotFound, NotGranted
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.decimals import DecimalText
from shared.web.api.description import Operation, described
from shared.web.api.pages import KeyCursor, PageQuery, key_cursor_of
from shared.web.api.reading import body_by, query_by, read
from shared.web.site import here

rates = Blueprint("segments_api_rates", __name__, url_prefix="/api/rates")
MOST_AT_ONCE = 5_000


class RateName(Schema):
    """What names a rate, as an address has it."""

    base = currency(required=True)
    quote = currency(required=True)
    day = fields.Date(required=True)


class RateTold(RateName):
    """One `base` is `rate` `quote` from `day` on, until the next day of the pair."""

    rate = DecimalText(required=True, validate=validate.Range(LEAST, GREATEST))


class RatesTold(Schema):
    """All of them or none. Of two on one pair and day the last counts, whichever way round it is written."""

    source = text(LONGEST_SOURCE, load_default="", metadata={"description": "who says so; by default the key's name"})
    rates = fields.List(fields.Nested(RateTold), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class RatesKept(Schema):
    given = fields.Integer()
    changed = fields.Integer(metadata={"description": "those that are new or differ from what was known"})


class RateShown(RateTold):
    rate = DecimalText()
    source = fields.String()
    entered_at = fields.AwareDateTime()
    entered_by = fields.String()


class RateQuery(PageQuery):
    cursor = KeyCursor(load_default=None, metadata={"description": "`next` of the page before", "type": "string"})
    base = currency(load_default=None)
    quote = currency(load_default=None)
    since = fields.Date(load_default=None, metadata={"description": "rates of that day or later"})


@rates.get("")
@grants(Grant.RATES_READ)
@described(Operation("Rates of exchange, the newest day first, by pages", RateShown, query=RateQuery, page=True))
def listed() -> Response:
    asked = query_by(RateQuery())
    most, after = asked["limit"], _after(asked["cursor"])
    with here().transaction() as tx:
        found = rates_after(tx, after, most + 1, asked["base"], asked["quote"], asked["since"])
    page = found[:most]
    following = key_cursor_of(f"{page[-1].day}|{page[-1].base}|{page[-1].quote}") if len(found) > most else None
    return jsonify(items=[_shown(one) for one in page], next=following)


@rates.put("")
@grants(Grant.RATES_WRITE)
@described(Operation("Enter rates; stays that they touch are converted anew", RatesKept, RatesTold))
def put() -> Response:
    _for_every_hotel()
    said, now = body_by(RatesTold()), here().now()
    source = said["source"].strip() or me().name[:LONGEST_SOURCE]
    told = _told(said["rates"], source)
    with here().transaction() as tx:
        changed = import_rates(tx, told, source, me(), now)
    return jsonify(given=len(told), changed=changed)


@rates.delete("/<base>/<quote>/<day>")
@grants(Grant.RATES_WRITE)
@described(Operation("Take a rate back; stays are converted by the one before it", status=204))
def delete(base: str, quote: str, day: str) -> tuple[str, int]:
    _for_every_hotel()
    named = read(RateName(), {"base": base, "quote": quote, "day": day})
    rate, now = rate_of(**named, rate=Decimal(1), source=""), here().now()
    with here().transaction() as tx:
        if not take_rate_back(tx, rate, me(), now):
            raise NotFound("There is no such rate.")
    return "", 204


def _for_every_hotel() -> None:
    if me().properties:
        raise NotGranted(f"{Grant.RATES_WRITE} for all hotels")


def _told(said: list[dict[str, Any]], source: str) -> list[Rate]:
    """Raises `InputError` naming each that makes no rate."""
    found, problems = list[Rate](), dict[str, str]()
    for place, one in enumerate(said):
        try:
            found.append(rate_of(**one, source=source))
        except InputError as error:
            problems |= {f"/rates/{place}/{field}": text for field, text in error.problems.items()}
    if problems:
        raise InputError("This cannot be used.", problems)
    return found


def _after(key: str | None) -> tuple[date, str, str] | None:
    if key is None:
        return None
    try:
        day, base, quote = key.split("|")
        return date.fromisoformat(day), base, quote
    except ValueError as error:
        raise InputError("The query cannot be used.", {"cursor": "This is no cursor of this list."}) from error


def _shown(line: RateLine) -> dict[str, Any]:
    found: dict[str, Any] = RateShown().dump(line)
    return found
