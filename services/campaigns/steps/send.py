"""`send`: a message is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from marshmallow import fields as marsh
from marshmallow import validate, validates_schema

from services.campaigns.steps.fields import Name, OneOf, Strict, Whole, wrong
from services.campaigns.steps.kind import Document, Kind, Reached
from shared.rows import row
from shared.vocabulary.channel import Channel

WANTS = ("no_future_booking", "in_house", "absence", "once_a_household", "for_everyone")


class UsefulSchema(Strict):
    days = Whole(0, 365, load_default=0)
    hours = Whole(0, 240, load_default=0)

    @validates_schema
    def some_time(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data["days"] and not data["hours"]:
            raise wrong("no_time", "say how long the message is worth sending: days or hours")


class SendSchema(Strict):
    template = Name(required=True)
    channels = marsh.List(
        OneOf(Channel), required=True, validate=validate.Length(min=1, error="at least one channel is needed")
    )
    useful_for = marsh.Nested(UsefulSchema, required=True)
    wants = marsh.List(OneOf(WANTS), load_default=list)

    @validates_schema
    def everybody_alike(self, data: dict[str, Any], **kwargs: Any) -> None:
        if {"for_everyone", "absence"} <= set(data["wants"]):
            text = "what everybody gets cannot rest on a guest's absence"
            raise wrong("chosen_after_all", text, "wants")


@dataclass(frozen=True)
class Send(Kind):
    kind = "send"
    stem = "message"
    fresh: ClassVar[Document] = {
        "template": "",
        "channels": [Channel.EMAIL.value],
        "useful_for": {"days": 3, "hours": 0},
        "wants": [],
    }
    schema = SendSchema
    acts = True

    template: str
    channels: tuple[str, ...]
    useful_for: timedelta
    wants: tuple[str, ...]

    @classmethod
    def of(cls, key: str, content: Document) -> Send:
        useful_for = timedelta(days=content["useful_for"]["days"], hours=content["useful_for"]["hours"])
        return cls(key, content["template"], tuple(content["channels"]), useful_for, tuple(content["wants"]))

    @property
    def content(self) -> Document:
        hours = self.useful_for // timedelta(hours=1)
        useful_for = {"days": hours // 24, "hours": hours % 24}
        return {
            "template": self.template,
            "channels": list(self.channels),
            "useful_for": useful_for,
            "wants": list(self.wants),
        }

    def advance(self, reached: Reached) -> Ask:
        return Ask(self, reached.at)

    @staticmethod
    def templates_in(content: Document, /) -> tuple[str, ...]:
        return (content["template"],) if content["template"] else ()


@row
class Ask:
    """A message is asked for, and the enrolment goes on at the next step; it was planned for `due_at`."""

    send: Send
    due_at: datetime
