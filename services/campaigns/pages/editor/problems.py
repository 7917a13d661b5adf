"""What is wrong with a draft, in words, at the part it is wrong in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.steps import VIEWS
from services.campaigns.schemas import validated
from services.campaigns.schemas.journey import LONGEST_NOTE, asked_problems, step_problems
from services.campaigns.schemas.reading import pointers
from services.campaigns.steps.kind import Document
from shared.errors import InputError, Problem

SEGMENT = _l("Choose a segment.")
SCORES = _l("A score is a whole number from 0 to 10, at least the smaller and at most the greater.")
OF_SETTINGS: Mapping[str, Any] = {
    "name": _l("Give the journey a name of at most 100 letters."),
    "purpose": _l("Say what the messages are for."),
    "priority": _l("The priority is a whole number from 0 to 1000."),
    "holdout": _l("The control group is a whole number of per cent, from 0 to 50."),
    "again_after_days": _l("Say after how many days a guest may come again: from 1 to 730."),
    "room": _l("How many may enter is a whole number, a day or in all."),
    "only_in_house": _l("The journey is for guests in house: it cannot keep away from them."),
    "within_days": _l("The goal's days are a whole number from 1 to 365."),
    "spent_from": _l("What is spent at least is a whole sum with its currency, such as EUR."),
    "currency": _l("What is spent at least is a whole sum with its currency, such as EUR."),
    "score_from": SCORES,
    "score_to": SCORES,
    "goal_twice": _l("This goal stands there twice."),
    "further_goals": _l("Choose what the journey is for, and what else counts."),
}
OF_ENTRY: Mapping[str, Any] = {
    "offset_days": _l("The days before or after are a whole number from 0 to 60."),
    "audience": SEGMENT,
    "event": _l("Name the event as the hotel's system does: two words with a dot, such as spa.booked."),
    "no_number": _l("Only a number is at least or at most something."),
    "value": _l("Name the value that is compared."),
    "to": _l("Say what the value is compared with."),
    "hour": _l("Write the hour as 10:00."),
    "days": _l("The days are a whole number from 0 to 365."),
    "hours": _l("The hours are a whole number from 0 to 720."),
    "too_long_before": _l("Before a date of your own are at most 180 days."),
    "not_a_day": _l("Choose the day."),
    "once": _l("Choose the day."),
    "weekly": _l("Choose at least one weekday."),
    "monthly": _l("Choose a day of the month from 1 to 31, or a weekday of it."),
    "festival": _l("Choose the festival from the list."),
    "holiday": _l("Choose the country of the public holidays."),
    "own": _l("Choose one of the house's own days; they are entered under «Own days»."),
    "nights_from": _l("Nights are a whole number from 0 to 365."),
    "nights_to": _l("Nights are a whole number from 0 to 365."),
    "no_length": _l("No stay has at least more nights than at most."),
    "booked_ahead": _l("The days booked ahead are a whole number from 1 to 730."),
    "warning": _l("Choose what the warning is of."),
    "score_from": SCORES,
    "score_to": SCORES,
    "no_score": SCORES,
    "entry": _l("Say what lets a guest in."),
}
OF_EXITS: Mapping[str, Any] = {
    "never_entered": _l("Leaving the segment ends only a journey that guests enter by that segment."),
    "stay": _l("Only a journey entered by a stay can end by that stay, and not by what it is entered by."),
    "event": _l("Choose what happens from the list."),
}
OF_STEPS: Mapping[str, Any] = {
    "sends_nothing": _l("Add a message, a task or a tag: a journey does something."),
    "note": _l("A note has at most %(most)d letters.", most=LONGEST_NOTE),
    "key": _l("The short name has lower case letters, digits and hyphens, and no other step has it."),
    "audience": SEGMENT,
    "event": _l("Choose what happens from the list."),
}


@dataclass(frozen=True)
class DraftProblem:
    """`part`: settings, entry, exits, steps, or the key of a step."""

    part: str
    text: str


def problems_of(draft: Document) -> list[DraftProblem]:
    try:
        validated(draft)
    except InputError as error:
        return list(dict.fromkeys(problem(pointer, text, draft) for pointer, text in error.problems.items()))
    return []


def flow_problems_of(draft: Document) -> list[DraftProblem]:
    """Those of where its steps stand, whatever else is missing."""
    found = [*step_problems(draft["steps"]), *asked_problems(draft)]
    told = [pair for place, wrong in found for pair in pointers({"steps": {place: wrong}})]
    return [problem(pointer, text, draft) for pointer, text in told]


def by_part(problems: list[DraftProblem]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.part, []).append(one.text)
    return found


def problem(pointer: str, message: str, draft: Document) -> DraftProblem:
    path = pointer.strip("/").split("/")
    return DraftProblem(_part(path, draft), _words(path, message))


def _part(path: list[str], draft: Document) -> str:
    if path[0] == "steps" and len(path) > 1 and path[1].isdecimal():
        return str(draft["steps"][int(path[1])]["key"])
    return path[0] if path[0] in ("entry", "exits", "steps") else "settings"


def _words(path: list[str], message: str) -> str:
    """By the code of the error; else by the innermost field that has words of its own."""
    texts = _texts(path)
    keys = ([message.code] if isinstance(message, Problem) else []) + path[::-1]
    known = next((texts[key] for key in keys if key in texts), None)
    return str(known or gettext("This cannot be used as it is: %(message)s", message=message))


def _texts(path: list[str]) -> Mapping[str, Any]:
    if path[0] == "entry":
        return OF_ENTRY
    if path[0] == "exits":
        return OF_EXITS
    if path[0] != "steps":
        return OF_SETTINGS
    kind = path[2] if len(path) > 2 else ""
    return {**OF_STEPS, **(VIEWS[kind].problems if kind in VIEWS else {})}
