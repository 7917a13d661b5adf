"""What a fork may ask: whether the guest is in a segment, whether something happened, what the enrolment knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields as marsh
from marshmallow import validates_schema

from services.campaigns.steps.events import EventName, Happened
from services.campaigns.steps.fields import Name, Strict, exactly_one, wrong
from services.campaigns.steps.kind import Document, Reached


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


Condition = InAudience | Happened | DataIn
CONDITIONS: Mapping[str, type[Condition]] = {"audience": InAudience, "event": Happened, "data": DataIn}

CAUSES = (
    *("time", "stay.booked", "stay.checked_out", "stay.cancelled", "stay.no_show", "guest.changed"),
    *("offer.given", "offer.redeemed", "offer.referred", "initial"),
)
"""What may have brought a guest in: the values of the field `cause`."""


def condition_of(document: Document) -> Condition:
    (kind,) = [kind for kind in CONDITIONS if kind in document]
    return CONDITIONS[kind].of(document)


class ConditionSchema(Strict):
    audience = Name()
    event = EventName()
    data = marsh.String()
    among = marsh.List(marsh.String(), data_key="in", attribute="in")

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, tuple(CONDITIONS), "a condition")
        if ("data" in data) != ("in" in data):
            raise wrong("nothing_to_compare", "data is compared with the values of in")
