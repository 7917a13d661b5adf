"""What a fork may ask: whether the guest is in a segment, whether something happened, what the enrolment knows, what
the guest answered, whether they opened a link of this journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields as marsh
from marshmallow import validates_schema

from services.campaigns.steps.event_values import ValueIs, ValueIsSchema
from services.campaigns.steps.events import EventName, Happened
from services.campaigns.steps.fields import Name, OneOf, Strict, Whole, exactly_one, wrong
from services.campaigns.steps.kind import Document, Reached
from services.campaigns.steps.own_messages import ANY_MESSAGE

OF_STAY, LAST, OWN = "stay", "last", "own"
LOWEST, HIGHEST = 0, 10
DETAILS = "details"
"""Where an enrolment keeps the values of the event by which it began."""


@dataclass(frozen=True)
class InAudience:
    audience: str

    @classmethod
    def of(cls, document: Document, /) -> InAudience:
        return cls(document["audience"])

    @property
    def document(self) -> Document:
        return {"audience": self.audience}

    def holds(self, reached: Reached) -> bool:
        return (reached.guest_id, self.audience) in reached.facts.inside


@dataclass(frozen=True)
class DataIn:
    """A field of the enrolment's own data has one of the values."""

    field: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, document: Document, /) -> DataIn:
        return cls(document["data"], tuple(document["in"]))

    @property
    def document(self) -> Document:
        return {"data": self.field, "in": list(self.values)}

    def among(self, data: Mapping[str, Any]) -> bool:
        value = data.get(self.field)
        return value is not None and str(value) in self.values

    def holds(self, reached: Reached) -> bool:
        return self.among(reached.data)


@dataclass(frozen=True)
class ValueOfEvent:
    """A value of the event by which the enrolment began compares so."""

    value: ValueIs

    @classmethod
    def of(cls, document: Document, /) -> ValueOfEvent:
        return cls(ValueIs.of(document["value"]))

    @property
    def document(self) -> Document:
        return {"value": {"value": self.value.value, "op": str(self.value.op), "to": self.value.to}}

    def among(self, data: Mapping[str, Any]) -> bool:
        return self.value.holds(data.get(DETAILS) or {})

    def holds(self, reached: Reached) -> bool:
        return self.among(reached.data)


@dataclass(frozen=True)
class Scored:
    """The guest's score, for the stay the enrolment is about, the last one of all or that of this journey's own survey,
    lies between two bounds. Who has not answered has no score, and none that was taken back counts."""

    whose: str
    at_least: int
    at_most: int

    @classmethod
    def of(cls, document: Document, /) -> Scored:
        score = document["score"]
        return cls(score["of"], score["at_least"], score["at_most"])

    @property
    def document(self) -> Document:
        return {"score": {"of": self.whose, "at_least": self.at_least, "at_most": self.at_most}}

    def holds(self, reached: Reached) -> bool:
        if self.whose == OWN:
            last = max(reached.answers().values(), default=None)
            return last is not None and self.at_least <= last[1] <= self.at_most
        if self.whose == OF_STAY and reached.of_stay is None:
            return False
        score = reached.facts.scores.get((reached.guest_id, reached.of_stay if self.whose == OF_STAY else None))
        return score is not None and self.at_least <= score <= self.at_most


@dataclass(frozen=True)
class Clicked:
    """The guest opened a link of this journey's message, or of any of its messages, on this occasion."""

    message: str

    @classmethod
    def of(cls, document: Document, /) -> Clicked:
        return cls(document["clicked"])

    @property
    def document(self) -> Document:
        return {"clicked": self.message}

    def holds(self, reached: Reached) -> bool:
        steps = reached.clicks()
        return bool(steps) if self.message == ANY_MESSAGE else self.message in steps


Condition = InAudience | Happened | DataIn | ValueOfEvent | Scored | Clicked
CONDITIONS: Mapping[str, type[Condition]] = {
    "audience": InAudience,
    "event": Happened,
    "data": DataIn,
    "value": ValueOfEvent,
    "score": Scored,
    "clicked": Clicked,
}
OF_THE_ENTRY = (DataIn, ValueOfEvent)
"""What they ask is known at the entry and never changes."""

CAUSES = (
    *("time", "stay.booked", "stay.checked_out", "stay.cancelled", "stay.no_show", "guest.changed"),
    *("offer.given", "offer.redeemed", "offer.referred", "initial"),
    *("message.sent", "survey.answered", "case.opened", "case.closed", "journey.entered"),
)
"""What may have brought a guest in: the values of the field `cause`."""


def condition_of(document: Document) -> Condition:
    (kind,) = [kind for kind in CONDITIONS if kind in document]
    return CONDITIONS[kind].of(document)


class ScoreSchema(Strict):
    whose = OneOf((OF_STAY, LAST, OWN), data_key="of", attribute="of", load_default=OF_STAY)
    at_least = Whole(LOWEST, HIGHEST, load_default=LOWEST)
    at_most = Whole(LOWEST, HIGHEST, load_default=HIGHEST)

    @validates_schema
    def in_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["at_least"] > data["at_most"]:
            raise wrong("no_score", "no score is at least the one and at most the other")


class ConditionSchema(Strict):
    audience = Name()
    event = EventName()
    data = marsh.String()
    among = marsh.List(marsh.String(), data_key="in", attribute="in")
    value = marsh.Nested(ValueIsSchema)
    score = marsh.Nested(ScoreSchema)
    clicked = Name()

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, tuple(CONDITIONS), "a condition")
        if ("data" in data) != ("in" in data):
            raise wrong("nothing_to_compare", "data is compared with the values of in")
