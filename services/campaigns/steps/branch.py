"""`branch`: a fork, which asks something and goes on at one of two steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import validates_schema

from services.campaigns.steps.conditions import Condition, ConditionSchema, DataIn, InAudience, condition_of
from services.campaigns.steps.events import Happened
from services.campaigns.steps.fields import Name, Strict, wrong
from services.campaigns.steps.kind import Document, GoOn, Kind, Reached


class BranchSchema(Strict):
    condition = marsh.Nested(ConditionSchema, required=True, data_key="if", attribute="if")
    then = Name(load_default=None, allow_none=True)
    otherwise = Name(load_default=None, allow_none=True, data_key="else", attribute="else")

    @validates_schema
    def two_ways(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["then"] == data["else"]:
            raise wrong("ways_alike", "then and else lead to the same step")


@dataclass(frozen=True)
class Branch(Kind):
    kind = "branch"
    stem = "branch"
    fresh: ClassVar[Document] = {"if": {"audience": ""}, "then": None, "else": None}
    schema = BranchSchema
    leads = ("then", "else")

    condition: Condition
    then: str | None
    otherwise: str | None

    @classmethod
    def of(cls, key: str, content: Document) -> Branch:
        return cls(key, condition_of(content["if"]), content["then"], content["else"])

    @property
    def content(self) -> Document:
        return {"if": self.condition.document, "then": self.then, "else": self.otherwise}

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn | None:
        if isinstance(self.condition, DataIn):  # never changes
            return GoOn(at, self._way(self.condition.among(data)))
        return None

    def advance(self, reached: Reached) -> GoOn:
        return GoOn(reached.at, self._way(self.condition.holds(reached)))

    def _way(self, held: bool) -> str | None:
        return self.then if held else self.otherwise

    @property
    def audiences(self) -> tuple[str, ...]:
        return (self.condition.audience,) if isinstance(self.condition, InAudience) else ()

    @property
    def events(self) -> tuple[str, ...]:
        return (self.condition.event,) if isinstance(self.condition, Happened) else ()

    @staticmethod
    def segments_in(content: Document, /) -> tuple[str, ...]:
        audience = content["if"].get("audience")
        return (audience,) if audience else ()
