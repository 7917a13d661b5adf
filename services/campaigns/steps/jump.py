"""`jump`: the enrolment goes on at a later step, or the guest goes on in another journey and is done here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import validates_schema

from services.campaigns.steps.fields import Name, Strict, exactly_one
from services.campaigns.steps.kind import Document, Ended, GoOn, Kind, Reached

WENT_ON = "went-on"
NOT_RUNNING = "other-does-not-run"
ROUND = "went-round"


class JumpSchema(Strict):
    to = Name()
    journey = Name()

    @validates_schema
    def one_aim(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("to", "journey"), "a jump")


@dataclass(frozen=True)
class Jump(Kind):
    """One of the two is None."""

    kind = "jump"
    stem = "jump"
    fresh: ClassVar[Document] = {"to": ""}
    schema = JumpSchema

    to: str | None
    journey: str | None

    @classmethod
    def of(cls, key: str, content: Document) -> Jump:
        return cls(key, content.get("to"), content.get("journey"))

    @property
    def content(self) -> Document:
        return {"to": self.to} if self.to else {"journey": self.journey}

    @staticmethod
    def jumps_to(content: Document, /) -> str | None:
        return content.get("to") or None

    @classmethod
    def ways_in(cls, content: Document) -> dict[str, str | None]:
        return {"to": content["to"]} if "to" in content else {}

    @classmethod
    def led_elsewhere(cls, content: Document, key: str, to: str | None) -> Document:
        return {"to": to or ""} if content.get("to") == key else content

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn | None:
        return GoOn(at, self.to) if self.to else None

    def advance(self, reached: Reached) -> GoOn | Ended:
        return GoOn(reached.at, self.to) if self.to else Ended(WENT_ON, self.journey)
