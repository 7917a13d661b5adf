"""What people corrected of a guest, beside what the hotel's system still states."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext

from services.segments.pages.guests.labels import country_name, language_name
from services.segments.rules.people.corrections import COLUMNS, Field
from services.segments.rules.people.guests import Guest
from shared.web.i18n.formatting import day


class Overridden(NamedTuple):
    """A corrected field, as the guest's page shows it. `stated`: what the hotel's system states."""

    field: Field
    value: str
    stated: str


def overridden(guest: Guest) -> list[Overridden]:
    heard = guest.heard or {}
    return [
        Overridden(
            field,
            words_of_field(field, [getattr(guest, column) for column in columns]),
            words_of_field(field, [heard[column] for column in columns]),
        )
        for field, columns in COLUMNS.items()
        if columns[0] in heard
    ]


def words_of_field(field: Field, values: list[Any]) -> str:
    text = " ".join(str(value) for value in values if value)
    if not text:
        return gettext("unknown")
    if field is Field.BIRTH_DATE:
        return str(day(date.fromisoformat(text)))
    if field is Field.LANGUAGE:
        return language_name(text)
    return country_name(text) if field is Field.COUNTRY else text
