"""The reminder of a survey is switched on, changed or off: the journey's next version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.rules.survey_reminder import can_be_switched
from services.campaigns.steps.kind import Document
from services.campaigns.store import drafts, journeys
from shared.database.pool import Tx
from shared.errors import Conflict, NotFound


class BeingChanged(Conflict):
    """Somebody has a draft of this journey. Publish or discard it first."""


class OwnSteps(Conflict):
    """This journey has other steps behind its survey. Change them in the journey."""


def change_reminder(tx: Tx, key: str, change: Callable[[Document], Document], at: datetime, *, by: str) -> int:
    """The version that has it. `change`: its document before → a valid one with or without the reminder.

    Where the journey is live, who enters from now on enters this one; whoever was asked before is reminded as they were
    to be. Raises `BeingChanged`, `OwnSteps`, `NotFound`, and `InputError` where the reminder cannot be.
    """
    row, newest = journeys.lock_journey(tx, key), journeys.newest_version(tx, key)
    if row is None or newest is None:
        raise NotFound(f"There is no journey «{key}».")
    if drafts.find(tx, key) is not None:
        raise BeingChanged()
    if not can_be_switched(newest[1]):
        raise OwnSteps()
    version = publish(tx, change(newest[1]), at, by)
    if row.state == "live":
        launch(tx, key, at=at, by=by, version=version)
    return version
