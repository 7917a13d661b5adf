"""`until_date`: so many days or hours before or after a date of the stay, or of the guest, by which a guest entered.

It is planned again at once where the date moves. An instant that has gone by is no wait: the message behind it is as
late as it is, and goes while it is of use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import pre_load, validates_schema

from services.campaigns.steps.anchors import OF_GUESTS, Anchor, DateName, Offset, OffsetSchema, date_in
from services.campaigns.steps.fields import wrong
from services.campaigns.steps.kind import Document, Ended, GoOn, Kind, Reached
from shared.vocabulary.reason import Reason


class UntilDateSchema(OffsetSchema):
    date = DateName(Anchor, required=True)
    hour = marsh.String(required=True, error_messages={"invalid": 'write the hour in quotes, as in "10:00"'})

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        return {"days": 0, "hours": 0, **data} if isinstance(data, dict) else data

    @validates_schema
    def of_a_birthday(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("date") in OF_GUESTS and data.get("hours"):
            raise wrong("hours_of_birthday", "from a birthday days are counted", "hours")


@dataclass(frozen=True)
class UntilDate(Kind):
    kind = "until_date"
    stem = "date"
    fresh: ClassVar[Document] = {"date": Anchor.ARRIVAL.value, "days": -1, "hours": 0, "hour": "10:00"}
    schema = UntilDateSchema
    takes_time = True

    date: str  # an `Anchor`, or one of the house's own dates
    offset: Offset

    @classmethod
    def of(cls, key: str, content: Document) -> UntilDate:
        return cls(key, content["date"], Offset.of(content))

    @property
    def content(self) -> Document:
        return {"date": str(self.date), **self.offset.document}

    @property
    def hour(self) -> str | None:
        return None if self.offset.hours else self.offset.hour

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.date,)

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn | None:
        day = date_in(data, self.date)
        return GoOn(self.offset.instant(day, zone)) if day else None

    def advance(self, reached: Reached) -> GoOn | Ended:
        """It is over: `plan` went on at its end. Where the date is not known, nothing more can be planned."""
        return GoOn(reached.at) if date_in(reached.data, self.date) else Ended(Reason.DATE_UNKNOWN)
