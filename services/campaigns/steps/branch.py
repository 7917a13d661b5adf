"""`branch`: a fork, which asks one thing or several in their order, and goes on by the first way that holds.

A fork of one question stands in a document as `if`, `then` and `else`; of several as `ways`, each with its `if` and
`to`, and `else`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import pre_load, validate, validates_schema

from services.campaigns.steps.conditions import (
    OF_THE_ENTRY,
    OWN,
    Clicked,
    Condition,
    ConditionSchema,
    InAudience,
    Scored,
    condition_of,
)
from services.campaigns.steps.events import Happened
from services.campaigns.steps.fields import Name, Strict, exactly_one, wrong
from services.campaigns.steps.kind import Document, GoOn, Kind, Reached
from services.campaigns.steps.own_messages import ANY_MESSAGE

MOST = 10


class BranchWaySchema(Strict):
    condition = marsh.Nested(ConditionSchema, required=True, data_key="if", attribute="if")
    to = Name(load_default=None, allow_none=True)


class BranchSchema(Strict):
    condition = marsh.Nested(ConditionSchema, data_key="if", attribute="if")
    then = Name(allow_none=True)
    ways = marsh.List(marsh.Nested(BranchWaySchema), validate=validate.Length(1, MOST))
    otherwise = Name(load_default=None, allow_none=True, data_key="else", attribute="else")

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        """One question alone stands as it always did."""
        if isinstance(data, dict) and "if" in data:
            return {"then": None, **data}
        ways = data.get("ways") if isinstance(data, dict) else None
        if isinstance(ways, list) and len(ways) == 1 and isinstance(ways[0], dict) and ways[0].keys() <= {"if", "to"}:
            rest = {name: value for name, value in data.items() if name != "ways"}
            return {**rest, **({"if": ways[0]["if"]} if "if" in ways[0] else {}), "then": ways[0].get("to")}
        return data

    @validates_schema
    def two_ways(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("if", "ways"), "a fork")
        if "ways" in data and "then" in data:
            raise wrong("not_one_kind", "each of the ways says itself where it leads")
        led = [way["to"] for way in data["ways"]] if "ways" in data else [data["then"]]
        if set(led) == {data["else"]}:
            raise wrong("ways_alike", "all ways lead to the same step")


@dataclass(frozen=True)
class Way:
    condition: Condition
    to: str | None


@dataclass(frozen=True)
class Branch(Kind):
    kind = "branch"
    stem = "branch"
    fresh: ClassVar[Document] = {"if": {"audience": ""}, "then": None, "else": None}
    schema = BranchSchema

    ways: tuple[Way, ...]
    otherwise: str | None

    @classmethod
    def of(cls, key: str, content: Document) -> Branch:
        return cls(key, tuple(Way(condition_of(one["if"]), one["to"]) for one in asked(content)), content["else"])

    @property
    def content(self) -> Document:
        if len(self.ways) == 1:
            (way,) = self.ways
            return {"if": way.condition.document, "then": way.to, "else": self.otherwise}
        ways = [{"if": way.condition.document, "to": way.to} for way in self.ways]
        return {"ways": ways, "else": self.otherwise}

    @classmethod
    def ways_in(cls, content: Document) -> dict[str, str | None]:
        if "ways" not in content:
            return {"then": content["then"], "else": content["else"]}
        return {f"ways/{place}/to": way["to"] for place, way in enumerate(content["ways"])} | {"else": content["else"]}

    @classmethod
    def led_elsewhere(cls, content: Document, key: str, to: str | None) -> Document:
        """Where a message is renamed or removed, a question after its links asks for the new name, or for any."""
        ways = [
            {"if": _clicked_elsewhere(way["if"], key, to), "to": to if way["to"] == key else way["to"]}
            for way in asked(content)
        ]
        otherwise = to if content["else"] == key else content["else"]
        if "ways" in content:
            return {"ways": ways, "else": otherwise}
        return {"if": ways[0]["if"], "then": ways[0]["to"], "else": otherwise}

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn | None:
        for way in self.ways:
            if not isinstance(way.condition, OF_THE_ENTRY):
                return None
            if way.condition.among(data):
                return GoOn(at, way.to)
        return GoOn(at, self.otherwise)

    def advance(self, reached: Reached) -> GoOn:
        held = next((way for way in self.ways if way.condition.holds(reached)), None)
        return GoOn(reached.at, held.to if held else self.otherwise)

    @property
    def audiences(self) -> tuple[str, ...]:
        return tuple(way.condition.audience for way in self.ways if isinstance(way.condition, InAudience))

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(way.condition.event for way in self.ways if isinstance(way.condition, Happened))

    @property
    def asks_scores(self) -> bool:
        return any(isinstance(way.condition, Scored) and way.condition.whose != OWN for way in self.ways)

    @property
    def asks_answers(self) -> bool:
        return any(isinstance(way.condition, Scored) and way.condition.whose == OWN for way in self.ways)

    @property
    def asks_clicks(self) -> bool:
        return any(isinstance(way.condition, Clicked) for way in self.ways)

    @staticmethod
    def segments_in(content: Document, /) -> tuple[str, ...]:
        return tuple(audience for one in asked(content) if (audience := one["if"].get("audience")))


def asked(content: Document) -> list[Document]:
    """The questions of a fork's content in their order, each with `if` and `to`, however they stand."""
    if "ways" in content:
        ways: list[Document] = content["ways"]
        return ways
    return [{"if": content["if"], "to": content["then"]}]


def _clicked_elsewhere(condition: Document, key: str, to: str | None) -> Document:
    return {"clicked": to or ANY_MESSAGE} if condition.get("clicked") == key else condition
