"""What is wrong with a draft, in words, at the part it is wrong in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.rules.document import Document
from services.campaigns.schemas import validated
from shared.errors import InputError

BY_FIELD = {
    "name": _l("Give the journey a name of at most 100 letters."),
    "purpose": _l("Say what the messages are for."),
    "priority": _l("The priority is a whole number from 0 to 1000."),
    "holdout": _l("The control group is a whole number of per cent, from 0 to 50."),
    "within_days": _l("The goal's days are a whole number from 1 to 365."),
    "offset_days": _l("The days before or after are a whole number from 0 to 60."),
    "template": _l("Choose the template of the message."),
    "channels": _l("Choose by which channel the message goes."),
    "useful_for": _l("Say how long the message is worth sending: up to 365 days or 240 hours."),
    "wait": _l("Say how long to wait: up to 730 days, 720 hours or 1440 minutes."),
    "hour": _l("Write the hour as 10:00."),
    "weekdays": _l("Choose weekdays from the list."),
    "if": _l("Say what the fork asks."),
    "reason": _l("Say why the journey ends, in lower case letters, digits and hyphens."),
    "key": _l("The short name has lower case letters, digits and hyphens, and no other step has it."),
    "stay": _l("An exit by the stay needs an entry by a stay, and another turn than the entry's."),
    "event": _l("Choose what happens from the list."),
}
BY_MESSAGE = {
    "there is no such step": _l("The fork leads to a step that is no longer there."),
    "a branch leads forward only": _l("The fork leads back: move it above the step it leads to."),
    "then and else lead to the same step": _l("Both ways of the fork lead to the same step."),
    "only who entered by an audience can leave it": _l(
        "Leaving the segment ends only a journey entered by coming into it."
    ),
    "a journey sends something": _l("Add a message: a journey sends something."),
}


@dataclass(frozen=True)
class Problem:
    """`part`: settings, entry, exits, steps, or the key of a step."""

    part: str
    text: str


def problems_of(draft: Document) -> list[Problem]:
    try:
        validated(draft)
    except InputError as error:
        return list(dict.fromkeys(problem(pointer, text, draft) for pointer, text in error.problems.items()))
    return []


def by_part(problems: list[Problem]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.part, []).append(one.text)
    return found


def problem(pointer: str, message: str, draft: Document) -> Problem:
    path = pointer.strip("/").split("/")
    return Problem(_part(path, draft), _words(path, message))


def _part(path: list[str], draft: Document) -> str:
    if path[0] == "steps" and len(path) > 1 and path[1].isdecimal():
        return str(draft["steps"][int(path[1])]["key"])
    return path[0] if path[0] in ("entry", "exits", "steps") else "settings"


def _words(path: list[str], message: str) -> str:
    if message in BY_MESSAGE:
        return str(BY_MESSAGE[message])
    if path[-1] == "audience":
        return str(gettext("Choose a segment."))
    for name in reversed(path):
        if name in BY_FIELD:
            return str(BY_FIELD[name])
    if path[0] == "entry":
        return str(gettext("Say what brings a guest in."))
    return str(gettext("This cannot be used as it is: %(message)s", message=message))
