"""Lengths of time as people say them: so many days or calendar months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Span:
    """Either days or months."""

    days: int = 0
    months: int = 0

    def before(self, now: datetime) -> datetime:
        """The instant that lies so long before `now`; of a month that is shorter, its last day."""
        months = now.year * 12 + now.month - 1 - self.months
        year, month = divmod(months, 12)
        day = min(now.day, calendar.monthrange(year, month + 1)[1])
        return now.replace(year=year, month=month + 1, day=day) - timedelta(days=self.days)

    @property
    def length(self) -> float:
        """In days, to compare two of them."""
        return self.days + self.months * 30.4375
