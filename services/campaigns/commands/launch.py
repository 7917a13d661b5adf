"""Launch a journey, take the launch back, pause, resume and end it."""

from __future__ import annotations

from datetime import date, datetime

from services.campaigns.commands.leave import Leaving, leave
from services.campaigns.commands.scan_stays import begin_scan
from services.campaigns.commands.splits import watch_splits
from services.campaigns.commands.turn_calendar import plan_turns
from services.campaigns.rules.enrolments import State, must_leave
from services.campaigns.rules.entries import EARLIEST_MESSAGE
from services.campaigns.rules.requests import dates_of
from services.campaigns.rules.resuming import OVERDUE, Overdue, shifted
from services.campaigns.store import calendars, journeys, letting_in, pauses, stay_scan, warning_turns
from services.campaigns.store.enrolments import lock_by_id, lock_of_journey, set_paused
from services.campaigns.store.journeys import documents_of
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict, NotFound
from shared.events import chunk_of
from shared.events.campaigns import JourneyEnded, JourneyLaunched
from shared.vocabulary.reason import Reason


def launch(
    tx: Tx,
    key: str,
    *,
    at: datetime,
    by: str,
    version: int | None = None,
    entries_from: date | None = None,
    let_in_a_day: int | None = None,
) -> int:
    """Launch a version (the newest where none is named) and publish which audiences it listens to; returns the version.

    Launch starts from now: only entries of this instant or later enrol. With `entries_from`, those of that local day
    or later do. With `let_in_a_day`, those inside its audience already are let in, so many a day, once the launch can
    no longer be taken back. Where it is entered by a stay's date, the stays booked already are looked through. A
    journey that runs already keeps its start, and only changes version for those who enter from now on.
    """
    row = journeys.lock_journey(tx, key)
    newest = journeys.newest_version(tx, key)
    if row is None or newest is None:
        raise NotFound(f"there is no published journey «{key}»")
    chosen = newest[0] if version is None else version
    documents = documents_of(tx, [(key, chosen)])
    if not documents:
        raise NotFound(f"journey «{key}» has no version {chosen}")
    if row.state == "paused":
        raise Conflict(f"journey «{key}» is paused: resume it before another launch")
    if row.state == "live":
        journeys.change_version(tx, key, chosen, at)
    else:
        journeys.set_live(tx, key, chosen, at, by, entries_from)
    journey = documents[key, chosen]
    begin_scan(tx, journey, at)
    plan_turns(tx, at, anew=[key])
    lets_in = let_in_a_day is not None and row.state != "live" and journey.lets_in
    if lets_in and let_in_a_day:
        letting_in.begin(tx, key, let_in_a_day, at, at + EARLIEST_MESSAGE)
    watch_splits(tx, journey, at)
    launched = JourneyLaunched(
        journey=key,
        version=chosen,
        segments=list(journey.segments),
        launched_at=at,
        by=by,
        let_in=lets_in,
        name=row.name,
        templates=list(journey.templates),
        entry=journey.audience or "",
        dates=dates_of(journey),
    )
    publish(tx, chunk_of([launched]), at=at)
    return chosen


def take_back(tx: Tx, key: str, *, at: datetime) -> None:
    """Undo a launch before its first message can have left: nobody stays enrolled."""
    row = journeys.lock_journey(tx, key)
    if row is None:
        raise NotFound(f"there is no journey «{key}»")
    if row.launched_at is None or at >= row.launched_at + EARLIEST_MESSAGE:
        raise Conflict(f"journey «{key}» can be taken back in the first ten minutes only: pause it instead")
    if not journeys.move_state(tx, key, "live", "taken_back", at):
        raise Conflict(f"journey «{key}» does not run")
    _stop(tx, key, at)
    leave(tx, [Leaving(one, Reason.TAKEN_BACK) for one in lock_of_journey(tx, key) if must_leave(one)], at)


def take_back_to_draft(tx: Tx, key: str, *, at: datetime) -> None:
    """As if it had never been launched, while nobody has entered it."""
    if not journeys.move_state(tx, key, "live", "draft", at):
        raise Conflict(f"journey «{key}» does not run")
    _stop(tx, key, at)  # whoever is letting guests in just now is waited for
    if lock_of_journey(tx, key):
        raise Conflict(f"guests have entered journey «{key}» already: stop it instead")


def end(tx: Tx, key: str, *, at: datetime) -> int:
    """For good: who waits leaves, and what was asked for and has not gone is taken back. How many left."""
    if not (journeys.move_state(tx, key, "live", "ended", at) or journeys.move_state(tx, key, "paused", "ended", at)):
        raise Conflict(f"journey «{key}» does not run")
    _stop(tx, key, at)
    leavings = [Leaving(one, Reason.JOURNEY_ENDED) for one in lock_of_journey(tx, key) if must_leave(one)]
    leave(tx, leavings, at)
    return len(leavings)


def _stop(tx: Tx, key: str, at: datetime) -> None:
    """It lets nobody in any more, and whoever keeps what it uses is told."""
    letting_in.end(tx, key)
    stay_scan.end(tx, key)
    calendars.forget(tx, [key], None)
    warning_turns.stop(tx, key)
    row = journeys.lock_journey(tx, key)
    assert row is not None and row.live_version is not None, "it ran"
    publish(tx, chunk_of([JourneyEnded(journey=key, version=row.live_version, ended_at=at)]), at=at)


def pause(tx: Tx, key: str, *, at: datetime) -> int:
    """Stop the timers; guests still enter and leave. How many wait."""
    if not journeys.move_state(tx, key, "live", "paused", at):
        raise Conflict(f"journey «{key}» does not run")
    pauses.note_pause(tx, key, at)
    return set_paused(tx, key, State.WAITING, State.PAUSED, at)


def resume(tx: Tx, key: str, *, at: datetime, overdue: Overdue = Overdue.SEND) -> int:
    """Let the timers run again; how many guests go on. What was due meanwhile is asked for at once and judged by its
    still-useful window; or those guests leave; or everybody waits as many days longer as the pause took."""
    if not journeys.move_state(tx, key, "paused", "live", at):
        raise Conflict(f"journey «{key}» is not paused")
    match overdue:
        case Overdue.SKIP:
            late = lock_by_id(tx, pauses.overdue(tx, key, at))
            leave(tx, [Leaving(one, OVERDUE) for one in late], at)
        case Overdue.SHIFT:
            since = pauses.paused_since(tx, key) or at
            for some in pauses.paused_in_ranges(tx, key):
                pauses.set_due(tx, {one.id: shifted(one.due_at, one.zone, at - since) for one in some}, at)
    return set_paused(tx, key, State.PAUSED, State.WAITING, at)
