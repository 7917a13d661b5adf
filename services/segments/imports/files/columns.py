"""Which column of an export is which field: by its heading, or as the mapping says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.segments.imports.files.headings import BARE_NAMES, HEADERS, normalised
from services.segments.rules.money.amounts import Mark
from services.segments.rules.written.dates import Order
from shared.errors import InputError, Problem
from shared.table_files.reading import Ambiguity, Reading
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.file_problem import FileProblem

REQUIRED = ("reservation", "property", "status", "status_date", "booked_on", "arrival", "departure", "family_name")
OF_STAYS = frozenset({"reservation", "arrival", "departure"})
"""A file with one of these tells stays, be it that others of them are missing."""
NEEDED_OF_PEOPLE = ("property",)
OF_PEOPLE = (
    *("property", "title", "given_name", "family_name", "full_name", "birth_date", "language", "country", "tier"),
    *("email", "phone", "email_consent", "sms_consent", "whatsapp_consent", "signed_on", "tags", "wishes"),
)
"""What is read of a file that holds people and no stays."""
AMOUNTS = ("rate", "revenue")
DATES = ("status_date", "booked_on", "arrival", "departure", "birth_date", "signed_on")
WISH = "wish:"
"""Before the name of a wish that has a column of its own."""
OWN_DATE = "own:"
"""Before the key of one of the house's own dates that has a column."""
NEVER_READ = re.compile(
    r"(^|_)(card|credit|cc|pan|cvv|cvc|iban|passport|passaporte|passeport|pasaporte|passaporto|reisepass|ausweis"
    r"|ausweisnummer|kreditkarte|kartennummer|carte|tarjeta|identity|id_number|id_card|id_no|national_id|nif|nin|nie|cpf"
    r"|dni|ssn|tax_id|codice_fiscale|document|documento|licence|license)(_|$)"
    r"|身份证|护照|证件|卡号|信用卡|身分證|護照|證件|卡號"
)


def dates_among(fields: Iterable[str]) -> list[str]:
    """The fields of dates, in their order."""
    found = list(fields)
    return [name for name in (*DATES, *(one for one in found if one.startswith(OWN_DATE))) if name in found]


class Holds(StrEnum):
    """What the rows of a file are."""

    STAYS = "stays"
    PEOPLE = "people"


