"""What the command line prints while it works and when it is done."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from guestloop.cli.preview import print_columns, print_refused
from services.segments.imports.chunks import Imported
from services.segments.imports.seen import RefusedReason, column_of
from shared.vocabulary.reason import reason_named

if TYPE_CHECKING:
    from guestloop.simulation.simulate import Period, Result


class DayBar:
    """A progress bar over the days of a simulation, on standard error."""

    def __init__(self, period: Period) -> None:
        self._last = period.last
        self._bar: tqdm[Any] | None = None
        self._day: date | None = None

    def __enter__(self) -> DayBar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, instant: datetime) -> None:
        today = instant.date()
        if self._bar is None:
            days = (self._last - today).days + 1
            self._bar = tqdm(total=days, unit="day", file=sys.stderr, mininterval=0.5, disable=None)
            self._day = today
        elif self._day and today > self._day:
            self._bar.update((min(today, self._last) - self._day).days)
            self._day = today
            self._bar.set_postfix_str(today.isoformat(), refresh=False)


class RowBar:
    """A progress bar over the rows of an import, on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> RowBar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = tqdm(total=total, unit="row", file=sys.stderr, disable=None)
        self._bar.update(done - self._bar.n)


def report_simulation(result: Result, rejects: Path) -> None:
    """Guests, the rows not played, and by journey what was sent, held and refused with the reason in words."""
    print(f"{result.guests:,} guests")
    print_refused(result.rejects, result.reasons)
    if result.rejects:
        print(f"  each with its line: {rejects}")
    for journey in sorted({journey for journey, *_ in result.decisions}):
        print(f"\n{journey}")
        lines = Counter(
            {(state, reason): count for (one, state, reason), count in result.decisions.items() if one == journey}
        )
        for (state, reason), count in sorted(lines.items(), key=lambda line: (line[0][0] != "sent", -line[1])):
            known = reason_named(reason)
            why = f": {known.label if known else reason}" if reason else ""
            print(f"  {count:>7,}  {state}{why}")


def report_import(done: Imported, rejects: Path) -> None:
    if done.nothing_changed and not done.rejected:
        print(f"{done.rows:,} rows: nothing changed")
        return
    if done.list_name:
        print(f"this file holds people, not stays; each is tagged «{done.list_name}»")
    print(
        f"{done.rows:,} rows: {done.stays_made:,} new stays, {done.guests_made:,} new guests"
        f", {done.unchanged:,} unchanged"
    )
    joins = ", ".join(f"{count:,} by {key}" for key, count in sorted(done.joins.items()))
    print(f"{done.joins.total():,} rows joined a known guest ({joins}); {done.duplicates:,} possible duplicates filed")
    print_columns([column_of(one) for one in done.columns])
    print_refused(done.rejected, [RefusedReason(**one) for one in done.reasons])
    if done.rejected:
        print(f"  each with its line: {rejects}")
