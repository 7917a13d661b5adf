"""Guests, stays and imports as programs read and write them."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import Any

from iso3166 import countries_by_alpha2
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.segments.imports.chunks import Imported
from services.segments.imports.meanings.languages import LANGUAGE
from services.segments.rules.people.companions import LONGEST_NAME, MOST_COMPANIONS, companion_lines
from services.segments.rules.reservations import Reservation
from services.segments.schemas.cells import LONGEST, NOT_TEXT
from services.segments.schemas.whole_rows import contradictions
from shared.naming import plain_name
from shared.vocabulary.currency import known_codes
from shared.vocabulary.stay import StayStatus
from shared.web.api.decimals import DecimalText
from shared.web.api.pages import PageQuery

MOST_TAGS = 50
GREATEST_AMOUNT = 10**9
STATES = ["draft", "queued", "running", "done", "failed"]


def plain_text(text: str) -> None:
    if NOT_TEXT.search(text):
        raise ValidationError("A character in it is no text.")


def text(most: int = LONGEST, **more: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=most), plain_text], **more)


def needed(most: int = LONGEST) -> fields.String:
    return fields.String(required=True, validate=[validate.Length(1, most), plain_text])


def optional(most: int = LONGEST) -> fields.String:
    return text(most, allow_none=True, load_default=None)


def known_country(code: str) -> None:
    if code not in countries_by_alpha2:
        raise ValidationError("A country's code of two capital letters is needed, such as PT.")


def known_currency(code: str) -> None:
    if code not in known_codes():
        raise ValidationError("ISO 4217, such as EUR.")


def known_language(tag: str) -> None:
    if not LANGUAGE.fullmatch(tag.lower()):
        raise ValidationError("A language such as pt or zh-Hans is needed.")


def amount() -> DecimalText:
    return DecimalText(4, allow_none=True, load_default=None, validate=validate.Range(0, GREATEST_AMOUNT))


def country(**more: Any) -> fields.String:
    return fields.String(allow_none=True, validate=known_country, metadata={"pattern": "^[A-Z]{2}$"}, **more)


def currency(**more: Any) -> fields.String:
    return fields.String(validate=known_currency, metadata={"pattern": "^[A-Z]{3}$"}, **more)


def language(**more: Any) -> fields.String:
    pattern = {"pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}
    return fields.String(allow_none=True, validate=known_language, metadata=pattern, **more)


def whole(least: int = 0, most: int = 2**53, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, most), **more)


class Contact(Schema):
    channel = fields.String()
    address = fields.String(metadata={"description": "masked, unless the key grants contacts:read"})
    kind = fields.String()


class Membership(Schema):
    programme = fields.String(allow_none=True)
    number = fields.String(allow_none=True)
    tier = fields.String(allow_none=True)
    points = DecimalText(allow_none=True)
    as_of = fields.AwareDateTime()


def days(description: str, *, may_be_none: bool = False, **more: Any) -> fields.Dict:
    """Days by the key of one of the house's own dates."""
    return fields.Dict(
        keys=fields.String(),
        values=fields.Date(allow_none=may_be_none),
        metadata={"description": f"{description}, by key: see /api/guests/dates"},
        **more,
    )


class Guest(Schema):
    id = fields.UUID()
    version = fields.Integer()
    title = fields.String(allow_none=True)
    given_name = fields.String()
    family_name = fields.String()
    birth_date = fields.Date(allow_none=True)
    language = fields.String()
    country = fields.String(allow_none=True)
    home_zone = fields.String()
    home_property = fields.String(allow_none=True)
    tier = fields.String(allow_none=True)
    membership = fields.Nested(Membership, allow_none=True)
    tags = fields.List(fields.String())
    dates = days("days of the house's own dates")
    contacts = fields.List(fields.Nested(Contact))
    do_not_contact = fields.String(allow_none=True)
    rights = fields.List(fields.String())


class GuestQuery(PageQuery):
    tag = fields.String(load_default=None, metadata={"description": "guests with this tag"})
    changed_since = fields.AwareDateTime(load_default=None, metadata={"description": "guests changed then or later"})


class GuestChange(Schema):
    """What is left out stays as it is. `version`: of the guest as the program read it."""

    version = whole(required=True)
    title = text(40, allow_none=True)
    given_name = text(200)
    family_name = text(200)
    birth_date = fields.Date(allow_none=True)
    language = language()
    country = country()
    tags = fields.List(
        fields.String(validate=[validate.Length(1, 60), plain_text]), validate=validate.Length(max=MOST_TAGS)
    )
    preference = text(2000, allow_none=True)
    dates = days("days of the house's own dates; null takes one away", may_be_none=True)


class HouseDate(Schema):
    """A date of the house's own on a guest. `property`: the hotel whose it is; null: the whole house's."""

    key = fields.String()
    name = fields.String()
    yearly = fields.Boolean(metadata={"description": "whether it comes again every year"})
    lunar = fields.Boolean(metadata={"description": "whether it does so by the lunar calendar"})
    property = fields.String(allow_none=True)


