"""`wait_until`: the next local hour, on certain weekdays where any are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import validates_schema

from services.campaigns.steps.anchors import is_hour
from services.campaigns.steps.fields import WEEKDAYS, OneOf, Strict, wrong
from services.campaigns.steps.kind import Document, GoOn, Kind, Reached
from shared.localtime import local_date, local_instant


class WaitUntilSchema(Strict):
    hour = marsh.String(required=True, error_messages={"invalid": 'write the hour in quotes, as in "10:00"'})
    weekdays = marsh.List(OneOf(WEEKDAYS), load_default=list)
    strictly_after = marsh.Boolean(load_default=False)

    @validates_schema
    def an_hour(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not is_hour(data["hour"]):
            raise wrong("not_an_hour", 'an hour is written "HH:MM"', "hour")


@dataclass(frozen=True)
class WaitUntil(Kind):
    """The next local `at_hour`, on one of `weekdays` (Monday is 0) where any are named.

    An instant that falls on the hour itself counts, unless `strictly_after`.
    """

    kind = "wait_until"
    stem = "hour"
    fresh: ClassVar[Document] = {"hour": "10:00", "weekdays": [], "strictly_after": False}
    schema = WaitUntilSchema
    takes_time = True

    at_hour: time
    weekdays: frozenset[int]
    strictly_after: bool

    @classmethod
    def of(cls, key: str, content: Document) -> WaitUntil:
        weekdays = frozenset(WEEKDAYS.index(day) for day in content["weekdays"])
        return cls(key, time.fromisoformat(content["hour"]), weekdays, content["strictly_after"])

    @property
    def content(self) -> Document:
        weekdays = [WEEKDAYS[day] for day in sorted(self.weekdays)]
        return {"hour": self.hour, "weekdays": weekdays, "strictly_after": self.strictly_after}

    @property
    def hour(self) -> str:
        return self.at_hour.strftime("%H:%M")

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn:
        return GoOn(next_hour(self, at, zone))

    def advance(self, reached: Reached) -> GoOn:
        """It is over: `plan` went on at its end."""
        return GoOn(reached.at)


def next_hour(step: WaitUntil, instant: datetime, zone: str) -> datetime:
    day = local_date(instant, zone)
    for _ in range(9):  # today has gone by, then each weekday once
        found = local_instant(day, step.at_hour, zone)
        fits = not step.weekdays or day.weekday() in step.weekdays
        if fits and (found > instant if step.strictly_after else found >= instant):
            return found
        day += timedelta(days=1)
    raise AssertionError("every weekday comes within nine days")
