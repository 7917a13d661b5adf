"""Which column of an export is which field: by its header, or as the mapping says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.segments.rules.dates import Order
from services.segments.rules.import_problems import FileProblem
from shared.errors import InputError, Problem
from shared.vocabulary.consent import ClaimedConsent

HEADERS: dict[str, tuple[str, ...]] = {
    "reservation": ("reservation_no", "reservation", "reservation_number", "reservation_id", "booking_no",
                    "booking_number", "booking_id", "confirmation_number", "confirmation_no", "conf_no", "res_no"),
    "property": ("property", "property_code", "property_id", "hotel", "hotel_code", "hotel_id", "resort"),
    "status": ("status", "reservation_status", "booking_status", "state"),
    "status_date": ("status_date", "reservation_status_date", "last_status_date"),
    "booked_on": ("booked_on", "booking_date", "created", "created_on", "created_at", "date_created",
                  "reservation_date", "insert_date", "booked_at"),
    "arrival": ("arrival", "arrival_date", "check_in", "checkin", "check_in_date", "start_date", "from"),
    "departure": ("departure", "departure_date", "check_out", "checkout", "check_out_date", "end_date", "to"),
    "room_type": ("room_type", "room_category", "unit_group", "room_class"),
    "rate_plan": ("rate_plan", "rate_plan_code", "rate_code", "board", "meal"),
    "adults": ("adults", "number_of_adults", "pax_adults"),
    "children": ("children", "number_of_children", "pax_children"),
    "channel": ("channel", "distribution_channel", "booking_channel", "source_of_business", "origin"),
    "market_segment": ("market_segment", "market", "market_code", "segment"),
    "rate": ("adr", "rate", "average_daily_rate", "room_rate", "rate_amount"),
    "revenue": ("room_revenue", "revenue", "total_revenue", "total_amount", "total"),
    "currency": ("currency", "currency_code"),
    "title": ("title", "salutation", "name_prefix"),
    "given_name": ("first_name", "given_name", "firstname", "guest_first_name", "forename"),
    "family_name": ("last_name", "family_name", "lastname", "surname", "guest_last_name", "name"),
    "email": ("email", "e_mail", "email_address", "guest_email", "mail"),
    "phone": ("phone", "phone_number", "mobile", "mobile_phone", "telephone", "cell_phone", "guest_phone"),
    "birth_date": ("birth_date", "date_of_birth", "birthdate", "birthday", "dob"),
    "language": ("language", "preferred_language", "language_code"),
    "country": ("country", "country_code", "nationality", "country_of_residence"),
    "tier": ("loyalty_tier", "tier", "membership_level", "loyalty_level", "vip"),
    "email_consent": ("marketing_email", "email_consent", "email_opt_in", "newsletter", "optin_email"),
    "sms_consent": ("marketing_sms", "sms_consent", "sms_opt_in", "optin_sms"),
}  # fmt: skip
REQUIRED = ("reservation", "property", "status", "status_date", "booked_on", "arrival", "departure", "family_name")
DATES = ("status_date", "booked_on", "arrival", "departure", "birth_date")
NEVER_READ = re.compile(
    r"(^|_)(card|credit|cc|pan|cvv|cvc|iban|passport|passaporte|identity|id_number|id_card|id_no|national_id|nif|nin"
    r"|dni|ssn|tax_id|document|licence|license)(_|$)|身份证|护照|证件|卡号|信用卡"
)


@dataclass(frozen=True)
class ImportMapping:
    """How an export is to be read.

    `source`: the system it comes from; with property and number it names a stay. `columns`: field → header, beside
    the headers known; an empty one is not read. `dates`: header → order of day, month and year, where the rows leave
    it open. `yes`, `no`: what the consent columns' Y and N mean; unless mapped, Y proves nothing and N is a refusal.
    """

    source: str = "pms"
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, Order] = field(default_factory=dict)
    yes: ClaimedConsent = ClaimedConsent.UNKNOWN
    no: ClaimedConsent = ClaimedConsent.REFUSED

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """The place of each field's column. Raises `InputError` naming what is missing or must not be read."""
        by_name = {normalised(name): place for place, name in reversed(list(enumerate(header)))}
        problems = self._problems(by_name)
        found = {}
        for name, known in HEADERS.items():
            wanted = (normalised(self.columns[name]),) if name in self.columns else known
            place = next((by_name[one] for one in wanted if one and one in by_name), None)
            if place is not None:
                found[name] = place
            elif name in REQUIRED:
                named = " or ".join((wanted if any(wanted) else known)[:3])
                problems[name] = Problem(f"no such column; expected one named {named}", FileProblem.NO_COLUMN)
        if problems:
            raise InputError("the file's columns do not tell a reservation", problems)
        return found

    def _problems(self, by_name: Mapping[str, int]) -> dict[str, str]:
        problems: dict[str, str] = {}
        for name, header in self.columns.items():
            if name not in HEADERS:
                problems[name] = f"no such field; there are {', '.join(HEADERS)}"
            elif not header:
                continue
            elif NEVER_READ.search(normalised(header)):
                text = f"«{header}» looks like card or identity numbers, which are never read"
                problems[name] = Problem(text, FileProblem.NEVER_READ)
            elif normalised(header) not in by_name:
                problems[name] = f"the file has no column «{header}»"
        for header in self.dates:
            if normalised(header) not in by_name:
                problems[header] = "the file has no such column"
        return problems


def normalised(header: str) -> str:
    """«E-mail Address» → e_mail_address; letters of every script count."""
    return re.sub(r"[\W_]+", "_", header.strip().lower()).strip("_")
