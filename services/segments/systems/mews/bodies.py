"""Mews' documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.segments.systems import values as read
from services.segments.systems.statement import Statement
from services.segments.systems.values import Document, NotRead, items, part
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

STATUSES: Mapping[str, StayStatus] = {
    **dict.fromkeys(("Inquired", "Confirmed", "Optional", "Requested"), StayStatus.BOOKED),
    "Started": StayStatus.CHECKED_IN,
    "Processed": StayStatus.CHECKED_OUT,
    "Canceled": StayStatus.CANCELLED,
}
BEGAN = {
    StayStatus.CHECKED_IN: "ActualStartUtc",
    StayStatus.CHECKED_OUT: "ActualEndUtc",
    StayStatus.CANCELLED: "CancelledUtc",
    StayStatus.NO_SHOW: "CancelledUtc",
}
NO_SHOW = "NoShow"


def statement_of(
    reservation: Document, hotel: str, customer: Document, totals: Mapping[str, tuple[Decimal, str]]
) -> Statement:
    """`customer`: empty where the account is a company's. `totals`: amount and currency by reservation. Raises
    `NotRead`.
    """
    number = read.needed(reservation.get("Id"), "Id")
    status = _status(reservation)
    updated = read.instant(reservation.get("UpdatedUtc"))
    if updated is None:
        raise NotRead("UpdatedUtc")
    begins = reservation.get("ActualStartUtc") or reservation.get("ScheduledStartUtc") or reservation.get("StartUtc")
    ends = reservation.get("ActualEndUtc") or reservation.get("ScheduledEndUtc") or reservation.get("EndUtc")
    amount, currency = totals.get(number, (None, None))
    began = BEGAN.get(status)
    stay: dict[str, Any] = {
        "status": status,
        "status_date": read.instant(reservation.get(began)) if began else None,
        "booked_on": read.needed_moment(reservation.get("CreatedUtc"), "CreatedUtc"),
        "arrival": read.needed_moment(begins, "ScheduledStartUtc"),
        "departure": read.needed_moment(ends, "ScheduledEndUtc"),
        "channel": read.text(reservation.get("Origin")),
        "revenue": amount,
        "currency": currency,
        **_people(reservation),
    }
    return Statement(hotel, number, updated, stay | _guest(customer))


def totals_of(order_items: Iterable[Document]) -> dict[str, tuple[Decimal, str]]:
    """By reservation what it costs; none where its items are of several currencies."""
    found: dict[str, tuple[Decimal, str] | None] = {}
    for item in order_items:
        number, price = read.text(item.get("ServiceOrderId")), part(item, "Amount")
        value, currency = _signed(price.get("GrossValue")), read.currency(price.get("Currency"))
        if number is None or value is None or currency is None or read.text(item.get("CanceledUtc")):
            continue
        if number not in found:
            found[number] = (value, currency)
        elif (before := found[number]) is not None:
            found[number] = (before[0] + value, currency) if before[1] == currency else None
    return {number: total for number, total in found.items() if total is not None and total[0] >= 0}


def customer_of(reservation: Document) -> str | None:
    """Who stays; None where it is a company's."""
    if read.text(reservation.get("AccountType")) not in (None, "Customer"):
        return None
    return read.text(reservation.get("AccountId")) or read.text(reservation.get("CustomerId"))


def _status(reservation: Document) -> StayStatus:
    said = read.text(reservation.get("State")) or ""
    if said not in STATUSES:
        raise NotRead("State")
    status = STATUSES[said]
    if status is StayStatus.CANCELLED and reservation.get("CancellationReason") == NO_SHOW:
        return StayStatus.NO_SHOW
    return status


def _people(reservation: Document) -> dict[str, Any]:
    """Who is in no age category is an adult; which categories are of children the reservation does not say."""
    counts = [read.count(one.get("Count")) for one in items(reservation, "PersonCounts")]
    return {"adults": sum(one for one in counts if one is not None)} if len(counts) == 1 else {}


def _guest(customer: Document) -> dict[str, Any]:
    """One who is inactive is erased there, and an address that an agency lent is known by its domain."""
    if not customer or customer.get("IsActive") is False:
        return {}
    country = read.first([part(customer, "Address").get("CountryCode"), customer.get("NationalityCode")])
    language = read.first([customer.get("PreferredLanguageCode"), customer.get("LanguageCode")])
    return {
        "title": read.text(customer.get("Title")),
        "given_name": read.text(customer.get("FirstName")),
        "family_name": read.text(customer.get("LastName")),
        "email": None if customer.get("HasOtaEmail") is True else read.text(customer.get("Email")),
        "phone": read.text(customer.get("Phone")),
        "birth_date": read.day(customer.get("BirthDate")),
        "language": read.language(language),
        "country": read.country(country),
        "email_consent": _consent(customer),
    }


def _consent(customer: Document) -> ClaimedConsent | None:
    """A list of what is agreed to; without the list nothing is said."""
    options = customer.get("Options")
    if not isinstance(options, list):
        return None
    return ClaimedConsent.EXPRESS if "SendMarketingEmails" in options else ClaimedConsent.REFUSED


def _signed(value: Any) -> Decimal | None:
    """A discount is an item of its own, below nothing."""
    minus = str(value).startswith("-")
    found = read.amount(str(value).removeprefix("-"))
    return -found if found is not None and minus else found
