"""The schema of a file's rows."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema
from marshmallow import fields as marsh

from services.segments.imports.files.columns import OWN_DATE, WISH
from services.segments.imports.meanings.consents import read_consent
from services.segments.imports.meanings.countries import read_country
from services.segments.imports.meanings.languages import read_language
from services.segments.imports.meanings.statuses import read_status
from services.segments.imports.survey import Survey
from services.segments.rules.house_dates import read_own_day
from services.segments.rules.people.companions import read_companions
from services.segments.rules.people.wishes import read_tags, read_wish
from services.segments.rules.written.dates import Order, read_birth, read_moment
from services.segments.schemas.cells import NameText, Needed, Read, Text
from shared.naming import plain_name
from shared.vocabulary.currency_signs import currency_stated


def reservation_schema(survey: Survey) -> Schema:
    """The schema of one file's rows."""

    def day(name: str) -> Read:
        order = survey.orders.get(name, Order.YMD)
        return Read(lambda text: read_moment(text, order), strict=True)

    def own_day(name: str) -> Read:
        return Read(lambda text: read_own_day(text, survey.orders.get(name, Order.YMD)))

    births = survey.orders.get("birth_date", Order.YMD)

    fields: dict[str, marsh.Field[Any]] = {
        "reservation": Needed(),
        "property": Needed(),
        "status": Read(read_status, strict=True),
        "status_date": day("status_date"),
        "booked_on": day("booked_on"),
        "arrival": day("arrival"),
        "departure": day("departure"),
        "birth_date": Read(lambda text: read_birth(text, births)),
        "signed_on": Read(lambda text: read_moment(text, survey.orders.get("signed_on", Order.YMD))),
        "adults": Read(_count),
        "children": Read(_count),
        "rate": Read(lambda text: survey.amounts.read("rate", text)),
        "revenue": Read(lambda text: survey.amounts.read("revenue", text)),
        "currency": Read(currency_stated),
        "language": Read(read_language),
        "country": Read(lambda text: read_country(text, survey.country_letters)),
        "email_consent": Read(read_consent),
        "sms_consent": Read(read_consent),
        "whatsapp_consent": Read(read_consent),
        "companions": Read(lambda text: read_companions(plain_name(text))),
        "tags": Read(read_tags),
        "wishes": Read(read_wish),
        **{name: Read(read_wish) for name in survey.places if name.startswith(WISH)},
        **{name: own_day(name) for name in survey.places if name.startswith(OWN_DATE)},
        "given_name": NameText(),
        "family_name": NameText(),
        "full_name": NameText(),
    }
    texts = ("room_type", "rate_plan", "channel", "market_segment", "company", "title", "email", "phone", "tier")
    return Schema.from_dict(fields | {name: Text() for name in texts}, name="ReservationSchema")()


def _count(text: str) -> int | None:
    number = int(float(text))
    return number if 0 <= number < 1000 else None
