"""Outside data into reservations. Past this point the types are true and nothing is checked again.

What names a stay and its days must be right, or the row is refused with the field and the reason. All else may be
dirt: a rate below nothing, a country nobody knows, «NA» children are unknown, and the row stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow import fields as marsh

from services.segments.imports.amounts import settle_money
from services.segments.imports.constants import TODAY, Today, read_constants
from services.segments.imports.files.columns import AMOUNTS, OWN_DATE, WISH, ImportMapping
from services.segments.imports.meanings.consents import NO, YES, read_consent
from services.segments.imports.meanings.countries import read_country
from services.segments.imports.meanings.languages import read_language
from services.segments.imports.meanings.registry import VOCABULARIES, value_meant
from services.segments.imports.meanings.statuses import read_status
from services.segments.imports.meanings.words import value_key
from services.segments.imports.survey import Survey
from services.segments.imports.tally import NOTHING, Column
from services.segments.rules.house_dates import read_own_day, stated
from services.segments.rules.people.companions import read_companions
from services.segments.rules.people.full_names import split_name
from services.segments.rules.people.wishes import named_wish, read_tags, read_wish
from services.segments.rules.reservations import Reservation
from services.segments.rules.written.dates import Order, read_birth, read_moment
from services.segments.rules.written.import_problems import RejectReason
from services.segments.rules.written.row_days import settle_days
from shared.naming import plain_name
from shared.vocabulary.currency_signs import currency_stated
from shared.vocabulary.stay import StayStatus

NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
LONGEST = 300
NOWHERE: Mapping[str, str] = {}


class Cell(marsh.Field[Any]):
    """A field that is always there as a text: it is read without the steps by which marshmallow finds out whether it is
    there and whether it may be none, which take three times as long as most reading."""

    def reading(self, text: str) -> Any:
        return self._deserialize(text, None, None)


class Text(Cell):
    """A cell's text, trimmed; None where it stands for nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str | None:
        text = str(value).strip()
        if text.lower() in NOTHING:
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


class Read(Cell):
    """A text read by a function; where it cannot be, the row is refused (`strict`) or the value unknown."""

    def __init__(self, read: Callable[[str], Any], *, strict: bool = False) -> None:
        super().__init__()
        self.read, self.strict = read, strict

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        text = str(value).strip()
        if text.lower() in NOTHING:
            if self.strict:
                raise ValidationError(RejectReason.MISSING)
            return None
        try:
            return self.read(text)
        except (ValueError, KeyError, InvalidOperation) as error:
            if self.strict:
                raise ValidationError(str(error).strip("'")) from error
            return None


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


