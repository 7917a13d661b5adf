"""What journeys would ask for, were time to go on and nothing arrive: the commands themselves, on a scratch copy.

A guest who is written to does what most do: nothing. Who would answer, click or book is not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from services.campaigns.commands.launch import launch, resume
from services.campaigns.commands.on.audiences import on_audience_changed
from services.campaigns.commands.on.stays import on_stay_changed
from services.campaigns.commands.publish import publish
from services.campaigns.commands.tick import tick
from services.campaigns.personal_data import OWN_TABLES
from services.campaigns.rules.rehearsals import Rehearsal
from services.campaigns.steps.kind import Document
from services.campaigns.store import replays as store
from services.campaigns.store.journeys import lock_journey
from services.campaigns.store.rehearsals import Change, changes_of
from services.campaigns.store.timers import next_due
from shared.bus.published import published_in
from shared.database.pool import Tx
from shared.database.scratch import EMPTY, OUTBOX, Copied, Upkeep
from shared.events.dictionary import Chunk, EventType, event_type

SOME_ROWS = {
    "enrolment": "state in ('waiting', 'paused') or changed_at > %(since)s",
    "message": "settled_at is null or requested_at > %(since)s",
    "goal": EMPTY,  # what was reached before changes nothing; what a stay reaches may end a journey
}
ONLY_READ = frozenset(
    {
        *("property_known", "event_seen", "written_to", "journey_tally"),
        *("rehearsal", "rehearsal_change", "rehearsal_line", "rehearsal_sum", "rehearsal_verdict", "rehearsal_pace"),
        *("rehearsal_expected", "result_kept"),
    }
)
"""Too large to copy or no journey's matter. Whatever is not named here is copied, so that a new kind of step may write
to a table of its own."""
COPIES = (
    OUTBOX,
    Copied("set_aside"),
    *(Copied(one.name, SOME_ROWS.get(one.name, "true")) for one in OWN_TABLES if one.name not in ONLY_READ),
)
COPIES_OF_PAST = (*COPIES, Copied("written_to", EMPTY))
"""Of days that have passed: stays are booked in them, and nobody was written to before."""
BY = "rehearsal"
CROSSED = event_type("audience.changed.v1")
Arrival = tuple[datetime, Chunk]
Reached = Callable[[datetime], None]


@dataclass(frozen=True)
class Launch:
    """A journey as if it were launched now. `document`: as it would be published."""

    key: str
    document: Document
    let_in_a_day: int | None = None


def begin(tx: Tx, launches: Sequence[Launch], at: datetime) -> None:
    """Each is published and launched, as if somebody had just pressed the button; a paused one goes on."""
    for one in launches:
        version = publish(tx, one.document, at, BY)
        row = lock_journey(tx, one.key)
        if row is not None and row.state == "paused":
            resume(tx, one.key, at=at)
        launch(tx, one.key, at=at, by=BY, version=version, let_in_a_day=one.let_in_a_day)


def begin_anew(tx: Tx, one: Rehearsal) -> None:
    """Days that have passed: what runs is launched as they begin, and nobody is on their way."""
    store.rewind(tx, one.id, one.at)
    for key, version in store.running(tx):
        launch(tx, key, at=one.at, by=BY, version=version)


def play(tx: Tx, changes: Iterable[Arrival], at: datetime, until: datetime, most: int, reached: Reached) -> None:
    """Audiences and stays change and timers run out, each at its instant. `tx` is a scratch copy."""
    upcoming = iter(changes)
    upkeep = Upkeep(tx, "message", "audience_member", queues=["enrolment"])
    change = next(upcoming, None)
    now, due = at, next_due(tx)
    while True:
        instants = [instant for instant in (change and change[0], due) if instant is not None]
        if not instants or min(instants) > until:
            return
        now = max(min(instants), now)
        if change is not None and change[0] <= now:
            while change is not None and change[0] <= now:
                _handle(tx, change[1], now)
                upkeep.grew(len(change[1]))
                change = next(upcoming, None)
            due = next_due(tx)
        while due is not None and due <= now and tick(tx, now, most):
            due = next_due(tx)
        reached(now)


def _handle(tx: Tx, chunk: Chunk, at: datetime) -> None:
    if chunk.type is CROSSED:
        on_audience_changed(tx, chunk, at)
    else:
        on_stay_changed(tx, chunk, at)


def launches_of(one: Rehearsal) -> list[Launch]:
    return [Launch(**launch) for launch in one.launches]


def forecast_of(tx: Tx, one: Rehearsal) -> Iterator[Arrival]:
    """What segments told of it, in chunks of one instant and kind."""
    for (at, kind), found in groupby(changes_of(tx, one.id), key=_kind):
        some = list(found)
        yield at, _stays(event_type(kind), some) if kind else _crossings(some)


def _kind(change: Change) -> tuple[datetime, str]:
    """Its instant, and the event of the stay that turns."""
    return change.at, change.stay.get("type", "")


def _crossings(changes: Sequence[Change]) -> Chunk:
    columns: dict[str, list[Any]] = {
        "guest_id": [str(one.guest_id) for one in changes],
        "segment": [one.segment for one in changes],
        "version": [one.version for one in changes],
        "entered": [one.entered for one in changes],
        "initial": [one.initial for one in changes],
        "at": [one.at.isoformat() for one in changes],
        "zone": [one.zone for one in changes],
        "because": [one.because for one in changes],
    }
    return Chunk(CROSSED, columns)


def _stays(kind: EventType, changes: Sequence[Change]) -> Chunk:
    return Chunk(kind, {name: [one.stay[name] for one in changes] for name in kind.columns})


def stays_of(tx: Tx, one: Rehearsal) -> list[Change]:
    """The stays that turn in it: messaging hears of them by campaigns."""
    return changes_of(tx, one.id, of_stays=True)


def asked_for(tx: Tx) -> Iterator[Chunk]:
    """What was asked for and taken back in it, in that order."""
    return published_in(tx, "message.requested.v1", "message.withdrawn.v1")
