"""What goes out on the next days, as the home page tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.campaigns.queries.calendar import planned
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.localtime import zone_named

DAYS = 7


@dataclass(frozen=True)
class Coming:
    """A day where the guests are, and how many are due by journey, the most first."""

    day: date
    journeys: Sequence[tuple[str, int]]


def coming(tx: Tx, now: datetime, today: date, scope: Scope) -> list[Coming]:
    """From `today` on; messages that gates may yet keep back are among them."""
    last = today + timedelta(days=DAYS)
    found: dict[date, Counter[str]] = {today + timedelta(days=number): Counter() for number in range(DAYS)}
    for due in planned(tx, now, now + timedelta(days=DAYS + 1), scope):
        day = due.hour.astimezone(zone_named(due.zone)).date()
        if day < last:
            found[max(day, today)][due.journey] += due.guests
    return [Coming(day, sorted(counts.items(), key=lambda one: (-one[1], one[0]))) for day, counts in found.items()]
