"""Cells to a person, by the columns of a file that holds no stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeAlias, assert_never

from marshmallow import ValidationError

from services.segments.imports.constants import Today
from services.segments.imports.files.columns import Holds, ImportMapping
from services.segments.imports.people.names import list_named
from services.segments.imports.survey import Survey
from services.segments.rules.people.contacts import Contact
from services.segments.rules.people.identity import name_birth_of
from services.segments.rules.written.import_problems import RejectReason
from services.segments.rules.written.written_dates import ShortBirth, born_before
from services.segments.schemas.readers import CellReader, RowReader
from services.segments.schemas.whole_rows import split_whole_name
from shared.localtime import zone_named

KEPT = frozenset(field.name for field in fields(Contact))


@dataclass(frozen=True)
class Origin:
    """The file's name, and when it was handed in."""

    file: str
    at: datetime


class ContactReader(CellReader):
    """The same as of reservations; what is no person's is passed over."""

    def __init__(
        self, survey: Survey, mapping: ImportMapping, zones: Mapping[str, str], today: Today | None, origin: Origin
    ) -> None:
        super().__init__(survey, mapping, zones, today)
        self.list_name = list_named(mapping.list_name, origin.file)
        self._origin = origin

    def read(self, cells: Sequence[str]) -> Contact:
        """The person in a row. Raises `ValidationError` with the reason by field."""
        values, problems = self._values(cells)
        if problems:
            raise ValidationError(dict(problems))
        split_whole_name(values)
        self._settle_days(values)
        names = values.get("given_name") or "", values.get("family_name") or ""
        if not (values.get("email") or values.get("phone") or name_birth_of(*names, values.get("birth_date"))):
            raise ValidationError({"email": RejectReason.NOBODY})
        self._judge_consents(values)
        kept = {name: value for name, value in values.items() if name in KEPT}
        return Contact(list_name=self.list_name, file=self._origin.file, handed_in_at=self._origin.at, **kept)

    def _settle_days(self, values: dict[str, Any]) -> None:
        """An instant is the day it is at the hotel; nobody was born after the file was handed in."""
        zone = self._zones.get(values["property"])
        if isinstance(signed := values.get("signed_on"), datetime):
            values["signed_on"] = (signed.astimezone(zone_named(zone)) if zone else signed).date()
        birth, last = values.get("birth_date"), self._origin.at.date()
        if birth is not None and (birth >= last or type(birth) is ShortBirth):
            values["birth_date"] = born_before(birth, last)
            if values["birth_date"] is None:
                self.columns["birth_date"].doubted[RejectReason.BORN_LATER] += 1


AnyReader: TypeAlias = RowReader | ContactReader


def reader_of(
    survey: Survey, mapping: ImportMapping, zones: Mapping[str, str], today: Today, origin: Origin
) -> AnyReader:
    """The reader of what the file holds."""
    match survey.holds:
        case Holds.STAYS:
            return RowReader(survey, mapping, zones, today)
        case Holds.PEOPLE:
            return ContactReader(survey, mapping, zones, today, origin)
        case _:
            assert_never(survey.holds)
