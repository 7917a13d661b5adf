"""What people type when they correct a guest, read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext

from services.segments.pages.guests.forms import TAG
from services.segments.rules.people.corrections import Field, Values
from services.segments.rules.people.guests import is_placeholder
from services.segments.rules.places import country_zones
from shared.errors import InputError
from shared.naming import plain_name
from shared.vocabulary.contact_point import PointFault
from shared.web.i18n.labels import label
from shared.web.pages.versions import number_in

LONGEST_NAME, LONGEST_TITLE = 120, 40


def version_of(values: Mapping[str, str]) -> int:
    """Of the guest as the person saw it; a form without one was not ours."""
    version = number_in(values)
    if version is None:
        raise InputError(problems={"version": gettext("Open the page again.")})
    return version


def corrections_in(values: Mapping[str, str], today: date) -> Values:
    """The profile as it is wanted. Raises `InputError` by field."""
    text = {name: " ".join(plain_name(value).replace("\x00", "").split()) for name, value in values.items()}
    problems: dict[str, str] = {}
    given, family = text.get("given_name", ""), text.get("family_name", "")
    if not (given or family):
        problems["family_name"] = gettext("A guest has a given name or a family name.")
    if max(len(given), len(family)) > LONGEST_NAME:
        problems["family_name"] = gettext("A name has 120 characters at most.")
    if len(text.get("title", "")) > LONGEST_TITLE:
        problems["title"] = gettext("A title has 40 characters at most.")
    language, country = text.get("language", ""), text.get("country", "").upper()
    if language and not TAG.fullmatch(language):
        problems["language"] = gettext("A language such as pt or zh-Hans is needed.")
    if country and country not in country_zones():
        problems["country"] = gettext("A country's code of two letters is needed, such as PT.")
    born = _birth_date(text.get("birth_date", ""), today, problems)
    if problems:
        raise InputError(problems=problems)
    return {
        Field.TITLE: (text.get("title") or None,),
        Field.NAME: (given, family),
        Field.BIRTH_DATE: (born,),
        Field.LANGUAGE: (language or None,),
        Field.COUNTRY: (country or None,),
    }


def _birth_date(text: str, today: date, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        born = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day of the calendar
    except ValueError:
        problems["birth_date"] = gettext("A date is needed, such as 1980-05-04.")
        return None
    if born > today:
        problems["birth_date"] = gettext("This day is still to come.")
    elif is_placeholder(born) and born.year < 1906:
        problems["birth_date"] = gettext("Nobody alive was born on that day. Leave it empty where it is not known.")
    return born


def words_of(code: str) -> str:
    """What is wrong with an address or number, by the code of the command."""
    if code in tuple(PointFault):
        why = label(PointFault(code))
        return gettext("Nobody can be reached there: it %(why)s. A number from abroad begins with +.", why=why)
    return {
        "missing": gettext("An address or a number is needed."),
        "several": gettext("One address or number at a time."),
        "masked": gettext("This is a booking site's alias. Only the guest's own address helps after the stay."),
    }.get(code, code)
