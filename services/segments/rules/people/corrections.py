"""What people correct of a guest's profile: it stands over what sources state, which is kept and goes on beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.segments.rules.people.guests import Guest, as_heard, written
from services.segments.rules.places import home_zone
from shared.vocabulary.term import N_, Term


class Field(Term):
    """What may be corrected."""

    TITLE = "title", N_("title")
    NAME = "name", N_("name")
    BIRTH_DATE = "birth_date", N_("birth date")
    LANGUAGE = "language", N_("language")
    COUNTRY = "country", N_("country")


COLUMNS: Mapping[Field, tuple[str, ...]] = {
    Field.TITLE: ("title",),
    Field.NAME: ("given_name", "family_name"),
    Field.BIRTH_DATE: ("birth_date",),
    Field.LANGUAGE: ("language",),
    Field.COUNTRY: ("country",),
}
Values = Mapping[Field, tuple[Any, ...]]  # by field, in the order of its columns


def value_of(guest: Guest, field: Field) -> tuple[Any, ...]:
    return tuple(getattr(guest, column) for column in COLUMNS[field])


def text_of(values: tuple[str | date | None, ...]) -> str:
    """As history keeps it."""
    return " ".join(value.isoformat() if isinstance(value, date) else value for value in values if value)


def is_corrected(guest: Guest, field: Field) -> bool:
    return COLUMNS[field][0] in (guest.heard or {})


def corrected(guest: Guest, field: Field, values: tuple[Any, ...], property_zone: str) -> Guest:
    """From now on the field has this value. `property_zone`: the home hotel's, which counts where the country is
    unknown.
    """
    heard = dict(guest.heard or {})
    columns = COLUMNS[field]
    for column in columns:
        heard.setdefault(column, written(getattr(guest, column)))
    found = replace(guest, heard=heard, **dict(zip(columns, values, strict=True)))
    if field is Field.COUNTRY:
        heard.setdefault("home_zone", guest.home_zone)
        return replace(found, home_zone=home_zone(found.country, property_zone))
    return found


def taken_back(guest: Guest, field: Field) -> Guest:
    """The field has again the value that the sources state."""
    ends = {*COLUMNS[field], *(["home_zone"] if field is Field.COUNTRY else [])}
    stated = as_heard(guest)
    left = {column: value for column, value in (guest.heard or {}).items() if column not in ends}
    return replace(guest, heard=left or None, **{column: getattr(stated, column) for column in ends})
