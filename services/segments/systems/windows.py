"""The time between two looks at what changed: read page by page, and where a system counts, again if it shrank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

OVERLAP = timedelta(minutes=10)
"""What a system writes down late, or by a clock that is slow, is seen with the next look."""


@dataclass(frozen=True)
class Window:
    """`page`: the next one, from 1. `count`: how many changes there were when its first page was read."""

    begins: datetime
    ends: datetime
    page: Any = 1
    count: int | None = None

    def cursor(self, page: Any, count: int | None = None) -> dict[str, Any]:
        """That this window goes on there."""
        more = {"count": count} if count is not None else {}
        return {"from": self.begins.isoformat(), "to": self.ends.isoformat(), "page": page, **more}

    def after(self) -> dict[str, Any]:
        """That this window was read."""
        return {"since": self.ends.isoformat()}

    def shrank(self, count: int) -> bool:
        """What changes again while it is read leaves the window, and others slip through between two pages."""
        return self.count is not None and count < self.count


def window_of(
    cursor: Mapping[str, Any], since: datetime, now: datetime, first: Any = 1, longest: timedelta | None = None
) -> Window:
    """The one that is being read, else the next. `longest`: more than that no system looks at."""
    if "page" in cursor:
        return Window(_at(cursor["from"]), _at(cursor["to"]), cursor["page"], cursor.get("count"))
    begins = _at(cursor["since"]) - OVERLAP if "since" in cursor else since
    ends = now if longest is None else min(now, begins + longest)
    return Window(begins, ends, first)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
