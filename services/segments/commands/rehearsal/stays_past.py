"""Days that have passed, played once more: stays turn when they did, as far as a stay tells.

What is kept of a stay is its newest state, with the instants at which it was booked, began and ended: an amendment is
played from the beginning. A guest whose first stay was booked within these days is nobody before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.evaluation.turns import midnight
from services.segments.commands.publish_states import publish_stays
from services.segments.commands.reservations.move_stays import turn
from services.segments.store import replays as store
from services.segments.store.evaluation import full_runs, sweeping
from services.segments.store.evaluation.facts import lock_guests, refresh_facts
from services.segments.store.guests.stays import load_stays
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.localtime import local_date
from shared.vocabulary.stay import StayStatus

HOUR = timedelta(hours=1)
AT_ONCE = 20_000
ORDER = (StayStatus.BOOKED, StayStatus.CANCELLED, StayStatus.NO_SHOW, StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT)


@dataclass(frozen=True)
class Turn:
    at: datetime
    to: StayStatus
    stays: tuple[UUID, ...]

    def play(self, tx: Tx) -> None:
        if self.to is StayStatus.BOOKED:
            _book(tx, self.stays, self.at)
        else:
            turn(tx, self.stays, self.to, self.at)


def rewind(tx: Tx, at: datetime) -> None:
    """Stays, guests and segments as they were at `at`; nothing of it is told."""
    guests = store.rewind_stays(tx, at)
    store.hide_guests(tx, at)
    for start in range(0, len(guests), AT_ONCE):
        lock_guests(tx, guests[start : start + AT_ONCE])
        refresh_facts(tx, guests[start : start + AT_ONCE])
    days = {zone: local_date(at, zone) for zone in sweeping.known_zones(tx)}
    sweeping.mark_swept(tx, {zone: (day, midnight(day + timedelta(days=1), zone)) for zone, day in days.items()})


def judge_all(tx: Tx, at: datetime) -> None:
    """Everybody's segments at the beginning."""
    full_runs.begin(tx, at, initial=False)
    while evaluate_next_range(tx, at):
        pass


def without_repairs(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """What differs at the beginning from today is no change of those days."""
    for chunk in chunks:
        if "because" not in chunk.columns:
            yield chunk
            continue
        kept = [place for place, why in enumerate(chunk["because"]) if why.get("what") != "repair"]
        if kept:
            yield Chunk(chunk.type, {name: [values[place] for place in kept] for name, values in chunk.columns.items()})


def turns_past(tx: Tx, at: datetime, until: datetime) -> Iterator[Turn]:
    """In order, to the full hour: what came to pass within one is played at its end."""
    found: dict[tuple[datetime, int], list[UUID]] = defaultdict(list)
    for stay, to, instant in store.turned(tx, at, until):
        found[min(_hour(instant), until), ORDER.index(StayStatus(to))].append(stay)
    for (instant, place), stays in sorted(found.items()):
        yield Turn(instant, ORDER[place], tuple(sorted(stays)))


def _hour(instant: datetime) -> datetime:
    whole = instant.replace(minute=0, second=0, microsecond=0)
    return whole if whole == instant else whole + HOUR


def _book(tx: Tx, ids: tuple[UUID, ...], at: datetime) -> None:
    store.reveal(tx, ids)
    stays = load_stays(tx, ids).values()
    lock_guests(tx, sorted({stay.guest_id for stay in stays}))
    publish_stays(tx, [(None, stay) for stay in stays], at)
    because = {
        stay.guest_id: Moved(stay.guest_id, {"kind": "stay", "what": "stay.booked", "stay_id": str(stay.id)})
        for stay in stays
    }
    evaluate_moved(tx, [because[guest] for guest in sorted(because)], at)
