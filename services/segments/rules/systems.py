"""Other systems whose reservations come here: their kinds, what can be the matter with one, when it is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.vocabulary.term import N_, Term

HISTORY = timedelta(days=730)
"""How far back a new connection reads; what is older comes as a file."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 5 * 60, 15 * 60, 30 * 60))
"""After the first failure in a row, the second, …; the last one for all that follow."""
LONGEST_REST = timedelta(hours=6)
MOST_ATTEMPTS = 8
"""One reservation that cannot be read is left to people after so many."""
DELETED, OTHER_HOTEL, ELSEWHERE, UNREAD = "deleted", "hotel", "kind", "unread"
"""Why something was not taken."""


SILENT_AFTER = LONGEST_REST
"""For so long a system that is asked may give nothing before people are told."""


class SystemKind(Term):
    APALEO = "apaleo", N_("Apaleo")
    MEWS = "mews", N_("Mews")
    CLOUDBEDS = "cloudbeds", N_("Cloudbeds")
    OPERA = "opera", N_("OPERA Cloud (OHIP)")
    OTA_XML = "ota_xml", N_("OTA / HTNG XML")


class Untold(Term):
    """What a reservation that was taken came without; a clause that stands after «3 reservations»."""

    GUEST = "guest", N_("came without a guest")
    NAME = "name", N_("came without the guest’s name")
    CONTACT = "contact", N_("came without an address or number of the guest")
    BOOKED_ON = "booked_on", N_("came without the day of booking: that of arrival counts as it")
    MONEY = "money", N_("came without an amount in a currency that is known")
    PEOPLE = "people", N_("came without the number of guests")

    @property
    def reason(self) -> str:
        """Its key among the counts of a connection."""
        return f"untold:{self}"


class SystemTrouble(Term):
    """Why a system that answers does not give what it was asked for."""

    CREDENTIALS = "credentials", N_("It does not accept these credentials."), "bad"
    TOO_OFTEN = "too_often", N_("It asks us to wait: too many requests."), "look"
    FAILING = "failing", N_("It reports a fault of its own."), "bad"
    REFUSED = "refused", N_("It refuses what it is asked."), "bad"
    NOT_UNDERSTOOD = "not_understood", N_("Its answer is not what its maker describes."), "bad"


class SystemNeed(StrEnum):
    """Why people have to look at a connection."""

    CREDENTIALS = "credentials"
    SILENT = "silent"
    UNREAD = "unread"


def need_of(
    trouble: str | None,
    heard_at: datetime | None,
    made_at: datetime,
    asked_at: datetime | None,
    unread: int,
    now: datetime,
) -> SystemNeed | None:
    """`heard_at`: when it answered last. `asked_at`: when it is to be asked; None where it is never asked, so that its
    silence says nothing. `unread`: reservations that were given up.
    """
    if trouble == SystemTrouble.CREDENTIALS:
        return SystemNeed.CREDENTIALS
    if trouble and now - (heard_at or made_at) >= SILENT_AFTER:
        return SystemNeed.SILENT
    if asked_at is not None and now - asked_at >= SILENT_AFTER:
        return SystemNeed.SILENT
    return SystemNeed.UNREAD if unread else None


@dataclass(frozen=True)
class Pace:
    """At most `requests` within `within`; half of what the maker allows, since two windows may touch."""

    requests: int
    within: timedelta


def pause_after(failures: int) -> timedelta:
    """`failures`: in a row, one at least."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


def rest_until(now: datetime, failures: int, asked_for: timedelta | None) -> datetime:
    """`asked_for`: how long the system wants to be left alone, where it says so."""
    pause = pause_after(failures)
    return now + min(max(pause, asked_for), LONGEST_REST) if asked_for else now + pause
