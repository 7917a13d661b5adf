"""Who is in, who is out: what an entrance or a leaving does to the enrolment that is there.

Each decision is a function of the newest version known and of what messaging has settled, never of the order in which
events were handled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.campaigns.rules.entries import Entrance
from services.campaigns.rules.journey import ReEntry
from services.campaigns.steps.entries import StayDateEntry, StayEntry
from shared.rows import row
from shared.vocabulary.reason import Reason


class State(StrEnum):
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    EXITED = "exited"


@row
class Enrolment:
    """An enrolment as it stands. `open`: messages asked for and not settled; `settled`: whether any was."""

    id: UUID
    journey: str
    version: int
    guest_id: UUID
    occurrence: str
    plan: int
    state: State
    reason: str | None
    entered_at: datetime
    stay_id: UUID | None
    open: tuple[UUID, ...]
    settled: bool
    day: date | None = None  # of a recurring date, the one it is for

    @property
    def active(self) -> bool:
        return self.state in (State.WAITING, State.PAUSED)

    @property
    def stands(self) -> bool:
        """It counts against another entry: it is under way or a message of it went, or may yet go."""
        return self.active or bool(self.open) or self.settled


COMES_BACK = frozenset(
    {
        *(Reason.STAY_UNDONE, Reason.STAY_MOVED, Reason.SAME_TRIP, Reason.STAY_UNFIT, Reason.STAY_TURNED_CANCELLED),
        *(Reason.STAY_TURNED_NO_SHOW, Reason.STAY_TURNED_CHECKED_IN, Reason.STAY_TURNED_CHECKED_OUT),
    }
)
"""Why an enrolment by a stay ended that goes on where the stay is again what it was."""


def may_enter(entrance: Entrance, current: Enrolment | None, others: Sequence[Enrolment]) -> bool:
    """Whether an entrance starts the enrolment, or starts it anew, taking back what is open."""
    journey = entrance.live.journey
    if journey.re_entry is ReEntry.ONCE and any(other.stands for other in others):
        return False
    if current is None:
        return not _too_soon(entrance, others)
    if isinstance(journey.entry, StayDateEntry):
        return not current.settled and _date_restarts(entrance, current)
    if entrance.plan <= current.plan or current.settled:
        return False
    if isinstance(journey.entry, StayEntry):
        return _stay_restarts(entrance, current)
    # Versions of an audience alternate: who enters again has left since, whether that is known yet or not.
    return journey.only_newest or not current.open


def _too_soon(entrance: Entrance, others: Sequence[Enrolment]) -> bool:
    """Another occasion that counts is nearer than the journey's days, before or after: events come in any order."""
    days = entrance.live.journey.again_after
    return days is not None and any(one.stands and abs(entrance.at - one.entered_at) < days for one in others)


def _stay_restarts(entrance: Entrance, current: Enrolment) -> bool:
    """A later version of the same happening moves a plan nothing was asked of yet; another happening is a new plan."""
    if current.entered_at != entrance.at:
        return True
    back = current.reason in (Reason.STAY_UNDONE, Reason.STAY_MOVED)
    return (current.active and not current.open) or back


def _date_restarts(entrance: Entrance, current: Enrolment) -> bool:
    """The date moved, or what had ended the enrolment is no more. `entered_at` is the instant that the date makes."""
    return current.entered_at != entrance.at or current.reason in COMES_BACK


def must_leave(current: Enrolment) -> bool:
    """Whether leaving changes anything: a wait to interrupt, or a message to take back."""
    return current.active or bool(current.open)
