"""Every night cohorts are counted, and the windows that may have changed are asked for and counted one by one."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from services.segments.rules.figures import due_windows, oldest
from services.segments.store.figures import windows as store
from services.segments.store.figures.churn import keep_churn
from services.segments.store.figures.cohorts import keep_cohorts
from services.segments.store.figures.counting import keep_counted
from services.segments.store.figures.loyalty import keep_loyalty
from services.segments.store.figures.outlets import keep_outlets
from services.segments.store.figures.partners import keep_partners
from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Tx
from shared.vocabulary.window import window_of

NIGHT = time(2, 30)  # UTC


def next_count(tx: Tx) -> datetime | None:
    """When something is to be counted next: what waits, else the next night. At once where it never was and there are
    stays; None where there are none."""
    if asked := store.asked_since(tx):
        return asked
    if (night := store.next_night(tx)) is not None:
        return night
    return datetime.min.replace(tzinfo=UTC) if store.has_stays(tx) else None


def count_next(tx: Tx, now: datetime) -> None:
    """One window, or what is counted of all time and the plan of a night."""
    if one := store.claim_asked(tx):
        window, today = window_of(one.span, one.first), now.astimezone(UTC).date()
        keep_counted(tx, one.span, window, today, load_currencies(tx), now)
        keep_churn(tx, one.span, window, today)
    elif store.asked_since(tx) is None:
        plan_windows(tx, now)


def plan_windows(tx: Tx, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    known = {(one.span, one.first): at for one, at in store.counted(tx).items()}
    due = due_windows(today, store.changes_by_month(tx, oldest(today)), known)
    store.ask(tx, [store.Asked(span, first) for span, first in due], now)
    store.plan_night(tx, _night_after(now))
    keep_cohorts(tx, today, now)
    keep_loyalty(tx)
    keep_outlets(tx, today)
    keep_partners(tx, today)


def _night_after(now: datetime) -> datetime:
    night = datetime.combine(now.astimezone(UTC).date(), NIGHT, UTC)
    return night if night > now else night + timedelta(days=1)
