"""Journey documents as people write them (YAML or JSON) to documents the rules trust, or the place of each error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

import yaml
from marshmallow import RAISE, Schema, ValidationError, pre_load, validate, validates_schema
from marshmallow import fields as marsh

from services.campaigns.rules.document import WEEKDAYS, Document
from services.campaigns.rules.entries import STANDS_WHILE
from services.campaigns.rules.journey import Occurrence, ReEntry
from shared.errors import InputError
from shared.events.campaigns import Purpose

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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


def parse(text: str) -> Document:
    """A journey's document from YAML (of which JSON is a part). Raises `InputError` with the place of each problem."""
    try:
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"
        raise InputError("This is not YAML.", {place: error.problem or "unreadable"}) from error
    except yaml.YAMLError as error:
        raise InputError(f"This is not YAML: {error}") from error
    return validated(data)


def validated(data: Any) -> Document:
    """The document with its defaults filled in; problems are named by JSON pointer."""
    try:
        document: Document = JourneySchema().load(data)
    except ValidationError as error:
        raise InputError("This journey cannot be published.", dict(pointers(error.messages))) from error
    return document


def overridden(document: Document, overrides: Mapping[str, Any]) -> Document:
    """The document with other values at some places: `{"entry/audience": "lapsed-3-months", "holdout": 0}`.

    Raises `InputError` naming a place that is not there or a value that may not stand there.
    """
    changed = yaml.safe_load(yaml.safe_dump(document))  # a copy that shares nothing
    for pointer, value in overrides.items():
        *path, last = pointer.strip("/").split("/")
        place = changed
        try:
            for part in path:
                place = place[int(part)] if isinstance(place, list) else place[part]
            place[int(last) if isinstance(place, list) else last] = value
        except (LookupError, TypeError, ValueError) as error:
            raise InputError(problems={f"/{pointer.strip('/')}": "there is no such place to override"}) from error
    return validated(changed)


def pointers(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """marshmallow's tree of messages as pairs of JSON pointer and text."""
    if isinstance(messages, dict):
        return [
            pair
            for name, inner in messages.items()
            for pair in pointers(inner, path if name == "_schema" else f"{path}/{name}")
        ]
    texts = messages if isinstance(messages, list) else [messages]
    return [(path or "/", " ".join(str(text) for text in texts))]


class Strict(Schema):
    """Unknown fields are errors, as is anything that is not an object."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown field", "type": "an object is expected"}  # noqa: RUF012


class Name(marsh.String):
    """A key in lower case letters, digits and hyphens."""

    def __init__(self, **kwargs: Any) -> None:
        checks = validate.Regexp(rf"^{KEY.pattern}$", error="lower case letters, digits and single hyphens only")
        super().__init__(validate=checks, **kwargs)


class Whole(marsh.Integer):
    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high), **kwargs)


class OneOf(marsh.String):
    def __init__(self, choices: Any, **kwargs: Any) -> None:
        names = [str(choice) for choice in choices]
        super().__init__(validate=validate.OneOf(names, error=f"one of {', '.join(names)} expected"), **kwargs)


def exactly_one(data: Mapping[str, Any], names: tuple[str, ...], what: str) -> None:
    if sum(name in data for name in names) != 1:
        raise ValidationError(f"{what} is exactly one of {', '.join(names)}")


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
