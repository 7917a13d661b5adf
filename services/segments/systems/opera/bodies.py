"""OPERA's documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.segments.systems import values as read
from services.segments.systems.statement import Statement
from services.segments.systems.values import Document, NotRead, items, part
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus

STATUSES: Mapping[str, StayStatus] = {
    **dict.fromkeys(("Reserved", "Requested", "Waitlisted", "DueIn"), StayStatus.BOOKED),
    **dict.fromkeys(("InHouse", "DueOut", "Walkin", "WalkIn", "PendingCheckout"), StayStatus.CHECKED_IN),
    "CheckedOut": StayStatus.CHECKED_OUT,
    "Cancelled": StayStatus.CANCELLED,
    "NoShow": StayStatus.NO_SHOW,
}
"""PendingCheckout has not left yet."""
SUM = ("roomStay", "total")
REVENUES = ("cashiering", "revenuesAndBalances", "totalRevenue")


def statement_of(reservation: Document, profile: Document) -> Statement:
    """`profile`: as the CRM has the first guest's, empty where there is none. Raises `NotRead`."""
    status = _status(reservation)
    changed, room = changed_at(reservation), part(reservation, "roomStay")
    rates = items(room, "roomRates")
    rate = rates[0] if rates else {}
    counts = part(room, "guestCounts") or part(rate, "guestCounts")
    amount, currency = _money(reservation)
    stay: dict[str, Any] = {
        "status": status,
        "status_date": changed.date() if status is StayStatus.CANCELLED else None,
        "booked_on": _day(reservation.get("createDateTime"), "createDateTime"),
        "arrival": _day(room.get("arrivalDate"), "roomStay.arrivalDate"),
        "departure": _day(room.get("departureDate"), "roomStay.departureDate"),
        "room_type": read.text(rate.get("roomType")),
        "rate_plan": read.text(rate.get("ratePlanCode")),
        "market_segment": read.text(rate.get("marketCode")),
        "adults": read.count(counts.get("adults")),
        "children": read.count(counts.get("children")),
        "channel": read.first([part(reservation, "sourceOfSale").get("sourceCode"), rate.get("sourceCode")]),
        "revenue": amount,
        "currency": currency,
    }
    hotel = read.needed(reservation.get("hotelId"), "hotelId")
    return Statement(hotel, number_of(reservation), changed, stay | _guest(profile or _embedded(reservation)))


def number_of(reservation: Document) -> str:
    """Raises `NotRead`."""
    numbers = {str(one.get("type")): one.get("id") for one in items(reservation, "reservationIdList")}
    return read.needed(numbers.get("Reservation"), "reservationIdList")


def profile_number(reservation: Document) -> str | None:
    """Of the guest who is marked as the first, else the first."""
    info = part(_first_guest(reservation), "profileInfo")
    numbers = {str(one.get("type")): one.get("id") for one in items(info, "profileIdList")}
    return read.text(numbers.get("Profile"))


def changed_at(reservation: Document) -> datetime:
    """Compared with others of its kind alone, so that its missing offset says nothing. Raises `NotRead`."""
    for name in ("lastModifyDateTime", "createDateTime"):
        try:
            found = datetime.fromisoformat(str(reservation.get(name)).strip())
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise NotRead("lastModifyDateTime")


def _status(reservation: Document) -> StayStatus:
    said = read.first([reservation.get("computedReservationStatus"), reservation.get("reservationStatus")]) or ""
    if said not in STATUSES:
        raise NotRead("reservationStatus")
    return STATUSES[said]


def _money(reservation: Document) -> tuple[Any, str | None]:
    """What was spent, once something was; before that what was agreed."""
    spent = part(reservation, *REVENUES)
    if found := read.amount(spent.get("amount")):
        return found, read.currency(spent.get("currencyCode"))
    total = part(reservation, *SUM)
    agreed = [read.amount(total.get(name)) for name in ("amountAfterTax", "amountBeforeTax")]
    return next((one for one in agreed if one is not None), None), read.currency(total.get("currencyCode"))


def _first_guest(reservation: Document) -> dict[str, Any]:
    guests = items(reservation, "reservationGuests")
    return next((one for one in guests if one.get("primary") is True), guests[0] if guests else {})


def _embedded(reservation: Document) -> dict[str, Any]:
    return part(_first_guest(reservation), "profileInfo", "profile")


def _guest(profile: Document) -> dict[str, Any]:
    customer = part(profile, "customer")
    if _is_anonymous(customer):
        return {}
    names = items(customer, "personName")
    name = next((one for one in names if one.get("nameType") == "Primary"), names[0] if names else {})
    email = _first(items(profile, "emails", "emailInfo"), "email")
    phone = _first(items(profile, "telephones", "telephoneInfo"), "telephone")
    address = _first(items(profile, "addresses", "addressInfo"), "address")
    country = address.get("country")
    codes = [part(country).get("code"), part(country).get("value"), country, customer.get("nationality")]
    return {
        "title": read.text(name.get("namePrefix") or name.get("nameTitle")),
        "given_name": read.text(name.get("givenName")),
        "family_name": read.text(name.get("surname")),
        "email": read.text(email.get("emailAddress")),
        "phone": read.text(phone.get("phoneNumber")),
        "birth_date": read.day(customer.get("birthDate")),
        "language": read.language(customer.get("language") or name.get("language")),
        "country": next((found for code in codes if (found := read.country(code))), None),
        "tier": _tier(profile),
        **_consents(part(profile, "privacyInfo")),
    }


def _consents(privacy: Document) -> dict[str, ClaimedConsent | None]:
    """A no to mail at all goes before a yes to marketing. A yes to texts is no written one, so it says nothing."""
    refused = read.consent(privacy.get("allowEmail")) is ClaimedConsent.REFUSED
    email = ClaimedConsent.REFUSED if refused else read.consent(privacy.get("optInEmail"))
    texts = {read.consent(privacy.get(name)) for name in ("allowSMS", "optInSms")}
    return {"email_consent": email, "sms_consent": ClaimedConsent.REFUSED if ClaimedConsent.REFUSED in texts else None}


def _tier(profile: Document) -> str | None:
    memberships = items(profile, "profileMemberships", "profileMembership") or items(profile, "profileMemberships")
    return read.first(one.get("membershipLevel") for one in memberships)


def _is_anonymous(customer: Document) -> bool:
    return (read.text(part(customer, "anonymization").get("anonymizationStatus")) or "").lower() == "anonymized"


def _first(infos: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The one marked as the first, else the first."""
    found = [part(one, name) for one in infos]
    return next((one for one in found if one.get("primaryInd") is True), found[0] if found else {})


def _day(value: Any, field: str) -> Any:
    found = read.day(value)
    if found is None:
        raise NotRead(field)
    return found
