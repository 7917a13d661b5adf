"""Ask for a rehearsal, and end one that nobody waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.campaigns.commands.drafts import draft_of
from services.campaigns.commands.rehearsal.play import Launch
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.rehearsals import LONGEST, UNDER_WAY, Rehearsal, Stage
from services.campaigns.rules.requests import dates_of
from services.campaigns.steps.kind import Document
from services.campaigns.store import rehearsals as store
from services.campaigns.store.drafts import find as find_draft
from services.campaigns.store.journeys import lock_journey, newest_version
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.events import chunk_of
from shared.events.rehearsals import RehearsalRequested
from shared.ids import make_id

ASKED, ENDED = 1, 2  # versions of what is told of it


def ask(
    tx: Tx,
    journey: str | None,
    days: int,
    launches: Sequence[Launch],
    at: datetime,
    by: str,
    *,
    as_booked: bool = True,
    is_replay: bool = False,
) -> UUID:
    """All journeys that run are played, and these as if they were launched at its beginning. `as_booked`: guests who
    have booked come. `is_replay`: the days that have passed, instead of those to come. One of the same kind that is
    under way ends. Raises `InputError`."""
    if not 1 <= days <= LONGEST:
        raise InputError(problems={"days": "days"})
    for other in store.under_way(tx, journey, is_replay=is_replay):
        _end(tx, other, Stage.SUPERSEDED, at)
    again = [earlier] if (earlier := store.asked_at(tx, at)) else []  # on a clock that stands still
    begins = at - timedelta(days=days) if is_replay else at
    plain = [{"key": one.key, "document": one.document, "let_in_a_day": one.let_in_a_day} for one in launches]
    wanted = Rehearsal(
        id=make_id("rehearsal", journey or "", at.isoformat(), -days if is_replay else days, *again),
        journey=journey,
        days=days,
        at=begins,
        until=begins + timedelta(days=days),
        as_booked=as_booked or is_replay,
        is_replay=is_replay,
        launches=plain,
        state=Stage.FORECASTING,
        problem=None,
        asked_by=by,
        asked_at=at,
        reached_at=None,
        ended_at=None,
    )
    store.add(tx, wanted)
    _tell(tx, wanted, ASKED, [journey_of(one.document) for one in launches], at)
    return wanted.id


def to_be_launched(tx: Tx, key: str) -> Document | None:
    """The journey's draft, else its newest version; None where that runs already. Raises `NotFound`."""
    row, newest = lock_journey(tx, key), newest_version(tx, key)
    if row is None:
        raise NotFound(f"There is no journey «{key}».")
    if find_draft(tx, key) is None and newest and row.state == "live" and row.live_version == newest[0]:
        return None
    return draft_of(tx, key)


def cancel(tx: Tx, id_: UUID, at: datetime) -> bool:
    """Whether it was under way."""
    one = store.find(tx, id_)
    return one is not None and _end(tx, one, Stage.CANCELLED, at)


def fail(tx: Tx, id_: UUID, problem: str, at: datetime) -> bool:
    one = store.find(tx, id_)
    return one is not None and _end(tx, one, Stage.FAILED, at, problem)


def _end(tx: Tx, one: Rehearsal, stage: Stage, at: datetime, problem: str | None = None) -> bool:
    if not store.move(tx, one.id, UNDER_WAY, stage, at, problem):
        return False
    store.drop_changes(tx, one.id)
    _tell(tx, one, ENDED, (), at)
    return True


def _tell(tx: Tx, one: Rehearsal, version: int, launched: Sequence[Journey], at: datetime) -> None:
    """`launched`: in the rehearsal only; what they listen to, and what has to be made for them, is not there yet."""
    told = RehearsalRequested(
        rehearsal_id=one.id,
        version=version,
        at=one.at,
        until=one.until,
        segments=sorted({key for journey in launched for key in journey.segments}),
        as_booked=one.as_booked,
        ended=version == ENDED,
        is_replay=one.is_replay,
        dates=[date for journey in launched for date in dates_of(journey)],
        occurred_at=at,
    )
    publish(tx, chunk_of([told]), at=at)
