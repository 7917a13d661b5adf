"""What may stand in a journey's document. The schemas fill in defaults and keep values as JSON has them."""

from __future__ import annotations

from datetime import time
from typing import Any

from marshmallow import ValidationError, pre_load, validate, validates_schema
from marshmallow import fields as marsh

from services.campaigns.rules.document import WEEKDAYS
from services.campaigns.rules.entries import STANDS_WHILE
from services.campaigns.rules.journey import Occurrence, ReEntry
from services.campaigns.schemas.fields import Name, OneOf, Strict, Whole, exactly_one
from shared.vocabulary.purpose import Purpose

CHANNELS = ("email", "sms")
WANTS = ("no_future_booking", "in_house", "absence", "once_a_household")
TURNS = ("undone", *STANDS_WHILE)
EVENTS = (
    *(
        f"stay.{what}"
        for what in ("booked", "changed", "cancelled", "checked_in", "checked_out", "no_show", "reinstated")
    ),
    "survey.answered",
    "case.opened",
    "case.closed",
)


class EntrySchema(Strict):
    audience = Name()
    when = OneOf(("entered", "left"))
    occurrence = OneOf((Occurrence.LAPSE, Occurrence.ENTRY))
    date = OneOf(("birthday",))
    offset_days = Whole(-60, 60)
    stay = OneOf(STANDS_WHILE)

    @pre_load
    def fill(self, data: Any, **kwargs: Any) -> Any:
        if isinstance(data, dict) and "audience" in data and "date" not in data:
            return {"when": "entered", "occurrence": Occurrence.ENTRY.value, **data}
        return data

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        kinds = {
            frozenset({"audience", "when", "occurrence"}),
            frozenset({"date", "audience", "offset_days"}),
            frozenset({"stay"}),
        }
        if frozenset(data) not in kinds:
            raise ValidationError(
                "an entry is an audience (with when and occurrence), a date with audience and offset_days, or a stay"
            )


class GoalSchema(Strict):
    event = OneOf(("stay.booked",), required=True)
    within_days = Whole(1, 365, required=True)


class ExitSchema(Strict):
    audience = OneOf(("left",))
    stay = OneOf(TURNS)
    event = OneOf(EVENTS)

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("audience", "stay", "event"), "an exit")


class UsefulSchema(Strict):
    days = Whole(0, 365, load_default=0)
    hours = Whole(0, 240, load_default=0)

    @validates_schema
    def some_time(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data["days"] and not data["hours"]:
            raise ValidationError("say how long the message is worth sending: days or hours")


class SendSchema(Strict):
    template = Name(required=True)
    channels = marsh.List(
        OneOf(CHANNELS), required=True, validate=validate.Length(min=1, error="at least one channel is needed")
    )
    useful_for = marsh.Nested(UsefulSchema, required=True)
    wants = marsh.List(OneOf(WANTS), load_default=list)


class WaitSchema(Strict):
    days = Whole(0, 730, load_default=0)
    hours = Whole(0, 720, load_default=0)
    minutes = Whole(0, 1440, load_default=0)

    @validates_schema
    def some_time(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not any(data.values()):
            raise ValidationError("say how long to wait: days, hours or minutes")


class WaitUntilSchema(Strict):
    hour = marsh.String(required=True, error_messages={"invalid": 'write the hour in quotes, as in "10:00"'})
    weekdays = marsh.List(OneOf(WEEKDAYS), load_default=list)
    strictly_after = marsh.Boolean(load_default=False)

    @validates_schema
    def an_hour(self, data: dict[str, Any], **kwargs: Any) -> None:
        try:
            time.fromisoformat(data["hour"])
        except ValueError:
            raise ValidationError('an hour is written "HH:MM"', "hour") from None
        if len(data["hour"]) != 5:
            raise ValidationError('an hour is written "HH:MM"', "hour")


class ConditionSchema(Strict):
    audience = Name()
    event = OneOf(EVENTS)
    data = marsh.String()
    among = marsh.List(marsh.String(), data_key="in", attribute="in")

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("audience", "event", "data"), "a condition")
        if ("data" in data) != ("in" in data):
            raise ValidationError("data is compared with the values of in")


class BranchSchema(Strict):
    condition = marsh.Nested(ConditionSchema, required=True, data_key="if", attribute="if")
    then = Name(load_default=None, allow_none=True)
    otherwise = Name(load_default=None, allow_none=True, data_key="else", attribute="else")

    @validates_schema
    def two_ways(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["then"] == data["else"]:
            raise ValidationError("then and else lead to the same step")


class EndSchema(Strict):
    reason = Name(required=True)


class StepSchema(Strict):
    key = Name(required=True)
    send = marsh.Nested(SendSchema)
    wait = marsh.Nested(WaitSchema)
    wait_until = marsh.Nested(WaitUntilSchema)
    branch = marsh.Nested(BranchSchema)
    exit = marsh.Nested(EndSchema)

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, ("send", "wait", "wait_until", "branch", "exit"), "a step")


class JourneySchema(Strict):
    key = Name(required=True)
    name = marsh.String(required=True, validate=validate.Length(1, 100))
    purpose = OneOf(Purpose, required=True)
    priority = Whole(0, 1000, load_default=100)
    entry = marsh.Nested(EntrySchema, required=True)
    re_entry = OneOf(ReEntry, load_default=ReEntry.EACH_OCCURRENCE.value)
    holdout = Whole(0, 50, load_default=0)
    goal = marsh.Nested(GoalSchema, load_default=None, allow_none=True)
    exits = marsh.List(marsh.Nested(ExitSchema), load_default=list)
    steps = marsh.List(marsh.Nested(StepSchema), required=True)

    @validates_schema
    def fits_together(self, data: dict[str, Any], **kwargs: Any) -> None:
        problems: dict[str, Any] = {}
        if steps := dict(step_problems(data["steps"])):
            problems["steps"] = steps
        if exits := dict(exit_problems(data)):
            problems["exits"] = exits
        if not any("send" in step for step in data["steps"]):
            problems.setdefault("steps", ["a journey sends something"])
        if problems:
            raise ValidationError(problems)


def step_problems(steps: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Keys used twice, and branches that lead nowhere or back."""
    found: list[tuple[int, dict[str, Any]]] = []
    places: dict[str, int] = {}
    for place, step in enumerate(steps):
        if places.setdefault(step["key"], place) != place:
            found.append((place, {"key": ["this key stands on another step already"]}))
    for place, step in enumerate(steps):
        for way in ("then", "else"):
            target = step.get("branch", {}).get(way)
            if target is not None and places.get(target, -1) <= place:
                text = "there is no such step" if target not in places else "a branch leads forward only"
                found.append((place, {"branch": {way: [text]}}))
    return found


def exit_problems(data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Exits that the entry cannot have."""
    entry, found = data["entry"], []
    for place, exit_ in enumerate(data["exits"]):
        if "audience" in exit_ and (entry.get("when") != "entered"):
            found.append((place, {"audience": ["only who entered by an audience can leave it"]}))
        if "stay" in exit_ and "stay" not in entry:
            found.append((place, {"stay": ["only an entry by a stay has one"]}))
        if exit_.get("stay") == entry.get("stay", "-"):
            found.append((place, {"stay": ["the stay is that at the entry already"]}))
    return found
