"""`split`: guests are divided among ways by their shares, each guest always the same; one way may win and be
everybody's.

Which way is a guest's is a hash of journey, step and guest: the same at every occasion, in every version that keeps the
ways and their shares, and in a rehearsal.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import fields as marsh
from marshmallow import validate, validates_schema

from services.campaigns.steps.fields import Name, Strict, Whole, wrong
from services.campaigns.steps.kind import Document, GoOn, Kind, Reached

FEWEST, MOST = 2, 8
NAMES = tuple("abcdefgh")
DAYS = (1, 90)


class WaySchema(Strict):
    name = Name(required=True)
    weight = Whole(1, 1000, required=True)
    to = Name(load_default=None, allow_none=True)


class WinnerSchema(Strict):
    days = Whole(*DAYS, required=True)


class SplitSchema(Strict):
    ways = marsh.List(marsh.Nested(WaySchema), required=True, validate=validate.Length(FEWEST, MOST))
    winner = marsh.Nested(WinnerSchema, load_default=None, allow_none=True)

    @validates_schema
    def ways_apart(self, data: dict[str, Any], **kwargs: Any) -> None:
        if len({way["name"] for way in data["ways"]}) < len(data["ways"]):
            raise wrong("way_twice", "two ways have one name", "ways")
        if len({way["to"] for way in data["ways"]}) == 1:
            raise wrong("ways_alike", "all ways lead to the same step", "ways")


@dataclass(frozen=True)
class Way:
    name: str
    weight: int
    to: str | None


@dataclass(frozen=True)
class Split(Kind):
    """`winner_days`: the way that brings most goals within so many days after the split becomes everybody's, as soon as
    that is certain enough; None: no way ever does by itself.
    """

    kind = "split"
    stem = "split"
    fresh: ClassVar[Document] = {
        "ways": [{"name": name, "weight": 50, "to": None} for name in NAMES[:FEWEST]],
        "winner": None,
    }
    schema = SplitSchema

    ways: tuple[Way, ...]
    winner_days: int | None

    @classmethod
    def of(cls, key: str, content: Document) -> Split:
        winner = content["winner"]
        return cls(key, tuple(Way(**way) for way in content["ways"]), winner["days"] if winner else None)

    @property
    def content(self) -> Document:
        ways = [{"name": way.name, "weight": way.weight, "to": way.to} for way in self.ways]
        return {"ways": ways, "winner": {"days": self.winner_days} if self.winner_days else None}

    @classmethod
    def ways_in(cls, content: Document) -> dict[str, str | None]:
        return {f"ways/{place}/to": way["to"] for place, way in enumerate(content["ways"])}

    @classmethod
    def led_elsewhere(cls, content: Document, key: str, to: str | None) -> Document:
        return {**content, "ways": [{**way, "to": to} if way["to"] == key else way for way in content["ways"]]}

    def advance(self, reached: Reached) -> GoOn:
        winner = reached.facts.winners.get((reached.journey, self.key))
        way = next((one for one in self.ways if one.name == winner), None)
        chosen = way or self.way_of(reached.journey, reached.guest_id)
        return GoOn(reached.at, chosen.to, chosen.name)

    def way_of(self, journey: str, guest: UUID) -> Way:
        """The guest's own way, whoever else is in the journey."""
        drawn = sha256(f"split\x1f{journey}\x1f{self.key}\x1f{guest}".encode()).digest()
        place = int.from_bytes(drawn[:8], "big") % sum(way.weight for way in self.ways)
        for way in self.ways:
            place -= way.weight
            if place < 0:
                return way
        raise AssertionError("the place lies within the weights")
