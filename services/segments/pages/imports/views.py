"""What the pages about imports show and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from iso3166 import countries_by_alpha2

from services.segments.imports.constants import OTHER_DAYS
from services.segments.imports.files.columns import (
    AMOUNTS,
    DATES,
    NEEDED_OF_PEOPLE,
    OWN_DATE,
    WISH,
    Holds,
    ImportMapping,
)
from services.segments.imports.meanings.languages import known_languages
from services.segments.imports.meanings.registry import NO_VALUE
from services.segments.imports.meanings.statuses import LEFT_OUT
from services.segments.imports.preview.preview import Preview
from services.segments.imports.seen import DoubtedValue
from services.segments.pages.segments.date_names import date_called
from services.segments.rules.house_dates import HouseDate
from services.segments.rules.money.currencies import Currencies
from services.segments.rules.written.import_problems import RejectReason
from services.segments.store.imports.files import ImportFile
from shared.errors import Problem
from shared.naming import full_name
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import CALLED, PointFault
from shared.vocabulary.currency import codes_in_use
from shared.vocabulary.file_problem import FileProblem
from shared.vocabulary.stay import StayStatus
from shared.web.i18n.formatting import currency_name, day, money, number
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale

FIELDS_BY_SUBJECT = (
    (
        _l("The reservation"),
        {
            "reservation": _l("reservation number"),
            "property": _l("hotel code"),
            "status": _l("status"),
            "status_date": _l("day of the status"),
            "booked_on": _l("day of booking"),
            "arrival": _l("arrival"),
            "departure": _l("departure"),
            "room_type": _l("room type"),
            "rate_plan": _l("rate plan"),
            "adults": _l("adults"),
            "children": _l("children"),
            "companions": _l("names of companions"),
            "channel": _l("booking channel"),
            "market_segment": _l("market segment"),
            "company": _l("company"),
            "rate": _l("rate a night"),
            "revenue": _l("room revenue"),
            "currency": _l("currency"),
        },
    ),
    (
        _l("The guest"),
        {
            "family_name": _l("family name"),
            "given_name": _l("given name"),
            "full_name": _l("whole name, in one column"),
            "title": _l("title"),
            "email": _l("e-mail address"),
            "phone": _l("phone number"),
            "birth_date": _l("birth date"),
            "language": _l("language"),
            "country": _l("country"),
            "tier": _l("tier"),
            "email_consent": _l("consent to e-mail"),
            "sms_consent": _l("consent to text messages"),
            "whatsapp_consent": _l("consent to WhatsApp"),
            "tags": _l("tags"),
            "wishes": _l("wishes"),
            "signed_on": _l("day of signing up, of a list"),
        },
    ),
)
FIELD_WORDS = {name: text for _, fields in FIELDS_BY_SUBJECT for name, text in fields.items()}
YES_WORDS = {
    ClaimedConsent.UNKNOWN: _l("nobody can show how it was given: no marketing"),
    ClaimedConsent.EXISTING_CUSTOMER: _l("an existing customer who was informed: e-mail only, and it ends"),
    ClaimedConsent.EXPRESS: _l("the guest agreed expressly, and that can be shown"),
}
NO_WORDS = {
    ClaimedConsent.REFUSED: _l("the guest refused: no later file changes that"),
    ClaimedConsent.NEVER_ASKED: _l("the guest was never asked"),
}
FIELD_KINDS = {"row": _l("the row"), "file": _l("the file")}


def currency_choices() -> list[tuple[str, str]]:
    return [("", gettext("the hotel's")), *((code, f"{code} – {currency_name(code)}") for code in codes_in_use())]


def amount_words(read: Mapping[str, str | None], known: Currencies) -> str:
    """The revenue, else the rate, as it would be kept: in the currency that the file states, else in the hotel's."""
    currency = read["currency"] or known.of(read["property"] or "")
    if read["revenue"] is None and read["rate"] is not None:
        return gettext("%(amount)s a night", amount=money(Decimal(read["rate"]), currency))
    return money(Decimal(read["revenue"]) if read["revenue"] else None, currency)


def status_words(status: StayStatus) -> str:
    return label(status)


def reason_words(reason: str) -> str:
    for reasons in (RejectReason, PointFault):
        with suppress(ValueError):
            return label(reasons(reason))
    return reason  # what a library says of a cell


def doubt_words(doubt: DoubtedValue) -> str:
    """What is wrong with values that were read, and in how many rows."""
    said = {"count": number(doubt.rows), "why": reason_words(doubt.reason)}
    if doubt.reason in CALLED:
        return ngettext("%(count)s row: %(why)s", "%(count)s rows: %(why)s", doubt.rows, **said)
    return ngettext("not used in %(count)s row: %(why)s", "not used in %(count)s rows: %(why)s", doubt.rows, **said)


def name_words(read: Mapping[str, Any]) -> str:
    return full_name(read["given_name"] or "", read["family_name"] or "")


def field_words(field: str) -> str:
    if field.startswith(WISH):
        return gettext("wish: %(name)s", name=field.removeprefix(WISH))
    if field.startswith(OWN_DATE):
        key = field.removeprefix(OWN_DATE)
        return gettext("date of your own: %(key)s", key=_date_names().get(key, key))
    return str({**FIELD_WORDS, **FIELD_KINDS}.get(field, field))


