"""What the pages about imports show and read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from services.segments.imports.files.columns import AMOUNTS, DATES, ImportMapping
from services.segments.imports.files.headings import HEADERS
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import document_of, mapping_of
from services.segments.imports.preview import columns_of, disambiguated
from services.segments.rules.dates import Order
from services.segments.rules.import_problems import FileProblem, RejectReason
from services.segments.rules.money.amounts import Mark
from services.segments.rules.money.currencies import Currencies
from services.segments.rules.reservations import Reservation
from services.segments.store.imports.files import ImportFile
from shared.errors import Problem
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import PointFault
from shared.vocabulary.currency import codes_in_use
from shared.vocabulary.stay import StayStatus
from shared.web.i18n.formatting import currency_name, money
from shared.web.i18n.labels import label

LONGEST_NAME = 200
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
            "channel": _l("booking channel"),
            "market_segment": _l("market segment"),
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
        },
    ),
)
FIELD_WORDS = {name: text for _, fields in FIELDS_BY_SUBJECT for name, text in fields.items()}
ORDER_WORDS = {
    Order.YMD: _l("year, month, day"),
    Order.DMY: _l("day, month, year"),
    Order.MDY: _l("month, day, year"),
    Order.SERIAL: _l("days since 1900, as spreadsheets count"),
}
MARK_WORDS = {Mark.POINT: _l("a decimal point"), Mark.COMMA: _l("a decimal comma")}
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


def amount_words(row: Reservation, known: Currencies) -> str:
    """The revenue, else the rate, as it would be kept: in the currency that the file states, else in the hotel's."""
    currency = row.currency or known.of(row.property)
    if row.revenue is None and row.rate is not None:
        return gettext("%(amount)s a night", amount=money(row.rate, currency))
    return money(row.revenue, currency)


def status_words(status: StayStatus) -> str:
    return label(status)


def reason_words(reason: str) -> str:
    try:
        return label(RejectReason(reason))
    except ValueError:  # what a library says of a cell
        return reason


def field_words(field: str) -> str:
    return str({**FIELD_WORDS, **FIELD_KINDS}.get(field, field))


def problem_words(problems: Mapping[str, str], file: ImportFile) -> dict[str, str]:
    """What kept a file from being read, by field."""
    return {field: _problem(problem, file) for field, problem in problems.items()}


def _problem(problem: str, file: ImportFile) -> str:
    code = problem.code if isinstance(problem, Problem) else ""
    return gettext(FileProblem(code).label, times=file.starts) if code else reason_words(problem)


def file_problem_words(problem: str) -> str:
    """What is wrong with a file that was not taken; empty where it is not known more exactly."""
    return gettext(FileProblem(problem.code).label) if isinstance(problem, Problem) and problem.code else ""


def mapping_of_form(form: MultiDict[str, str], place: str) -> tuple[str, dict[str, Any]]:
    """The source and the mapping's document that the form holds."""
    header = Table(Path(place)).header
    source = form.get("source", "").strip()
    chosen = {name: form[f"column:{name}"] for name in HEADERS if f"column:{name}" in form}
    columns = disambiguated(header, {name: one if one in header else "" for name, one in chosen.items()})
    found = columns_of(header, ImportMapping(columns=columns))
    dates = {
        found[name]: Order(form[f"date:{name}"])
        for name in DATES
        if name in found and form.get(f"date:{name}") in set(Order)
    }
    numbers = {
        found[name]: Mark(form[f"number:{name}"])
        for name in AMOUNTS
        if name in found and form.get(f"number:{name}") in set(Mark)
    }
    yes, no = form.get("yes", ""), form.get("no", "")
    mapping = ImportMapping(
        source=source,
        columns=columns,
        dates=dates,
        numbers=numbers,
        currency=form.get("currency", "") if form.get("currency") in codes_in_use() else "",
        yes=ClaimedConsent(yes) if yes in YES_WORDS else ClaimedConsent.UNKNOWN,
        no=ClaimedConsent(no) if no in NO_WORDS else ClaimedConsent.REFUSED,
    )
    return source, document_of(mapping)


def first_mapping(source: str, saved: Mapping[str, Any], place: str) -> dict[str, Any]:
    """A new file begins with the mapping saved for its source, where it has those columns; consent is asked anew."""
    if source not in saved:
        return document_of(ImportMapping())
    header = set(Table(Path(place)).header)
    known = mapping_of(source, saved[source])
    return document_of(
        ImportMapping(
            columns={name: one for name, one in known.columns.items() if not one or one in header},
            dates={one: order for one, order in known.dates.items() if one in header},
            numbers={one: mark for one, mark in known.numbers.items() if one in header},
            currency=known.currency,
        )
    )


def short_name(name: str | None) -> str:
    return Path((name or "").replace("\\", "/")).name[:LONGEST_NAME] or gettext("a file without a name")


def fault_lines(faults: Mapping[str, int]) -> list[tuple[Channel, str, int]]:
    """Why contact points of a file reach nobody: channel, words and how many, the most frequent first."""
    found = []
    for key, count in sorted(faults.items(), key=lambda pair: (-pair[1], pair[0])):
        channel, _, fault = key.partition(":")
        found.append((Channel(channel), label(PointFault(fault)), count))
    return found
