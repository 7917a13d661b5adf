"""Who would enter and leave the audiences in use until a day to come, though nothing arrives: the sweep itself, on a
scratch copy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.evaluation.snapshot import next_snapshot, take_due_snapshot
from services.segments.commands.evaluation.sweep import sweep
from services.segments.commands.segments.lifecycle import bring_shipped, is_live, use_segment
from shared.bus.published import published_in
from shared.database.pool import Tx
from shared.database.scratch import OUTBOX, Copied
from shared.events.dictionary import Chunk

COPIES = (
    OUTBOX,
    Copied("guest", "merged_into is null and erased_at is null", only=("id", "home_zone")),
    *map(
        Copied,
        (
            *("segment", "segment_size", "ruleset", "membership", "membership_change", "evaluation_run", "zone_sweep"),
            *("property_average", "snapshot_plan", "set_aside"),
        ),
    ),
)
STRETCH = timedelta(days=7)
Reached = Callable[[datetime], None]
"""Is told how far it has come; may raise, where it is to go no further."""


@dataclass(frozen=True)
class Ahead:
    """`segments`: those that journeys of the rehearsal listen to, in use by now or not."""

    at: datetime
    until: datetime
    segments: Collection[str]


def forecast(tx: Tx, ahead: Ahead, reached: Reached) -> Iterator[Chunk]:
    """The changes of audience, as they would be published; each `at` its own instant. `tx` is a scratch copy."""
    _use(tx, ahead)
    while evaluate_next_range(tx, ahead.at):
        pass
    now = ahead.at
    while now < ahead.until:
        now = min(now + STRETCH, ahead.until)
        _pass_to(tx, now)
        reached(now)
    return published_in(tx, "audience.changed.v1")


def _use(tx: Tx, ahead: Ahead) -> None:
    bring_shipped(tx, ahead.segments, ahead.at)
    for key in sorted(ahead.segments):
        if is_live(tx, key):
            use_segment(tx, key, ahead.at)


def _pass_to(tx: Tx, now: datetime) -> None:
    """Every zone's days turn, each as of itself; averages are taken when they are due."""
    while (due := next_snapshot(tx)) is not None and due <= now:
        sweep(tx, due)
        take_due_snapshot(tx, due)
    sweep(tx, now)
