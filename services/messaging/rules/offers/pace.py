"""For how long the codes of an offer last, at the pace of late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

LATELY = timedelta(days=7)
WARNED_WITHIN = 14  # days


@dataclass(frozen=True)
class Stock:
    """`lately`: how many were given within `LATELY`."""

    left: int
    lately: int

    @property
    def days(self) -> int | None:
        """Whole days for which they last; None while none is given."""
        return self.left * LATELY.days // self.lately if self.lately else None

    @property
    def is_low(self) -> bool:
        """None is left, or not enough for a fortnight."""
        return self.left == 0 or (self.days is not None and self.days < WARNED_WITHIN)