class HouseDates(Schema):
    items = fields.List(fields.Nested(HouseDate))


class StayGuest(Schema):
    """Whom the stay is for."""

    title = optional(40)
    given_name = text(200, load_default="")
    family_name = text(200, load_default="")
    email = optional()
    phone = optional(60)
    birth_date = fields.Date(allow_none=True, load_default=None)
    language = language(load_default=None)
    country = country(load_default=None)
    tier = optional()


class StayChange(Schema):
    """A stay as the program's system has it now, whole: what is left out is unknown."""

    status = fields.Enum(StayStatus, by_value=True, required=True)
    status_date = fields.Date(required=True, metadata={"description": "the day on which it got that status"})
    booked_on = fields.Date(required=True)
    arrival = fields.Date(required=True)
    departure = fields.Date(required=True)
    room_type = optional()
    rate_plan = optional()
    adults = whole(most=999, allow_none=True, load_default=None)
    children = whole(most=999, allow_none=True, load_default=None)
    companions = fields.List(
        fields.String(validate=validate.Length(1, LONGEST_NAME)),
        load_default=list,
        validate=validate.Length(0, MOST_COMPANIONS),
        metadata={"description": "the names of those who stay with the guest"},
    )
    channel = optional()
    market_segment = optional()
    rate = amount()
    revenue = amount()
    currency = currency(allow_none=True, load_default=None)
    guest = fields.Nested(StayGuest, required=True)

    @validates_schema
    def agrees(self, data: dict[str, Any], **_more: Any) -> None:
        if problems := contradictions(data):
            raise ValidationError({field: [str(reason)] for field, reason in problems.items()})
        if data["currency"] is None and (data["rate"] is not None or data["revenue"] is not None):
            raise ValidationError("An amount has a currency.", "currency")


class StayLine(StayChange):
    """One line of a bulk: a stay with what names it."""

    property = needed(20)
    reservation = needed(100)


class Stay(Schema):
    id = fields.UUID()
    version = fields.Integer()
    guest_id = fields.UUID()
    source = fields.String()
    property = fields.String()
    reservation = fields.String()
    status = fields.String()
    booked_on = fields.Date()
    arrival = fields.Date()
    departure = fields.Date()
    nights = fields.Integer()
    checked_in_at = fields.AwareDateTime(allow_none=True)
    checked_out_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True, metadata={"description": "cancelled, or did not come"})
    adults = fields.Integer(allow_none=True)
    children = fields.Integer(allow_none=True)
    companions = fields.Function(
        lambda stay: stay.companions.split("\n") if stay.companions else [],
        metadata={"type": "array", "items": {"type": "string"}},
    )
    channel = fields.String(allow_none=True)
    market_segment = fields.String(allow_none=True)
    room_type = fields.String(allow_none=True)
    rate_plan = fields.String(allow_none=True)
    rate = DecimalText(allow_none=True)
    revenue = DecimalText(allow_none=True)
    currency = fields.String(allow_none=True)
    muted = fields.Boolean()


class StayQuery(PageQuery):
    guest = fields.UUID(load_default=None, metadata={"description": "stays of this guest"})
    changed_since = fields.AwareDateTime(load_default=None, metadata={"description": "stays changed then or later"})


class BulkQuery(Schema):
    source = needed(60)
    history = fields.Boolean(
        load_default=False, metadata={"description": "what was long ago: it lets nobody into a journey"}
    )


class Outcome(Schema):
    """Of one line. `outcome`: made, changed, unchanged or refused."""

    line = fields.Integer()
    outcome = fields.String(validate=validate.OneOf(["made", "changed", "unchanged", "refused"]))
    id = fields.UUID(metadata={"description": "of what the line tells of"})
    errors = fields.Dict(keys=fields.String(), values=fields.String())


class Note(Schema):
    id = fields.UUID()
    text = fields.String()
    by = fields.String()
    at = fields.AwareDateTime()


class NewNote(Schema):
    text = needed(2000)


class Import(Schema):
    id = fields.String()
    url = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    source = fields.String()
    name = fields.String()
    handed_in_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    rows_entered = fields.Integer()
    rows_waiting = fields.Integer()
    counts = fields.Dict(metadata={"description": "by kind: " + ", ".join(field.name for field in fields_of(Imported))})
    problems = fields.Dict(keys=fields.String(), values=fields.String())
    rejects = fields.String(allow_none=True, metadata={"description": "where the refused rows are"})


def reservation_of(source: str, place: str, number: str, said: dict[str, Any]) -> Reservation:
    """What the schema read, as every other door enters it. No consent comes with a stay: see `/api/consents`."""
    stay = {name: value for name, value in said.items() if name not in ("guest", "property", "reservation")}
    names = [name for one in said.get("companions", []) if (name := plain_name(one).strip())]
    stay["companions"] = companion_lines(names) if names else None
    return Reservation(source=source, property=place, reservation=number, **stay, **said["guest"])
