"""The form of a sender: read once into a row, or words at the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask_babel import gettext
from iso3166 import countries_by_alpha2
from marshmallow import fields, validate

from services.messaging.channels.email.mime import UnsafeAddress, address
from services.messaging.rules.senders import HouseSender, SenderState
from services.messaging.schemas import Form, read
from shared.errors import InputError, Problem
from shared.vocabulary.channel import Channel
from shared.whole_text import WholeText

KINDS: Mapping[Channel, str] = {Channel.EMAIL: "smtp", Channel.SMS: "twilio", Channel.WHATSAPP: "twilio"}
PORTS = {"starttls": 587, "tls": 465, "none": 25}
WARM_UP = {"warm_first": 50, "warm_percent": 50, "warm_until": 20_000}  # as it is proposed
OUR_NUMBER = r"^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$"
AT_WHATSAPP = r"^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32})$"


class SenderForm(Form):
    """What every sender has. Hotels, and the ticks, are read beside it."""

    name = fields.String(required=True, validate=validate.Length(1, 60))
    legal_entity = fields.String(load_default="", validate=validate.Length(max=200))
    countries = fields.String(load_default="", validate=validate.Length(max=1000))
    weight = fields.Integer(load_default=1, validate=validate.Range(1, 100))
    rate = fields.Integer(load_default=0, validate=validate.Range(0, 10_000))
    warm_from = fields.Date(load_default=None, allow_none=True)
    warm_first = fields.Integer(load_default=WARM_UP["warm_first"], validate=validate.Range(1, 1_000_000))
    warm_percent = fields.Integer(load_default=WARM_UP["warm_percent"], validate=validate.Range(1, 400))
    warm_until = fields.Integer(load_default=WARM_UP["warm_until"], validate=validate.Range(1, 10_000_000))
    seen = fields.Integer(load_default=1, validate=validate.Range(1))


class MailForm(SenderForm):
    from_name = fields.String(load_default="", validate=WholeText(r"^[^\r\n\x00]{0,100}$"))
    from_address = fields.String(required=True, validate=validate.Length(3, 320))
    reply_to = fields.String(load_default="", validate=validate.Length(max=320))
    host = fields.String(required=True, validate=WholeText(r"^[A-Za-z0-9.:-]{1,253}$"))
    port = fields.Integer(required=True, validate=validate.Range(1, 65535))
    security = fields.String(required=True, validate=validate.OneOf(list(PORTS)))
    user = fields.String(load_default="", validate=validate.Length(max=200))


class TextForm(SenderForm):
    account = fields.String(required=True, validate=WholeText(r"^AC[0-9a-fA-F]{32}$"))
    sender = fields.String(required=True, validate=WholeText(OUR_NUMBER))


class WhatsAppForm(TextForm):
    sender = fields.String(required=True, validate=WholeText(AT_WHATSAPP))


FORMS: Mapping[Channel, type[SenderForm]] = {
    Channel.EMAIL: MailForm,
    Channel.SMS: TextForm,
    Channel.WHATSAPP: WhatsAppForm,
}
SETTINGS: Mapping[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("host", "port", "security", "user"),
    **dict.fromkeys((Channel.SMS, Channel.WHATSAPP), ("account", "sender")),
}
"""The fields that only senders of this channel have."""


def row_from(
    given: Mapping[str, str],
    hotels: Sequence[str],
    channel: Channel,
    before: HouseSender | None,
    *,
    brands: Sequence[str],
    by: str,
    at: datetime,
) -> tuple[HouseSender, str]:
    """The row, and its secret as it was typed. `hotels`: the codes that were ticked, of those there are; `before`: what
    is changed. Raises `InputError` with a problem at each field."""
    problems: dict[str, str] = {}
    asked: dict[str, Any] = {}
    emptied = {name: text for name, text in given.items() if text.strip() or name == "secret"}
    try:
        asked = read(FORMS[channel], emptied)
    except InputError as error:
        problems |= error.problems
    secret = given.get("secret", "")
    problems |= _more_problems(asked or emptied, hotels, channel, brands, secret, is_new=before is None)
    if problems:
        raise InputError(None, problems)
    warms = bool(given.get("warms"))
    row = HouseSender(
        sender_id=before.sender_id if before else uuid4(),
        version=asked["seen"],
        channel=channel,
        kind=KINDS[channel],
        name=asked["name"],
        hotels=list(hotels),
        legal_entity=asked["legal_entity"] or None,
        countries=_codes(asked["countries"]),
        from_name=asked.get("from_name", ""),
        from_address=asked.get("from_address", ""),
        reply_to=asked.get("reply_to", ""),
        settings={name: asked[name] for name in SETTINGS[channel]},
        weight=asked["weight"],
        rate=asked["rate"],
        warm_from=(asked["warm_from"] or at.date()) if warms else None,
        warm_first=asked["warm_first"] if warms else None,
        warm_percent=asked["warm_percent"] if warms else None,
        warm_until=asked["warm_until"] if warms else None,
        state=before.state if before else SenderState.ON,
        made_by=before.made_by if before else by,
        made_at=before.made_at if before else at,
        changed_by=by,
        changed_at=at,
    )
    return row, secret


def _more_problems(
    asked: Mapping[str, Any],
    hotels: Sequence[str],
    channel: Channel,
    brands: Sequence[str],
    secret: str,
    *,
    is_new: bool,
) -> dict[str, str]:
    problems: dict[str, str] = {}
    brand = asked.get("legal_entity", "")
    if brand and (hotels or brand not in brands):
        problems["legal_entity"] = Problem("a brand or hotels, not both", "brand_and_hotels")
    if [code for code in _codes(asked.get("countries", "")) if code not in countries_by_alpha2]:
        problems["countries"] = Problem("no country", "countries")
    for name in ("from_address", "reply_to"):
        if asked.get(name) and not _is_address(asked[name]):
            problems[name] = Problem("no address", name)
    if is_new and not secret and (channel != Channel.EMAIL or asked.get("user")):
        problems["secret"] = Problem("it is needed", "secret")
    return problems


def _codes(text: str) -> list[str]:
    return sorted({code.upper() for code in re.split(r"[\s,;]+", text) if code})


def _is_address(text: str) -> bool:
    try:
        return bool(address(text))
    except UnsafeAddress:
        return False


def filled(row: HouseSender | None) -> dict[str, Any]:
    """The form's values as it is opened; never the secret."""
    if row is None:
        fresh = {"name": "", "weight": 1, "rate": 0, "port": PORTS["starttls"], "security": "starttls", "seen": 1}
        return {**fresh, **WARM_UP, "hotels": []}
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return {
        **WARM_UP,
        **{name: value for name, value in values.items() if value is not None},
        **row.settings,
        "countries": ", ".join(row.countries),
        "warms": row.warm_from is not None,
        "seen": row.version,
    }


def in_words(problems: Mapping[str, str]) -> dict[str, str]:
    return {name: _sentence(name) for name in problems}


def _sentence(name: str) -> str:
    match name:
        case "name":
            return gettext("Give it a name, of 60 letters at most.")
        case "legal_entity":
            return gettext("Choose a brand or hotels, not both.")
        case "countries":
            return gettext("Write countries by their two letters, such as CN, PT.")
        case "from_address" | "reply_to":
            return gettext("Write an e-mail address, such as hello@hotel.example.com.")
        case "host":
            return gettext("Write the mail server's name, such as smtp.example.com.")
        case "account":
            return gettext("It begins with AC and has 34 characters; Twilio shows it in its console.")
        case "sender":
            return gettext("A number such as +15005550006, a Messaging Service (MG…), or a name of eleven letters.")
        case "secret":
            return gettext("It is needed, and is shown to nobody afterwards.")
        case "port" | "weight" | "rate" | "warm_first" | "warm_percent" | "warm_until":
            return gettext("Write a whole number in these bounds.")
        case _:
            return gettext("This does not fit.")
