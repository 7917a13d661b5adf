"""Outside data into reservations. Past this point the types are true and nothing is checked again.

What names a stay and its days must be right, or the row is refused with the field and the reason. All else may be
dirt: a rate below nothing, a country nobody knows, «NA» children are unknown, and the row stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import InvalidOperation
from functools import lru_cache
from typing import Any

from iso3166 import countries_by_alpha2, countries_by_alpha3
from marshmallow import Schema, ValidationError
from marshmallow import fields as marsh

from services.segments.imports.amounts import settle_money
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.survey import Survey
from services.segments.rules.dates import Order, read_birth, read_moment
from services.segments.rules.full_names import split_name
from services.segments.rules.import_problems import RejectReason
from services.segments.rules.money.signs import currency_stated
from services.segments.rules.reservations import Reservation
from services.segments.rules.row_days import settle_days
from shared.naming import plain_name
from shared.vocabulary.stay import StayStatus

EMPTY = frozenset({"", "null", "none", "na", "n/a", "-", "undefined"})
YES = frozenset({
    "y", "yes", "true", "1", "t", "on", "x", "j", "ja", "s", "sim", "si", "oui", "opt-in", "opted-in",
    "express",
})  # fmt: skip
NO = frozenset({
    "n", "no", "false", "0", "f", "off", "nein", "nao", "não", "non", "opt-out", "opted-out", "refused",
})  # fmt: skip
STATUSES = {
    StayStatus.BOOKED: "booked confirmed reserved guaranteed definite due_in expected modified new",
    StayStatus.CANCELLED: "cancelled canceled cancellation cancel xxl",
    StayStatus.NO_SHOW: "no_show noshow",
    StayStatus.CHECKED_IN: "checked_in checkedin in_house inhouse arrived started due_out",
    StayStatus.CHECKED_OUT: "checked_out checkedout departed processed stayed",
}
STATUS_WORDS = {word: status for status, words in STATUSES.items() for word in words.split()}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
LONGEST = 300
NOWHERE: Mapping[str, str] = {}


class Text(marsh.Field[str | None]):
    """A cell's text, trimmed; None where it stands for nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str | None:
        text = str(value).strip()
        if text.lower() in EMPTY:
            return None
        if len(text) > LONGEST:
            raise ValidationError(RejectReason.TOO_LONG)
        if NOT_TEXT.search(text):
            raise ValidationError(RejectReason.NOT_TEXT)
        return text


class NameText(Text):
    """A name as it is written: Na and None are families' names too."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = plain_name(str(value)).strip()
        if text in ("", "NULL"):
            return ""
        return super()._deserialize(text, attr, data, **kwargs) or text


class Needed(Text):
    """A text that must be there."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is None:
            raise ValidationError(RejectReason.MISSING)
        return text


class Read(marsh.Field[Any]):
    """A text read by a function; where it cannot be, the row is refused (`strict`) or the value unknown."""

    def __init__(self, read: Callable[[str], Any], *, strict: bool = False) -> None:
        super().__init__()
        self.read, self.strict = read, strict

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = str(value).strip()
        if text.lower() in EMPTY:
            if self.strict:
                raise ValidationError(RejectReason.MISSING)
            return None
        try:
            return self.read(text)
        except (ValueError, KeyError, InvalidOperation) as error:
            if self.strict:
                raise ValidationError(str(error).strip("'")) from error
            return None


def reservation_schema(survey: Survey, mapping: ImportMapping) -> Schema:
    """The schema of one file's rows."""

    def day(name: str) -> Read:
        order = survey.orders.get(name, Order.YMD)
        return Read(lambda text: read_moment(text, order), strict=True)

    births = survey.orders.get("birth_date", Order.YMD)

    claims = dict.fromkeys(YES, mapping.yes) | dict.fromkeys(NO, mapping.no)
    fields: dict[str, marsh.Field[Any]] = {
        "reservation": Needed(),
        "property": Needed(),
        "status": Read(_status, strict=True),
        "status_date": day("status_date"),
        "booked_on": day("booked_on"),
        "arrival": day("arrival"),
        "departure": day("departure"),
        "birth_date": Read(lambda text: read_birth(text, births)),
        "adults": Read(_count),
        "children": Read(_count),
        "rate": Read(lambda text: survey.amounts.read("rate", text)),
        "revenue": Read(lambda text: survey.amounts.read("revenue", text)),
        "currency": Read(currency_stated),
        "language": Read(_language),
        "country": Read(lambda text: _country(text, survey.country_letters)),
        "email_consent": Read(lambda text: claims[text.lower()]),
        "sms_consent": Read(lambda text: claims[text.lower()]),
        "given_name": NameText(),
        "family_name": NameText(),
        "full_name": NameText(),
    }
    texts = ("room_type", "rate_plan", "channel", "market_segment", "title", "email", "phone", "tier")
    return Schema.from_dict(fields | {name: Text() for name in texts}, name="ReservationSchema")()


