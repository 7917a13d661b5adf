"""What a stay's present state does to an enrolment that a turn of it began."""

from __future__ import annotations

from services.campaigns.rules.enrolments import Enrolment
from services.campaigns.rules.entries import StayState
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.early_exits import UNDONE, StayTurned
from services.campaigns.steps.entries import STANDS_WHILE, StayEntry
from shared.vocabulary.reason import Reason


def leaving_reason(journey: Journey, one: Enrolment, stay: StayState) -> str | None:
    """Why the stay's present state ends the enrolment; None where it does not. One that waits for a date of the stay
    ends always where the stay is no more what it was."""
    if not isinstance(journey.entry, StayEntry):
        return None
    if one.guest_id != stay.guest_id:
        return Reason.STAY_MOVED
    turns = {exit_.into for exit_ in journey.exits if isinstance(exit_, StayTurned)}
    if (UNDONE in turns or journey.waits_for_dates) and stay.status not in STANDS_WHILE[journey.entry.status]:
        return Reason.STAY_UNDONE
    return f"stay_{stay.status}" if stay.status in turns else None
