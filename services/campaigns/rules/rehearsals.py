"""What a rehearsal is, and where it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.rows import row

LONGEST = 90
KEPT_FOR = timedelta(days=30)


class Stage(StrEnum):
    FORECASTING = "forecasting"  # segments works out who enters and leaves
    PLAYING = "playing"  # journeys ask for messages
    JUDGING = "judging"  # messaging asks the gate
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"

    @property
    def is_under_way(self) -> bool:
        return self in UNDER_WAY


UNDER_WAY = (Stage.FORECASTING, Stage.PLAYING, Stage.JUDGING)


@row
class Rehearsal:
    """From `at` to `until`; `is_replay`: days that have passed by then. `launches`: journeys that are launched in it
    only, as plain documents. `ended_at`: of the last word of it."""

    id: UUID
    journey: str | None
    days: int
    at: datetime
    until: datetime
    as_booked: bool
    is_replay: bool
    launches: list[dict[str, Any]]
    state: Stage
    problem: str | None
    asked_by: str
    asked_at: datetime
    reached_at: datetime | None
    ended_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def seconds(self) -> float | None:
        return (self.ended_at - self.asked_at).total_seconds() if self.ended_at else None

    @property
    def is_of_draft(self) -> bool:
        return bool(self.launches)
