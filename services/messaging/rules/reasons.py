"""Why a message does not go, in the order in which the gate asks."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    DO_NOT_CONTACT = "do_not_contact"
    MUTED = "muted"
    ERASED = "erased"
    NO_CONTACT_POINT = "no_contact_point"
    MASKED_ADDRESS = "masked_address"
    SUPPRESSED = "suppressed"
    NO_SENDER_FOR_COUNTRY = "no_sender_for_country"
    NO_CONSENT = "no_consent"
    NO_BASIS = "no_basis"
    FOR_EVERYONE_ONLY = "for_everyone_only"  # objects to offers chosen for her
    MINOR = "minor"
    PLACEHOLDER_DATE = "placeholder_date"
    STALE_DATA = "stale_data"
    OPEN_COMPLAINT = "open_complaint"
    IN_HOUSE = "in_house"
    FUTURE_BOOKING = "future_booking"
    SAME_TRIP = "same_trip"
    MISSING_VALUE = "missing_value"
    HOUSEHOLD = "household"
    PRIORITY = "priority"
    FREQUENCY_CAP = "frequency_cap"
    HOLDOUT = "holdout"
    STOPPED = "stopped"
    QUIET_HOURS = "quiet_hours"
    EXPIRED = "expired"


_PLACE = {reason: place for place, reason in enumerate(Reason)}


def further(one: Reason, other: Reason) -> bool:
    """Whether `one` came further through the gate than `other`."""
    return _PLACE[one] > _PLACE[other]
