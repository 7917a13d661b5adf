"""Which stays a fact is asked of, or on which channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STAY_FILTERS = frozenset({"property", "channel", "room_type", "market_segment"})
WINDOWS = frozenset({"window_days", "since"})
CHANNEL = frozenset({"channel"})


@dataclass(frozen=True)
class Where:
    """Which stays are meant; an empty tuple means all. `window_days`: the last n days, today included."""

    window_days: int | None = None
    since: date | None = None
    property: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    room_type: tuple[str, ...] = ()
    market_segment: tuple[str, ...] = ()

    def one_hotel(self) -> str | None:
        """The code of the only hotel that is meant: its amounts are in its own currency."""
        return self.property[0] if len(self.property) == 1 else None

    def filters(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The columns of a stay that are narrowed, each to some values."""
        named = (
            ("property", self.property),
            ("channel", self.channel),
            ("room_type", self.room_type),
            ("market_segment", self.market_segment),
        )
        return tuple((column, values) for column, values in named if values)


EVERYWHERE = Where()
