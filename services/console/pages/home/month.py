"""What this month brought so far, and what goes out on the next days: what campaigns tells of both, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from services.console.queries.home import Daily
from shared.web.i18n.formatting import money, near_day, number

NAMED = 3  # journeys of a day; the others are added up


@dataclass(frozen=True)
class Month:
    """`bookings`, `earned`: None where campaigns does not answer, or counts them for the first time. `counted_at`: of
    when they are; None: of now."""

    first: date
    sent: int
    bookings: int | None
    earned: str | None
    counted_at: datetime | None = None
    is_awaited: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.sent and not self.bookings and not self.is_awaited


def month_of(daily: Sequence[Daily], won: Mapping[str, Any] | None, today: date) -> Month:
    first = today.replace(day=1)
    sent = sum(one.messages for one in daily if one.day >= first)
    if not won:
        return Month(first, sent, None, None)
    if won["bookings"] is None:
        return Month(first, sent, None, None, is_awaited=True)
    sums = [money(Decimal(one["amount"]), one["currency"]) for one in won["earned"]]
    at = datetime.fromisoformat(won["counted_at"]) if won.get("counted_at") else None
    return Month(first, sent, won["bookings"], gettext(", ").join(sums) or None, at)


@dataclass(frozen=True)
class ComingDay:
    """`journeys`: the greatest by name, and how many guests the others have."""

    iso: str
    name: str
    guests: int
    journeys: str


def coming_days(told: Sequence[Mapping[str, Any]], today: date) -> list[ComingDay]:
    """Those on which something is planned."""
    return [day for day in (_day(one, today) for one in told) if day.guests]


def _day(told: Mapping[str, Any], today: date) -> ComingDay:
    counts = [(one["name"], int(one["guests"])) for one in told["journeys"]]
    words = [gettext("%(name)s: %(count)s", name=name, count=number(guests)) for name, guests in counts[:NAMED]]
    if others := sum(guests for _, guests in counts[NAMED:]):
        words.append(gettext("others: %(count)s", count=number(others)))
    name = near_day(date.fromisoformat(told["day"]), today)
    return ComingDay(told["day"], name, sum(guests for _, guests in counts), " · ".join(words))