class RowReader:
    """Cells to a reservation, column by column of the schema; what recurs (days, codes, flags) is read once.

    `zones`: by hotel where it is, so that an instant is the day it is there.
    """

    def __init__(self, survey: Survey, mapping: ImportMapping, zones: Mapping[str, str] = NOWHERE) -> None:
        self._zones = zones
        schema = reservation_schema(survey, mapping)
        self._source = mapping.source
        self._amounts, self._greatest_rate = survey.amounts, survey.greatest_rate
        self._plan = [
            (name, place, lru_cache(maxsize=20_000)(schema.fields[name].deserialize))
            for name, place in survey.places.items()
        ]

    def read(self, cells: Sequence[str]) -> Reservation:
        """The reservation in a row. Raises `ValidationError` with the reason by field."""
        values: dict[str, Any] = {"source": self._source}
        problems: dict[str, str] = {}
        for name, place, read in self._plan:
            try:
                values[name] = read(cells[place].strip()[: LONGEST + 1])  # what is longer is too long, and is not kept
            except ValidationError as error:
                problems[name] = "; ".join(map(str, error.messages))
        if not problems:
            settle_days(values, self._zones.get(values["property"]))
            _split_name(values)
            problems = contradictions(values)
        if problems:
            raise ValidationError(dict(problems))
        return Reservation(**self._sensible(values))

    def _sensible(self, values: dict[str, Any]) -> dict[str, Any]:
        """Amounts get their currency, and absurd ones are unknown."""
        settle_money(values, self._amounts, self._greatest_rate)
        return values


def _split_name(values: dict[str, Any]) -> None:
    """A name of one column is split where the row has none of two."""
    whole = values.pop("full_name", None)
    if whole and not values.get("family_name"):
        name = split_name(whole)
        values["family_name"], values["given_name"] = name.family, values.get("given_name") or name.given


def contradictions(values: Mapping[str, Any]) -> dict[str, str]:
    booked, arrival, departure = values["booked_on"], values["arrival"], values["departure"]
    problems: dict[str, str] = {}
    if departure < arrival:
        problems["departure"] = RejectReason.BEFORE_ARRIVAL
    if booked > departure:
        problems["booked_on"] = RejectReason.AFTER_DEPARTURE
    if values["status"] is StayStatus.CHECKED_OUT and values["status_date"] < arrival:
        problems["status_date"] = RejectReason.OUT_BEFORE_ARRIVAL
    elif values["status"] is not StayStatus.BOOKED and values["status_date"] < booked:
        problems["status_date"] = RejectReason.BEFORE_BOOKING
    return problems


def _status(text: str) -> StayStatus:
    word = re.sub(r"[^a-z]+", "_", text.lower()).strip("_")
    if word not in STATUS_WORDS:
        raise ValueError(RejectReason.NO_STATUS)
    return STATUS_WORDS[word]


def _count(text: str) -> int | None:
    number = int(float(text))
    return number if 0 <= number < 1000 else None


def _language(text: str) -> str | None:
    tag = text.lower().replace("_", "-")
    return tag if LANGUAGE.fullmatch(tag) else None


def _country(text: str, letters: int) -> str | None:
    """The alpha-2 code. A code of another kind than the column's others is not read as a country."""
    if letters == 2:
        return text.upper() if text.upper() in countries_by_alpha2 else None
    found = countries_by_alpha3.get(text.upper())
    return found.alpha2 if found else None
