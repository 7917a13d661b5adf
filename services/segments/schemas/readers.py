"""A row's cells into a reservation, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import ValidationError
from marshmallow import fields as marsh

from services.segments.imports.amounts import settle_money
from services.segments.imports.constants import TODAY, Today, read_constants
from services.segments.imports.files.columns import AMOUNTS, OWN_DATE, WISH, ImportMapping
from services.segments.imports.meanings.consents import NO, YES
from services.segments.imports.meanings.registry import VOCABULARIES, value_meant
from services.segments.imports.meanings.words import value_key
from services.segments.imports.survey import Survey
from services.segments.imports.tally import Column
from services.segments.rules.house_dates import stated
from services.segments.rules.people.wishes import named_wish
from services.segments.rules.reservations import Reservation
from services.segments.rules.written.import_problems import RejectReason
from services.segments.rules.written.row_days import settle_days
from services.segments.schemas.cells import LONGEST, Cell
from services.segments.schemas.reservation import reservation_schema
from services.segments.schemas.whole_rows import contradictions, split_whole_name

NOWHERE: Mapping[str, str] = {}


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
