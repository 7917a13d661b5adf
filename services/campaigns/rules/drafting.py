"""A draft is a document that need not be right yet: what its editor may do to it. Each change gives a new document."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from services.campaigns.steps import KINDS, changed_ways
from services.campaigns.steps.fields import KEY
from services.campaigns.steps.kind import Document
from shared.errors import Conflict, GuestloopError, InputError
from shared.vocabulary.purpose import Purpose

SETTINGS = (
    *("name", "purpose", "priority", "holdout", "re_entry", "again_after_days", "room", "not_while"),
    *("goal", "further_goals"),
)


class Overtaken(Conflict):
    """Somebody else changed this part meanwhile."""


class Misplaced(GuestloopError):
    """A step cannot stand there; `code`: into_itself | no_such_way | leads_back."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def marks_of(draft: Document) -> dict[str, str]:
    """By part of the draft, a step by its key, a mark of what it says: another one once it was changed."""
    parts = {"settings": {name: draft.get(name) for name in SETTINGS}, "entry": draft["entry"], "exits": draft["exits"]}
    return {name: _mark(part) for name, part in {**{step["key"]: step for step in draft["steps"]}, **parts}.items()}


def _mark(part: Any) -> str:
    return sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def unless_overtaken(draft: Document, part: str, seen: str) -> None:
    """Raises `Overtaken` where the part is no longer as it was seen; where nothing was seen, nothing is compared."""
    if seen and marks_of(draft).get(part, seen) != seen:
        raise Overtaken()


def new_draft(key: str, name: str) -> Document:
    return {
        "key": key,
        "name": name,
        "purpose": Purpose.MARKETING.value,
        "priority": 100,
        "entry": {"audience": "", "when": "entered", "occurrence": "entry"},
        "re_entry": "each_occurrence",
        "holdout": 0,
        "goal": None,
        "exits": [],
        "steps": [],
    }


def key_from(name: str) -> str:
    """A key made of a name's Latin letters and digits; empty where it has none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def add_step(draft: Document, kind: str, after: str | None) -> tuple[Document, str]:
    """The draft with a fresh step after the one named (None: first), and the key of the new one."""
    if kind not in KINDS:
        raise InputError(problems={"kind": "there is no such step"})
    steps: list[Document] = draft["steps"]
    place = place_of(draft, after) + 1 if after else 0
    key = fresh_key(steps, KINDS[kind].stem)
    step = {"key": key, kind: dict(KINDS[kind].fresh)}
    return {**draft, "steps": [*steps[:place], step, *steps[place:]]}, key


def fresh_key(steps: Sequence[Document], stem: str) -> str:
    """The first of «stem-1», «stem-2» … that no step has."""
    used = {step["key"] for step in steps}
    return next(key for n in range(1, len(steps) + 2) if (key := f"{stem}-{n}") not in used)


def move_step(draft: Document, key: str, by: int) -> Document:
    """One place up (-1) or down (1); at the end of the list nothing moves."""
    steps = list(draft["steps"])
    place = place_of(draft, key)
    other = place + by
    if 0 <= other < len(steps):
        steps[place], steps[other] = steps[other], steps[place]
    return {**draft, "steps": steps}


def change_step(draft: Document, key: str, content: Document) -> Document:
    """A note is kept where the content says nothing of one."""
    place = place_of(draft, key)
    steps = list(draft["steps"])
    note = {"note": steps[place]["note"]} if "note" in steps[place] else {}
    kept = {name: value for name, value in {**note, **content}.items() if name != "note" or value}
    steps[place] = {"key": key, **kept}
    return {**draft, "steps": steps}


def rename_step(draft: Document, key: str, to: str) -> Document:
    """Steps that lead to it keep leading to it. Raises `InputError` where the name cannot be had."""
    if to == key:
        return draft
    if not KEY.fullmatch(to) or any(step["key"] == to for step in draft["steps"]):
        raise InputError(problems={"key": "lower case letters, digits and hyphens, and no other step of that name"})
    place = place_of(draft, key)
    steps = [changed_ways(step, key, to) for step in draft["steps"]]
    steps[place] = {**steps[place], "key": to}
    return {**draft, "steps": steps}


def place_of(draft: Document, key: str) -> int:
    for place, step in enumerate(draft["steps"]):
        if step["key"] == key:
            return place
    raise Conflict(f"The step «{key}» is no longer there: somebody else removed it.")