@dataclass(frozen=True)
class ImportMapping:
    """How an export is to be read.

    `source`: the system it comes from; with property and number it names a stay. `columns`: field → header, beside
    the headers known; an empty one is not read. `dates`: header → order of day, month and year, where the rows leave
    it open. `numbers`: header → decimal mark of an amount column, where they leave that open. `currency`: what amounts
    are in where no cell, heading or column of currencies says it; empty, the hotel's. `reading`: what was said of the
    file itself. `yes`, `no`: what the consent columns' Y and N mean; unless mapped, Y proves nothing and N is a
    refusal. `meanings`: by field, what a value means that is not understood by itself, or is to be called
    otherwise. `constants`: by field, what stands for every row; no column is read for it. `list_name`: what the people
    of a file without stays are tagged with. `holds`: what files of this source were once taken for; None, as their
    columns say. `wishes`: by name of a wish its header, beside the one column of wishes that is found by itself.
    `own_dates`: by key of one of the house's own dates its header.
    """

    source: str = "pms"
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, Order] = field(default_factory=dict)
    numbers: Mapping[str, Mark] = field(default_factory=dict)
    currency: str = ""
    reading: Reading = field(default_factory=Reading)
    yes: ClaimedConsent = ClaimedConsent.UNKNOWN
    no: ClaimedConsent = ClaimedConsent.REFUSED
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    list_name: str = ""
    holds: Holds | None = None
    wishes: Mapping[str, str] = field(default_factory=dict)
    own_dates: Mapping[str, str] = field(default_factory=dict)

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """The place of each field's column. Raises `InputError` naming what is missing or must not be read."""
        problems = self._problems({normalised(name) for name in header})
        found = self.found(header)
        is_of_people = self.holds_of(header) is Holds.PEOPLE
        for name in NEEDED_OF_PEOPLE if is_of_people else REQUIRED:
            if (
                name not in found
                and name not in self.constants
                and not (name == "family_name" and "full_name" in found)
            ):
                known = (self.columns[name],) if self.columns.get(name) else HEADERS[name]
                named = " or ".join(known[:3])
                problems[name] = Problem(f"no such column; expected one named {named}", FileProblem.NO_COLUMN)
        if problems:
            told = "people" if is_of_people else "a reservation"
            raise InputError(f"the file's columns do not tell {told}", problems)
        return found

    def holds_of(self, header: Sequence[str]) -> Holds:
        """People, where a column says how to reach somebody or when they were born, and none speaks of a stay."""
        return self.holds or _held(self._all_found(header))

    def found(self, header: Sequence[str]) -> dict[str, int]:
        """The place of each field's column, also where required ones are missing; of a file of people, what is read of
        people."""
        found = self._all_found(header)
        found |= self._named(WISH, self.wishes, header) | self._named(OWN_DATE, self.own_dates, header)
        if (self.holds or _held(found)) is Holds.STAYS:
            found.pop("signed_on", None)
            return found
        if "status" in found and not {"email_consent", "sms_consent", "whatsapp_consent"} & found.keys():
            found["email_consent"] = found["status"]  # of a list, whether they are subscribed
        return {name: place for name, place in found.items() if name in OF_PEOPLE or name.startswith((WISH, OWN_DATE))}

    def _named(self, kind: str, columns: Mapping[str, str], header: Sequence[str]) -> dict[str, int]:
        by_name = {normalised(name): place for place, name in reversed(list(enumerate(header)))}
        return {
            f"{kind}{name}": by_name[normalised(column)]
            for name, column in columns.items()
            if normalised(column) in by_name and not NEVER_READ.search(normalised(column))
        }

    def _all_found(self, header: Sequence[str]) -> dict[str, int]:
        by_name = {normalised(name): place for place, name in reversed(list(enumerate(header)))}
        by_name.pop("", None)
        found = {}
        for name, known in HEADERS.items():
            if name in self.constants:
                continue
            wanted = (normalised(self.columns[name]),) if name in self.columns else known
            place = next((by_name[one] for one in wanted if one in by_name), None)
            if place is not None:
                found[name] = place
        bare = next((by_name[one] for one in BARE_NAMES if one in by_name), None)
        meant = _bare_name(found)
        if bare is not None and bare not in found.values() and meant not in self.columns:
            found.setdefault(meant, bare)
        return found

    def open_questions(self, header: Sequence[str], ambiguities: Sequence[Ambiguity]) -> list[Ambiguity]:
        """Of what a file leaves open that which concerns a column to be read, and which nobody has answered."""
        named = {normalised(one) for one in self.columns.values()}
        used = {header[place] for place in self.found(header).values()}
        return [
            one
            for one in ambiguities
            if one.kind is not FileProblem.HEADING
            or (used.intersection(one.readings) and not named.intersection(map(normalised, one.readings)))
        ]

    def questions(self, header: Sequence[str], ambiguities: Sequence[Ambiguity]) -> dict[str, str]:
        """The open questions as problems, by what they are about."""
        return {one.subject: Problem(str(one), one.kind) for one in self.open_questions(header, ambiguities)}

    def _problems(self, names: set[str]) -> dict[str, str]:
        problems: dict[str, str] = {}
        for name, header in self.columns.items():
            if name not in HEADERS:
                problems[name] = f"no such field; there are {', '.join(HEADERS)}"
            elif not header:
                continue
            elif NEVER_READ.search(normalised(header)):
                text = f"«{header}» looks like card or identity numbers, which are never read"
                problems[name] = Problem(text, FileProblem.NEVER_READ)
            elif normalised(header) not in names:
                problems[name] = f"the file has no column «{header}»"
        for header in (*self.wishes.values(), *self.own_dates.values()):
            if NEVER_READ.search(normalised(header)):
                problems[header] = Problem(f"«{header}» is never read", FileProblem.NEVER_READ)
        for header in (*self.dates, *self.numbers, *self.wishes.values(), *self.own_dates.values()):
            if normalised(header) not in names:
                problems[header] = "the file has no such column"
        return problems


def _held(found: Mapping[str, int]) -> Holds:
    is_of_people = not OF_STAYS & found.keys() and {"email", "phone", "birth_date"} & found.keys()
    return Holds.PEOPLE if is_of_people else Holds.STAYS


def _bare_name(found: Mapping[str, int]) -> str:
    """What a column called «Name» holds beside the others found."""
    if "given_name" in found and "family_name" not in found:
        return "family_name"
    return "given_name" if "family_name" in found and "given_name" not in found else "full_name"
