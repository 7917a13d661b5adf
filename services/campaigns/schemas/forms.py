"""The editor's forms to parts of a draft, steps excepted.

Nothing is refused here: what was typed is kept, and judged as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.campaigns.steps.anchors import Anchor, is_own
from services.campaigns.steps.entries import ANY, LeapDay, Occurrence
from services.campaigns.steps.event_values import Compared
from services.campaigns.steps.fields import WEEKDAYS
from services.campaigns.steps.happening_entry import ANSWERED, ASKED
from services.campaigns.steps.kind import Document
from services.campaigns.steps.warning_entry import SUBJECTS


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


def entry_in(form: Form) -> Document:
    kind = form.get("kind")
    if kind == "stay":
        return {"stay": form.get("stay", "checked_out"), **_which_stays(form)}
    if kind == "stay_date":
        return _stay_date_in(form)
    if kind == "calendar":
        return _calendar_in(form)
    if kind == "signup":
        hotel = form.get("hotel")
        return {"signup": form.get("signup", ANY), **({"hotel": hotel} if hotel else {})}
    if kind == "event":
        return _own_event_in(form)
    if kind == "happening":
        return _happening_in(form)
    if kind == "warning":
        return _warning_in(form)
    if kind == "date" and is_own(form.get("date")):
        return _own_date_in(form)
    if kind == "date":
        days = whole(form.get("offset_days", form.get("amount", "7")))
        before = form.get("direction", "before") == "before"
        offset = -days if isinstance(days, int) and before else days
        found: Document = {"date": form.get("date", Anchor.BIRTHDAY), "offset_days": offset}
        if found["date"] != Anchor.BIRTHDAY:
            return found
        if audience := form.get("audience"):
            found["audience"] = audience
        if form.get("leap_day") == LeapDay.MARCH:
            found["leap_day"] = LeapDay.MARCH.value
        return found
    return {
        "audience": form.get("audience"),
        "when": "left" if kind == "left" else "entered",
        "occurrence": Occurrence.LAPSE.value if form.get("occurrence") == Occurrence.LAPSE else Occurrence.ENTRY.value,
    }


def _own_date_in(form: Form) -> Document:
    """Where another date was chosen before, its days are kept."""
    values = form.values if "amount" in form.values else {**form.values, "amount": [form.get("offset_days", "7")]}
    found: Document = {"date": form.get("date"), **offset_in(Form(values))}
    if form.get("leap_day") == LeapDay.MARCH:
        found["leap_day"] = LeapDay.MARCH.value
    return found


def _stay_date_in(form: Form) -> Document:
    return {"stay_date": form.get("stay_date", "arrival"), **offset_in(form), **_which_stays(form)}


def _which_stays(form: Form) -> Document:
    found: Document = {"hotel": hotel} if (hotel := form.get("hotel")) else {}
    numbers = {name: whole(form.get(name)) for name in ("nights_from", "nights_to", "booked_ahead") if form.get(name)}
    names = {name: listed(form.get(name)) for name in ("room_types", "rates", "channels")}
    if stays := {**numbers, **{name: values for name, values in names.items() if values}}:
        found["stays"] = stays
    return found


def _calendar_in(form: Form) -> Document:
    days = whole(form.get("offset_days") or "0")
    offset = -days if isinstance(days, int) and form.get("direction", "before") == "before" else days
    found: Document = {
        "audience": form.get("audience"),
        "calendar": _rule_in(form),
        "offset_days": offset,
        "hour": form.get("hour", "10:00").strip()[:5],
    }
    if hotel := form.get("hotel"):
        found["hotel"] = hotel
    if left_out := [one for one in form.getlist("left_out") if one]:
        found["left_out"] = left_out
    return found


def _rule_in(form: Form) -> Document:
    rule = form.get("rule", "once")
    if rule == "weekly":
        return {rule: in_order(WEEKDAYS, form.getlist("weekdays"))}
    if rule == "monthly":
        nth = form.get("nth")
        return {rule: {"nth": whole(nth), "weekday": form.get("weekday")} if nth else {"day": whole(form.get("day"))}}
    if rule == "holiday":
        name = form.get("holiday").strip()
        return {rule: {"country": form.get("country"), **({"name": name} if name else {})}}
    return {rule: form.get(rule).strip()}


def offset_in(form: Form) -> Document:
    """`amount` of `unit` (days or hours), `direction` (before or after), `hour`."""
    amount = whole(form.get("amount") or "0")
    if isinstance(amount, int) and form.get("direction", "before") == "before":
        amount = -amount
    unit = "hours" if form.get("unit") == "hours" else "days"
    return {"days": 0, "hours": 0, unit: amount, "hour": form.get("hour", "15:00").strip()[:5]}


def listed(text: str) -> list[str]:
    """Names with commas between them."""
    return list(dict.fromkeys(name for part in re.split(r"[,，、\n]", text) if (name := part.strip())))


def _own_event_in(form: Form) -> Document:
    found: Document = {"event": form.get("event").strip().lower()}
    if hotel := form.get("hotel"):
        found["hotel"] = hotel
    if value := form.get("value").strip():
        found["where"] = {"value": value, "op": form.get("op", Compared.IS), "to": form.get("to").strip()}
    return found


def _warning_in(form: Form) -> Document:
    found: Document = {"warning": in_order(SUBJECTS, form.getlist("warning")), "audience": form.get("audience")}
    return {**found, "hotel": hotel} if (hotel := form.get("hotel")) else found


NUMBERS = ("score_", "points_")


def _happening_in(form: Form) -> Document:
    """What is not asked of what was chosen is left out, though the form had it a moment ago."""
    happening = form.get("happening", ANSWERED)
    typed = {name: form.get(name).strip() for name in sorted(ASKED.get(happening, ()))}
    found = {name: whole(text) if name.startswith(NUMBERS) else text for name, text in typed.items() if text}
    return {"happening": happening, **found}


def exits_in(form: Form) -> list[Document]:
    """Each box is named by the kind of exit and what it looks at: `stay=undone`."""
    return [dict([box.split("=", 1)]) for box in form.getlist("exits") if "=" in box]


def in_order(known: Iterable[str], chosen: Sequence[str]) -> list[str]:
    return [str(one) for one in known if one in chosen]
