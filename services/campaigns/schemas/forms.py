"""The editor's forms to parts of a draft, steps excepted.

Nothing is refused here: what was typed is kept, and judged as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.campaigns.rules.journey import ReEntry
from services.campaigns.steps.entries import ANY, Occurrence
from services.campaigns.steps.event_values import Compared
from services.campaigns.steps.kind import Document


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
    event = form.get("goal")
    goal = {"event": "stay.booked" if event == "1" else event, "within_days": whole(form.get("within_days", "60"))}
    room = {name: whole(typed) for name in ("a_day", "in_all") if (typed := form.get(name).strip())}
    after = form.get("re_entry") == ReEntry.AFTER_DAYS
    return {
        "name": form.get("name").strip(),
        "purpose": form.get("purpose"),
        "priority": whole(form.get("priority")),
        "holdout": whole(form.get("holdout")),
        "re_entry": form.get("re_entry"),
        "again_after_days": whole(form.get("again_after_days", "30")) if after else None,
        "room": room or None,
        "goal": goal if event else None,
    }


def entry_in(form: Form) -> Document:
    kind = form.get("kind")
    if kind == "stay":
        return {"stay": form.get("stay", "checked_out")}
    if kind == "signup":
        hotel = form.get("hotel")
        return {"signup": form.get("signup", ANY), **({"hotel": hotel} if hotel else {})}
    if kind == "event":
        return _own_event_in(form)
    if kind == "date":
        days = whole(form.get("offset_days", "7"))
        before = form.get("direction", "before") == "before"
        offset = -days if isinstance(days, int) and before else days
        return {"date": "birthday", "audience": form.get("audience"), "offset_days": offset}
    return {
        "audience": form.get("audience"),
        "when": "left" if kind == "left" else "entered",
        "occurrence": Occurrence.LAPSE.value if form.get("occurrence") == Occurrence.LAPSE else Occurrence.ENTRY.value,
    }


def _own_event_in(form: Form) -> Document:
    found: Document = {"event": form.get("event").strip().lower()}
    if hotel := form.get("hotel"):
        found["hotel"] = hotel
    if value := form.get("value").strip():
        found["where"] = {"value": value, "op": form.get("op", Compared.IS), "to": form.get("to").strip()}
    return found


def exits_in(form: Form) -> list[Document]:
    """Each box is named by the kind of exit and what it looks at: `stay=undone`."""
    return [dict([box.split("=", 1)]) for box in form.getlist("exits") if "=" in box]


def in_order(known: Iterable[str], chosen: Sequence[str]) -> list[str]:
    return [str(one) for one in known if one in chosen]