class CellReader:
    """Cells to values, column by column of the schema; what recurs (days, codes, flags) is read once.

    `zones`: by hotel where it is, so that an instant is the day it is there. `today`: which day «today» is there.
    `columns`: by field what became of its values. `fixed`: what stands in every row.
    """

    def __init__(
        self, survey: Survey, mapping: ImportMapping, zones: Mapping[str, str] = NOWHERE, today: Today | None = None
    ) -> None:
        schema = reservation_schema(survey)
        self._zones = zones
        self._amounts, self._greatest_rate = survey.amounts, survey.greatest_rate
        self._claims = {YES: mapping.yes, NO: mapping.no}
        self._today = today
        given = read_constants(mapping.constants)
        self.fixed: dict[str, Any] = {"source": mapping.source, **given.values}
        self._days = given.days
        self.places = survey.places
        self._named_wishes = [name for name in survey.places if name.startswith(WISH)]
        self._own_dates = {name: name.removeprefix(OWN_DATE) for name in survey.places if name.startswith(OWN_DATE)}
        self.columns = {name: Column(_meant(schema.fields[name], name, mapping)) for name in survey.places}
        self._plan = [
            (name, place, self.columns[name].values.get, self.columns[name].learn)
            for name, place in survey.places.items()
        ]

    def _values(self, cells: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
        """What a row says, by field; and what cannot be read."""
        values: dict[str, Any] = self.fixed.copy()
        problems: dict[str, str] = {}
        for name, place, known, learn in self._plan:
            found = known(text := cells[place])
            if found is None:
                text = text.strip()[: LONGEST + 1]  # what is longer is too long, and is not kept
                found = known(text) or learn(text)
            found.rows += 1
            if found.problem is None:
                values[name] = found.value
            else:
                problems[name] = found.problem
        values["wishes"] = self._wishes(values)
        values["days"] = stated(values, self._own_dates)
        return values, problems

    def _wishes(self, values: dict[str, Any]) -> tuple[str, ...] | None:
        """The wishes of all their columns, a line each."""
        lines = [values[name] for name in ("wishes",) if values.get(name)]
        for name in self._named_wishes:
            if text := values.pop(name, None):
                lines.append(named_wish(name.removeprefix(WISH), text))
        return tuple(lines) or None

    def _judge_consents(self, values: dict[str, Any]) -> None:
        for name in ("email_consent", "sms_consent", "whatsapp_consent"):
            if said := values.get(name):
                values[name] = self._claims[said]


class RowReader(CellReader):
    """Cells to a reservation."""

    def read(self, cells: Sequence[str]) -> Reservation:
        """The reservation in a row. Raises `ValidationError` with the reason by field."""
        values, problems = self._values(cells)
        if not problems:
            if self._days:
                self._set_days(values)
            self._settle_days(values)
            split_whole_name(values)
            problems = contradictions(values)
        if problems:
            raise ValidationError(dict(problems))
        return Reservation(**self._sensible(values))

    def _set_days(self, values: dict[str, Any]) -> None:
        """Days that the file does not say, in the order in which one may stand for another."""
        for name in ("booked_on", "status_date"):
            if name in self._days:
                other = self._days[name]
                values[name] = self._day_of_file(values["property"]) if other == TODAY else values[other]

    def _day_of_file(self, hotel: str) -> date:
        if self._today is None:
            raise ValidationError({"status_date": RejectReason.NO_TODAY})
        return self._today(hotel)

    def _settle_days(self, values: dict[str, Any]) -> None:
        birth = values.get("birth_date")
        settle_days(values, self._zones.get(values["property"]))
        if birth is not None and values["birth_date"] is None:
            self.columns["birth_date"].doubted[RejectReason.BORN_AFTER_BOOKING] += 1

    def _sensible(self, values: dict[str, Any]) -> dict[str, Any]:
        """Amounts get their currency and a consent what the mapping says; what is dropped here is counted."""
        stated = [(name, amount) for name in AMOUNTS if (amount := values.get(name)) is not None]
        settle_money(values, self._amounts, self._greatest_rate)
        for name, amount in stated:
            if values[name] is None:
                limit = self._greatest_rate.get(values.get("currency") or "")
                is_absurd = limit is not None and any(one.value > limit for _, one in stated)
                reason = RejectReason.ABSURD if is_absurd and amount.value >= 0 else RejectReason.NO_AMOUNT
                self.columns[name].doubted[reason] += 1
        self._judge_consents(values)
        return values


def _meant(read: marsh.Field[Any], name: str, mapping: ImportMapping) -> Callable[[str], Any]:
    """Reads a column's texts: what somebody said of a value goes before what it says itself."""
    assert isinstance(read, Cell)
    said = mapping.meanings.get(name)
    if not said or name not in VOCABULARIES:
        return read.reading

    def deserialize(text: str) -> Any:
        meaning = said.get(value_key(text)) if text else None
        if meaning is None:
            return read.reading(text)
        try:
            return value_meant(name, meaning)
        except (ValueError, KeyError) as error:
            raise ValidationError(str(error).strip("'")) from error

    return deserialize


def split_whole_name(values: dict[str, Any]) -> None:
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


def _count(text: str) -> int | None:
    number = int(float(text))
    return number if 0 <= number < 1000 else None
