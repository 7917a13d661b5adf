"""Which stays a fact is asked of, on which channel, of which journey or date of the house's own, or for how long it
must have been so.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

NAMED = ("property", "channel", "room_type", "market_segment", "rate_plan", "company", "party", "along", "weekday")
LENGTHS = ("min_nights", "max_nights")
STAY_FILTERS = frozenset({*NAMED, *LENGTHS})
WINDOWS = frozenset({"window_days", "since", "until"})
CHANNEL = frozenset({"channel"})
DATE = frozenset({"date"})
JOURNEY = frozenset({"journey"})
HELD = frozenset({"for_days"})


@dataclass(frozen=True)
class Where:
    """Which stays are meant; an empty tuple means all. `window_days`: the last n days, today included. `since`,
    `until`: days, both of which belong to it. `party`, `along`, `weekday`: values of `Party`, of `Along`, and of
    `Weekday` for the arrival. `for_days`: it has been so for at least so many days. `date`: the key of one of the
    house's own dates; `journey`: of a journey.
    """

    window_days: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    property: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    room_type: tuple[str, ...] = ()
    market_segment: tuple[str, ...] = ()
    rate_plan: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    weekday: tuple[str, ...] = ()
    min_nights: int | None = None
    max_nights: int | None = None
    for_days: int | None = None
    date: tuple[str, ...] = ()
    journey: tuple[str, ...] = ()

    def named(self) -> str:
        """The key of the date or journey that is asked of; empty where none is."""
        return "".join((*self.date, *self.journey))

    def one_hotel(self) -> str | None:
        """The code of the only hotel that is meant: its amounts are in its own currency."""
        return self.property[0] if len(self.property) == 1 else None

    def filters(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What of a stay is narrowed, each to some values."""
        named = ((name, getattr(self, name)) for name in NAMED)
        return tuple((name, values) for name, values in named if values)

    def narrows(self) -> bool:
        """Whether only some stays are meant, whenever they were."""
        return bool(self.filters()) or self.min_nights is not None or self.max_nights is not None


EVERYWHERE = Where()
