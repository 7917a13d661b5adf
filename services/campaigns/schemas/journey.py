"""What may stand in a journey's document. The schemas fill in defaults and keep values as JSON has them."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validate, validates_schema
from marshmallow import fields as marsh

from services.campaigns.rules.goals import name_of
from services.campaigns.rules.journey import ReEntry
from services.campaigns.schemas.goals import MOST_FURTHER, GoalSchema
from services.campaigns.steps import KINDS, kind_of, ways_of
from services.campaigns.steps.anchors import OF_STAYS
from services.campaigns.steps.branch import asked
from services.campaigns.steps.early_exits import TURNS_OF_DATED, EarlyExitSchema
from services.campaigns.steps.entry_schema import EntrySchema
from services.campaigns.steps.fields import Name, OneOf, Strict, Whole, exactly_one, wrong
from services.campaigns.steps.not_while import NotWhile
from services.campaigns.steps.own_messages import ANY_MESSAGE, OF_OWN
from services.campaigns.steps.until_date import UntilDate
from shared.errors import Problem
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.stay import StayStatus

LONGEST_NOTE = 500


class RoomSchema(Strict):
    """How many may enter; only what is limited is named."""

    a_day = Whole(1, 1_000_000)
    in_all = Whole(1, 100_000_000)

    @validates_schema
    def some_limit(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data:
            raise wrong("no_limit", "say how many may enter: a day, or in all")


class OneStep(Strict):
    key = Name(required=True)
    note = marsh.String(validate=validate.Length(1, LONGEST_NOTE))

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, tuple(KINDS), "a step")


StepSchema = OneStep.from_dict({kind: marsh.Nested(one.schema) for kind, one in KINDS.items()}, name="StepSchema")


class JourneySchema(Strict):
    key = Name(required=True)
    name = marsh.String(required=True, validate=validate.Length(1, 100))
    purpose = OneOf(Purpose, required=True)
    priority = Whole(0, 1000, load_default=100)
    entry = marsh.Nested(EntrySchema, required=True)
    re_entry = OneOf(ReEntry, load_default=ReEntry.EACH_OCCURRENCE.value)
    again_after_days = Whole(1, 730)
    room = marsh.Nested(RoomSchema)
    holdout = Whole(0, 50, load_default=0)
    goal = marsh.Nested(GoalSchema, load_default=None, allow_none=True)
    further_goals = marsh.List(marsh.Nested(GoalSchema), validate=validate.Length(1, MOST_FURTHER))
    not_while = marsh.List(OneOf(NotWhile), validate=validate.Length(1, len(NotWhile)))
    exits = marsh.List(marsh.Nested(EarlyExitSchema), load_default=list)
    steps = marsh.List(marsh.Nested(StepSchema), required=True)

    @validates_schema
    def fits_together(self, data: dict[str, Any], **kwargs: Any) -> None:
        problems: dict[str, Any] = {}
        if (data["re_entry"] == ReEntry.AFTER_DAYS) != ("again_after_days" in data):
            text = "who comes again after some days needs their number, and nobody else has one"
            problems["again_after_days"] = [Problem(text, "again_after_days")]
        if steps := dict([*step_problems(data["steps"]), *asked_problems(data)]):
            problems["steps"] = steps
        if dates := dict(date_problems(data)):
            problems["steps"] = {**dates, **problems.get("steps", {})}
        if goals := dict(goal_problems(data)):
            problems["further_goals"] = goals
        if NotWhile.IN_HOUSE in data.get("not_while", ()) and _is_for_those_in_house(data):
            text = "the journey keeps away from guests in house, and is for guests in house"
            problems["not_while"] = [Problem(text, "only_in_house")]
        if exits := dict(exit_problems(data)):
            problems["exits"] = exits
        if not any(KINDS[kind_of(step)].acts for step in data["steps"]):
            text = "a journey does something: it sends, gives a task, or changes something of the guest"
            problems.setdefault("steps", [Problem(text, "sends_nothing")])
        if problems:
            raise ValidationError(problems)


def _is_for_those_in_house(data: dict[str, Any]) -> bool:
    return data["entry"].get("stay") == StayStatus.CHECKED_IN or any(
        "in_house" in step["send"]["wants"] for step in data["steps"] if "send" in step
    )


def step_problems(steps: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Keys used twice, and steps that lead nowhere or back."""
    found: list[tuple[int, dict[str, Any]]] = []
    places: dict[str, int] = {}
    for place, step in enumerate(steps):
        if places.setdefault(step["key"], place) != place:
            found.append((place, {"key": [Problem("this key stands on another step already", "key_taken")]}))
    for place, step in enumerate(steps):
        for way, target in ways_of(step).items():
            if target is not None and places.get(target, -1) <= place:
                found.append((place, {kind_of(step): {way: [_misled(target in places)]}}))
    return found


