"""Who would enter and leave the audiences in use until a day to come, though nothing arrives: the sweep itself, on a
scratch copy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.evaluation.snapshot import next_snapshot, take_due_snapshot
from services.segments.commands.evaluation.sweep import sweep
from services.segments.commands.rehearsal.left_out import leave_others_out
from services.segments.commands.rehearsal.stays_ahead import Turn as AheadTurn
from services.segments.commands.rehearsal.stays_ahead import turns_ahead
from services.segments.commands.rehearsal.stays_past import Turn as PastTurn
from services.segments.commands.rehearsal.stays_past import judge_all, rewind, turns_past, without_repairs
from services.segments.commands.segments.lifecycle import bring_shipped, is_live, use_segment
from services.segments.commands.segments.of_journeys import make_of_date
from shared.bus.published import published_in
from shared.database.pool import Tx
from shared.database.scratch import OUTBOX, Copied, Upkeep
from shared.events.campaigns import DateAudience
from shared.events.dictionary import Chunk
from shared.events.segments.stays import STAY_EVENTS

FACTS_OF_GUESTS = (
    *("id", "home_zone", "title", "language", "country", "region", "home_property", "tier", "tags", "do_not_contact"),
    *("birth_date", "rights", "merged_into", "erased_at", "created_at"),
)
OF_STAYS = (Copied("stay"), Copied("guest", only=FACTS_OF_GUESTS), Copied("guest_facts"))
COPIES = (
    OUTBOX,
    Copied("guest", "merged_into is null and erased_at is null", only=("id", "home_zone")),
    *map(
        Copied,
        (
            *("segment", "segment_size", "ruleset", "membership", "membership_change", "membership_since"),
            *("evaluation_run", "evaluation_range", "segment_size_change", "zone_sweep", "sweep_part"),
            *("property_average", "snapshot_plan", "set_aside"),
        ),
    ),
)
TURNS = tuple(STAY_EVENTS)
STRETCH = timedelta(days=7)
Reached = Callable[[datetime], None]
"""Is told how far it has come; may raise, where it is to go no further."""


@dataclass(frozen=True)
class Ahead:
    """`segments`: those that journeys of the rehearsal listen to, in use by now or not. `as_booked`: guests who have
    booked come and leave on the days they booked; else their stays stay as they are. `is_replay`: the days have passed,
    and stays turn when they did. `dates`: segments that a launch would make for journeys by a recurring date."""

    at: datetime
    until: datetime
    segments: Collection[str]
    as_booked: bool = False
    is_replay: bool = False
    dates: Sequence[DateAudience] = ()

    @property
    def copies(self) -> tuple[Copied, ...]:
        """What has to be copied before."""
        if not (self.as_booked or self.is_replay):
            return COPIES
        whole = {one.name for one in OF_STAYS}
        return (*(one for one in COPIES if one.name not in whole), *OF_STAYS)


def forecast(tx: Tx, ahead: Ahead, reached: Reached) -> Iterator[Chunk]:
    """The changes of stays and audiences, as they would be published, each with its own instant. `tx` is a scratch
    copy."""
    if ahead.is_replay:
        rewind(tx, ahead.at)
    _use(tx, ahead)
    leave_others_out(tx, ahead.at)
    if ahead.is_replay:
        judge_all(tx, ahead.at)
    while evaluate_next_range(tx, ahead.at):
        pass
    upkeep = Upkeep(tx, "membership", "membership_change")
    stays = deque(_turns(tx, ahead))
    now = ahead.at
    while now < ahead.until:
        now = min(now + STRETCH, ahead.until)
        while stays and stays[0].at <= now:
            one = stays.popleft()
            _pass_to(tx, one.at)
            one.play(tx)
            upkeep.grew(len(one.stays))
        _pass_to(tx, now)
        reached(now)
    told = published_in(tx, "audience.changed.v1", *TURNS)
    return without_repairs(told) if ahead.is_replay else told


def _turns(tx: Tx, ahead: Ahead) -> Iterable[AheadTurn | PastTurn]:
    if ahead.is_replay:
        return turns_past(tx, ahead.at, ahead.until)
    return turns_ahead(tx, ahead.at, ahead.until) if ahead.as_booked else ()


def _use(tx: Tx, ahead: Ahead) -> None:
    bring_shipped(tx, ahead.segments, ahead.at)
    for one in ahead.dates:
        make_of_date(tx, one, ahead.at)
    for key in sorted(ahead.segments):
        if is_live(tx, key):
            use_segment(tx, key, ahead.at)


def _pass_to(tx: Tx, now: datetime) -> None:
    """Every zone's days turn, each as of itself; averages are taken when they are due."""
    while (due := next_snapshot(tx)) is not None and due <= now:
        sweep(tx, due)
        take_due_snapshot(tx, due)
    sweep(tx, now)
