"""Every night guests are counted by RFM; borders that follow the guests are renewed on the first of a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from services.segments.commands.evaluation.snapshot import take_snapshot
from services.segments.commands.rfm.choose import renew_fifths
from services.segments.commands.stages import count_stages
from services.segments.shipped import shipped_bands
from services.segments.store.evaluation import snapshots
from services.segments.store.figures.windows import has_stays
from services.segments.store.rfm.bands import Mode, load_chosen
from services.segments.store.rfm.counting import count_night, last_night
from shared.database.pool import Tx

NIGHT = time(2, 45)  # UTC


def next_rfm(tx: Tx) -> datetime | None:
    """At once where it was never counted and there are stays."""
    if last := last_night(tx):
        return datetime.combine(last + timedelta(days=1), NIGHT, UTC)
    return datetime.min.replace(tzinfo=UTC) if has_stays(tx) else None


def never_counted(tx: Tx) -> bool:
    return last_night(tx) is None


def count_rfm(tx: Tx, now: datetime) -> None:
    """Without averages nobody spends much: they are taken first, where they never were."""
    as_of = now.astimezone(UTC).date()
    if not snapshots.averages(tx):
        take_snapshot(tx, now)
    chosen = load_chosen(tx)
    if chosen and chosen.mode is Mode.FIFTHS and _month(chosen.as_of) != _month(as_of):
        count_night(tx, as_of, chosen.bands, now)
        chosen = renew_fifths(tx, chosen, as_of, now)
    count_night(tx, as_of, chosen.bands if chosen else shipped_bands(), now)
    count_stages(tx, now)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
