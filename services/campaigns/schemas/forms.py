"""The editor's forms to parts of a draft. Nothing is refused here: what was typed is kept, and judged as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.campaigns.rules.document import WEEKDAYS, Document
from services.campaigns.schemas.journey import CHANNELS, WANTS

CAUSES = ("time", "stay.booked", "stay.checked_out", "stay.cancelled", "stay.no_show", "guest.changed", "initial")
"""What may have brought a guest in, as a branch may ask."""


@dataclass(frozen=True)
class Form:
    """A submitted form: each field with all its values."""

    values: Mapping[str, Sequence[str]]

    def get(self, name: str, default: str = "") -> str:
        return next(iter(self.getlist(name)), default)

    def getlist(self, name: str) -> Sequence[str]:
        return self.values.get(name, ())


def whole(text: str) -> int | str:
    """A number; else what was typed."""
    text = text.strip()
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text


def settings_in(form: Form) -> Document:
    goal = {"event": "stay.booked", "within_days": whole(form.get("within_days", "60"))}
    return {
        "name": form.get("name").strip(),
        "purpose": form.get("purpose"),
        "priority": whole(form.get("priority")),
        "holdout": whole(form.get("holdout")),
        "re_entry": form.get("re_entry"),
        "goal": goal if form.get("goal") else None,
    }


def entry_in(form: Form) -> Document:
    kind = form.get("kind")
    if kind == "stay":
        return {"stay": form.get("stay", "checked_out")}
    if kind == "date":
        days = whole(form.get("offset_days", "7"))
        before = form.get("direction", "before") == "before"
        offset = -days if isinstance(days, int) and before else days
        return {"date": "birthday", "audience": form.get("audience"), "offset_days": offset}
    return {
        "audience": form.get("audience"),
        "when": "left" if kind == "left" else "entered",
        "occurrence": "lapse" if form.get("occurrence") == "lapse" else "entry",
    }


def exits_in(form: Form) -> list[Document]:
    """Each box is named by the kind of exit and what it looks at: `stay=undone`."""
    return [dict([box.split("=", 1)]) for box in form.getlist("exits") if "=" in box]


def step_in(kind: str, form: Form) -> Document:
    return {kind: READERS[kind](form)}


def _send(form: Form) -> Document:
    channels = [form.get(name) for name in ("channel_1", "channel_2")]
    return {
        "template": form.get("template").strip(),
        "channels": list(dict.fromkeys(channel for channel in channels if channel in CHANNELS)),
        "useful_for": {name: whole(form.get(f"useful_{name}") or "0") for name in ("days", "hours")},
        "wants": _in_order(WANTS, form.getlist("wants")),
    }


def _wait(form: Form) -> Document:
    return {name: whole(form.get(name) or "0") for name in ("days", "hours", "minutes")}


def _wait_until(form: Form) -> Document:
    return {
        "hour": form.get("hour").strip()[:5],
        "weekdays": _in_order(WEEKDAYS, form.getlist("weekdays")),
        "strictly_after": bool(form.get("strictly_after")),
    }


def _branch(form: Form) -> Document:
    return {"if": _condition(form), "then": form.get("then") or None, "else": form.get("else") or None}


def _condition(form: Form) -> Document:
    kind = form.get("condition")
    if kind == "event":
        return {"event": form.get("event", "stay.booked")}
    if kind == "data":
        values = [value.strip() for value in form.get("values").split(",")]
        return {"data": form.get("data").strip(), "in": [value for value in values if value]}
    if kind == "cause":
        return {"data": "cause", "in": _in_order(CAUSES, form.getlist("causes"))}
    return {"audience": form.get("audience")}


def _exit(form: Form) -> Document:
    return {"reason": form.get("reason").strip()}


def _in_order(known: Sequence[str], chosen: Sequence[str]) -> list[str]:
    return [one for one in known if one in chosen]


READERS: dict[str, Any] = {
    "send": _send,
    "wait": _wait,
    "wait_until": _wait_until,
    "branch": _branch,
    "exit": _exit,
}