def asked_problems(data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Questions and wins of steps that need what the journey does not have."""
    found: list[tuple[int, dict[str, Any]]] = []
    sends: set[str] = set()
    for place, step in enumerate(data["steps"]):
        content = step[kind_of(step)]
        if "send" in step:
            sends.add(step["key"])
        if "split" in step and content["winner"] and data["goal"] is None:
            text = "a way wins by the journey's goal: give it one"
            found.append((place, {"split": {"winner": [Problem(text, "winner_without_goal")]}}))
        for condition in [one["if"] for one in asked(content)] if "branch" in step else []:
            if "value" in condition and "event" not in data["entry"]:
                text = "only an entry by a hotel's own event has values"
                found.append((place, {"branch": {"value": [Problem(text, "no_event_values")]}}))
            if condition.get("clicked", ANY_MESSAGE) not in {ANY_MESSAGE, *sends}:
                found.append((place, {"branch": {"clicked": [_no_message("fork")]}}))
        waited = [does for does in OF_OWN if "wait_for" in step and does in content]
        for does in waited:
            if content[does] not in {ANY_MESSAGE, *sends}:
                found.append((place, {"wait_for": {does: [_no_message("wait")]}}))
    return found


def _no_message(before: str) -> Problem:
    return Problem(f"no message of that name stands above the {before}", "no_message_before")


def date_problems(data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Waits for a date that the entry knows nothing of."""
    entry, found = data["entry"], []
    known = OF_STAYS if "stay" in entry or "stay_date" in entry else (entry.get("date"),)
    for place, step in enumerate(data["steps"]):
        content = step.get(UntilDate.kind)
        if content and content["date"] not in known:
            text = (
                f"who enters so has no {content['date']}: it is known of a stay, or of a birthday, by which one enters"
            )
            found.append((place, {UntilDate.kind: {"date": [Problem(text, "no_such_date")]}}))
    return found


def goal_problems(data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Goals beside none, and goals that stand there twice."""
    found: list[tuple[int, dict[str, Any]]] = []
    seen = {name_of(data["goal"])} if data["goal"] else set()
    for place, goal in enumerate(data.get("further_goals", ())):
        if data["goal"] is None:
            text = "a goal beside others has a first one: what the journey is for"
            found.append((place, {"event": [Problem(text, "no_first_goal")]}))
        elif name_of(goal) in seen:
            found.append((place, {"event": [Problem("this goal stands there already", "goal_twice")]}))
        seen.add(name_of(goal))
    return found


def _misled(there: bool) -> Problem:
    if there:
        return Problem("a branch leads forward only", "leads_back")
    return Problem("there is no such step", "no_such_step")


def exit_problems(data: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Exits that the entry cannot have."""
    entry, found = data["entry"], []
    for place, exit_ in enumerate(data["exits"]):
        if "audience" in exit_ and (entry.get("when") != "entered"):
            text = "only who entered by an audience can leave it"
            found.append((place, {"audience": [Problem(text, "never_entered")]}))
        if (
            "stay" in exit_
            and "stay" not in entry
            and ("stay_date" not in entry or exit_["stay"] not in TURNS_OF_DATED)
        ):
            found.append((place, {"stay": [Problem("only an entry by a stay has one", "no_stay")]}))
        if exit_.get("stay") == entry.get("stay", "-"):
            found.append((place, {"stay": [Problem("the stay is that at the entry already", "same_turn")]}))
    return found
