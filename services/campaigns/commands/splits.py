"""A way of a split becomes everybody's: by its figures, or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from services.campaigns.rules.journey import Journey
from services.campaigns.rules.winner import Standing, Verdict, WayCount, judge
from services.campaigns.steps.split import Split
from services.campaigns.store import splits as store
from services.campaigns.store.journeys import documents_of, live_journeys, lock_journey, newest_version
from shared.access.audit import record
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx
from shared.errors import InputError, NotFound

A_DAY = timedelta(days=1)
BY_FIGURES = "guestloop"
ROLE = "splits"


def watch_splits(tx: Tx, journey: Journey, at: datetime) -> None:
    """Those of a launched version that a way is to win."""
    if steps := [step.key for step in journey.splits if step.winner_days]:
        store.watch(tx, journey.key, steps, at + A_DAY)


def judge_splits(tx: Tx, at: datetime, *, careful: bool = False) -> int:
    """Judge what is due; how many were. Who is in the split already keeps their way, the rest gets the winner. Careful,
    a split that cannot be judged is set aside."""
    due = store.claim_watched(tx, at)
    if not due:
        return 0
    lives = {live.key: live.journey for live in live_journeys(tx, at)}

    def go_on(some: Sequence[store.Watched]) -> None:
        for watched in some:
            _judge(tx, watched, lives.get(watched.journey), at)

    if careful:
        failed = work_in_halves(tx, due, go_on)
        set_aside(tx, ROLE, [Item(f"{one.journey} {one.step}", one.journey, reason) for one, reason in failed], at)
        for one, _ in failed:
            store.judge_again(tx, one, at + A_DAY, None, at)
    else:
        go_on(due)
    return len(due)


def _judge(tx: Tx, watched: store.Watched, journey: Journey | None, at: datetime) -> None:
    split = _split(journey, watched.step) if journey else None
    if split is None or split.winner_days is None:
        store.judge_again(tx, watched, None, None, at)  # a later version has it no more
        return
    days, names = split.winner_days, [way.name for way in split.ways]
    counts = store.counted(tx, watched.journey, watched.step, names, timedelta(days=days), at)
    verdict = judge(counts)
    figures = figures_of(counts, verdict, days)
    store.judge_again(tx, watched, max(watched.next_at, at) + A_DAY, figures, at)
    if verdict.standing is Standing.WON:
        store.decide(tx, watched.journey, watched.step, verdict.best, at, None, figures)
        record(tx, BY_FIGURES, "journey.way_won", f"journey {watched.journey}", {"step": watched.step, **figures}, at)


def choose_way(tx: Tx, key: str, step: str, way: str | None, at: datetime, by: str) -> None:
    """A person gives everybody a way, or (None) has them divided again. What the figures said is left to them."""
    row, newest = lock_journey(tx, key), newest_version(tx, key)
    if row is None or newest is None:
        raise NotFound(f"There is no journey «{key}».")
    version = row.live_version or newest[0]
    split = _split(documents_of(tx, [(key, version)])[key, version], step)
    if split is None:
        raise NotFound(f"The journey «{key}» has no split «{step}».")
    if way is not None and way not in {one.name for one in split.ways}:
        raise InputError(problems={"way": "one of the split's ways"})
    store.decide(tx, key, step, way, at, by, None)


def figures_of(counts: Sequence[WayCount], verdict: Verdict, days: int) -> dict[str, Any]:
    """As it is kept and shown."""
    return {"ways": [asdict(one) for one in counts], "days": days, **asdict(verdict)}


def _split(journey: Journey, key: str) -> Split | None:
    return next((step for step in journey.splits if step.key == key), None)