def name_dates(dates: Sequence[HouseDate]) -> None:
    """What the house's own dates are called on this page."""
    g.house_dates = {one.key: date_called(one) for one in dates}


def _date_names() -> Mapping[str, str]:
    names: Mapping[str, str] = g.get("house_dates", {})
    return names


def wishes_asked(preview: Preview, mapping: ImportMapping, readable: Sequence[str]) -> dict[str, str]:
    """By column that is not read otherwise the name of the wish it states, or nothing."""
    named = {header: name for name, header in mapping.wishes.items()}
    read = {header for field, header in preview.mapping.items() if not field.startswith(WISH)}
    return {header: named.get(header, "") for header in readable if header not in read}


def problem_words(problems: Mapping[str, str], file: ImportFile) -> dict[str, str]:
    """What kept a file from being read, by field."""
    return {field: _problem(problem, file) for field, problem in problems.items()}


def _problem(problem: str, file: ImportFile) -> str:
    code = problem.code if isinstance(problem, Problem) else ""
    return gettext(FileProblem(code).label, times=file.starts) if code else reason_words(problem)


def file_problem_words(problem: str) -> str:
    """What is wrong with a file that was not taken; empty where it is not known more exactly."""
    return gettext(FileProblem(problem.code).label) if isinstance(problem, Problem) and problem.code else ""


DAY_WORDS = {
    "today": _l("the day on which the file was handed in"),
    "departure": _l("the day of departure"),
    "arrival": _l("the day of arrival"),
    "booked_on": _l("the day of booking"),
}
ASKED_CONSTANTS = ("property", "status", "status_date", "booked_on")
CONSTANT_CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": tuple(StayStatus),
    **OTHER_DAYS,
}
MEANING_WORDS = {
    "yes": _l("yes"),
    "no": _l("no"),
    NO_VALUE: _l("says nothing"),
    LEFT_OUT: _l("no stay: leave these rows out"),
}


def meaning_words(field: str, meaning: str) -> str:
    """A meaning as people say it; a code or a text stands for itself."""
    if meaning in MEANING_WORDS:
        return str(MEANING_WORDS[meaning])
    if field == "status" and meaning in set(StayStatus):
        return label(StayStatus(meaning))
    if field == "country":
        return str(locale().territories.get(meaning, meaning))
    if field == "language":
        return str(locale().languages.get(meaning.split("-")[0], meaning))
    return meaning


def constant_words(field: str, text: str) -> str:
    return str(DAY_WORDS[text]) if text in OTHER_DAYS.get(field, ()) else meaning_words(field, text)


def countries() -> list[tuple[str, str]]:
    """Codes and names, for a list to choose from."""
    return sorted(((code, meaning_words("country", code)) for code in countries_by_alpha2), key=lambda one: one[1])


def languages() -> list[tuple[str, str]]:
    known = [code for code in known_languages() if len(code) == 2]
    return sorted(((code, meaning_words("language", code)) for code in known), key=lambda one: one[1])


def read_words(field: str, means: str) -> str:
    """What a value was read as: a day and a status in words."""
    try:
        is_day = field in DATES or field.startswith(OWN_DATE)
        return day(date.fromisoformat(means)) if is_day else meaning_words(field, means)
    except ValueError:  # shortened
        return means


def read_pair(field: str, text: str, means: str) -> str:
    """«Check-Out» is checked out; a value that stands as it was written stands once."""
    words = read_words(field, means)
    return text if text == words else gettext("«%(text)s» is %(meaning)s", text=text, meaning=words)


def constant_choices(field: str, said: str) -> list[str]:
    """What may be chosen for every row; what somebody said already is among it."""
    known = list(CONSTANT_CHOICES[field])
    return known if not said or said in known else [*known, said]


def mapping_words(document: Mapping[str, Any]) -> str:
    meanings = sum(map(len, document.get("meanings", {}).values()))
    return ngettext(
        "%(count)s value with a meaning of its own",
        "%(count)s values with a meaning of their own",
        meanings,
        count=meanings,
    )


def lacking(preview: Preview) -> list[str]:
    """Fields that are needed, that no column tells and that may be said for every row."""
    asked = ASKED_CONSTANTS if preview.holds == Holds.STAYS else NEEDED_OF_PEOPLE
    return [name for name in asked if name not in preview.mapping]


def fault_lines(faults: Mapping[str, int]) -> list[tuple[Channel, str, int]]:
    """Why contact points of a file reach nobody: channel, words and how many, the most frequent first."""
    found = []
    for key, count in sorted(faults.items(), key=lambda pair: (-pair[1], pair[0])):
        channel, _, fault = key.partition(":")
        found.append((Channel(channel), label(PointFault(fault)), count))
    return found


__all__ = ["AMOUNTS", "DATES"]


def consent_words(read: Mapping[str, str | None]) -> str:
    """What a person agreed to or refused, by channel."""
    said = tuple((channel, read[f"{channel}_consent"]) for channel in Channel)
    return ", ".join(f"{label(channel)}: {label(ClaimedConsent(state))}" for channel, state in said if state)
