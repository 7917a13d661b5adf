"""Lengths of time as people say them: so many days or calendar months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.localtime import months_later


@dataclass(frozen=True)
class Span:
    """Either days or months."""

    days: int = 0
    months: int = 0

    def before(self, now: datetime) -> datetime:
        """The instant that lies so long before `now`."""
        return months_later(now, -self.months) - timedelta(days=self.days)

    @property
    def length(self) -> float:
        """In days, to compare two of them."""
        return self.days + self.months * 30.4375
