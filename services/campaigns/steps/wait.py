"""`wait`: some days, hours or minutes pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from marshmallow import validates_schema

from services.campaigns.steps.fields import Strict, Whole, wrong
from services.campaigns.steps.kind import Document, GoOn, Kind, Reached
from shared.localtime import local_date, local_instant


class WaitSchema(Strict):
    days = Whole(0, 730, load_default=0)
    hours = Whole(0, 720, load_default=0)
    minutes = Whole(0, 1440, load_default=0)

    @validates_schema
    def some_time(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not any(data.values()):
            raise wrong("no_time", "say how long to wait: days, hours or minutes")


@dataclass(frozen=True)
class Wait(Kind):
    """`days` are calendar days and end when the last one begins; `time` is counted to the second."""

    kind = "wait"
    stem = "wait"
    fresh: ClassVar[Document] = {"days": 1, "hours": 0, "minutes": 0}
    schema = WaitSchema
    takes_time = True

    days: int
    time: timedelta

    @classmethod
    def of(cls, key: str, content: Document) -> Wait:
        return cls(key, content["days"], timedelta(hours=content["hours"], minutes=content["minutes"]))

    @property
    def content(self) -> Document:
        minutes = self.time // timedelta(minutes=1)
        return {"days": self.days, "hours": minutes // 60, "minutes": minutes % 60}

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn:
        return GoOn(after_wait(self, at, zone))

    def advance(self, reached: Reached) -> GoOn:
        """It is over: `plan` went on at its end."""
        return GoOn(reached.at)


def after_wait(step: Wait, instant: datetime, zone: str) -> datetime:
    if step.days:
        instant = local_instant(local_date(instant, zone) + timedelta(days=step.days), time(0), zone)
    return instant + step.time
