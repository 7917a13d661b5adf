"""What the house changed of the rules by country, as the gate reads it, and how far a change may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.messaging.rules.channel import Hours

EVERYWHERE_ELSE = "*"
"""Countries without a row of their own, and guests whose country is not known."""


@dataclass(frozen=True, slots=True)
class Cap:
    """So many offers at most within so long."""

    most: int
    within: timedelta


@dataclass(frozen=True)
class HouseRules:
    """By country, what counts instead of what is shipped; days that are a public holiday here, or are none."""

    hours: Mapping[str, Hours] = field(default_factory=dict)
    caps: Mapping[str, Cap] = field(default_factory=dict)
    days: Mapping[tuple[str, date], bool] = field(default_factory=dict)

    def cap_of(self, country: str | None, usual: Cap) -> Cap:
        """A country without a cap of its own has the one that the house set for all such, else the usual one."""
        return self.caps.get(country or "") or self.caps.get(EVERYWHERE_ELSE) or usual

    def longest(self, usual: Cap) -> timedelta:
        return max(cap.within for cap in (usual, *self.caps.values()))


AS_USUAL = HouseRules()


def widened(now: Hours, shipped: Hours) -> list[str]:
    """In what the one allows more than the other: of opens, closes, days and holidays."""
    found = {
        "opens": now.opens < shipped.opens,
        "closes": now.closes > shipped.closes,
        "days": not now.days <= shipped.days,
        "holidays": now.on_holidays and not shipped.on_holidays,
    }
    return [name for name, is_wider in found.items() if is_wider]


def outside(hours: Hours, bounds: Hours) -> list[str]:
    """Which of opens and closes lies outside the bounds of all countries."""
    return [name for name in widened(hours, bounds) if name in ("opens", "closes")]


def in_order(days: Iterable[int]) -> list[int]:
    return sorted(set(days))
