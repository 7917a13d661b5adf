"""Which windows a night counts: those that still change, those never counted, those whose stays were changed since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from shared.vocabulary.window import Span, Window, window_of

YEARS = 5
SETTLES_AFTER = timedelta(days=62)
"""For so long after its end a window is counted every night: complaints and late corrections still come."""
RIPE_AFTER = timedelta(days=365)
"""Within so long a new guest is to have come again; of whom came later nothing can be said yet."""


def due_windows(
    today: date, changes: Mapping[date, datetime], counted: Mapping[tuple[Span, date], datetime | None]
) -> list[tuple[Span, date]]:
    """`changes`: by the first day of a month in which stays ended, when they were last changed. Of five years."""
    found: set[tuple[Span, date]] = set()
    for month, changed_at in changes.items():
        for span in Span:
            window = window_of(span, month)
            if window.first <= today and not _is_settled(window, today, counted.get((span, window.first)), changed_at):
                found.add((span, window.first))
            after = window_of(span, window.until)  # of which the guests are those who may come back
            if after.first <= today and not _is_settled(after, today, counted.get((span, after.first)), changed_at):
                found.add((span, after.first))
    return sorted(found)


def oldest(today: date) -> date:
    return date(today.year - YEARS, 1, 1)


def _is_settled(window: Window, today: date, counted_at: datetime | None, changed_at: datetime) -> bool:
    return window.until + SETTLES_AFTER <= today and counted_at is not None and counted_at >= changed_at
