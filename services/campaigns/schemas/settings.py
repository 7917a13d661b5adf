"""The editor's form of a journey's settings to parts of a draft; as all its forms, nothing is refused here."""

from __future__ import annotations

from services.campaigns.rules.goals import ANSWERED, BOOKED, STAYED
from services.campaigns.rules.journey import ReEntry
from services.campaigns.schemas.forms import Form, in_order, whole
from services.campaigns.schemas.goals import MOST_FURTHER
from services.campaigns.steps.kind import Document
from services.campaigns.steps.not_while import NotWhile

USUAL_DAYS = "60"


def settings_in(form: Form) -> Document:
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
        "not_while": in_order(NotWhile, form.getlist("not_while")) or None,
        **goals_in(form),
    }


def goals_in(form: Form) -> Document:
    """Each row's fields end with its place: nothing for the first, then «-1», «-2», …; the first that is chosen is the
    chief one."""
    places = ["", *(f"-{number}" for number in range(1, MOST_FURTHER + 1))]
    chosen = [_goal(form, event, at) for at in places if (event := form.get(f"goal{at}"))]
    return {"goal": chosen[0] if chosen else None, "further_goals": chosen[1:] or None}


def _goal(form: Form, event: str, at: str) -> Document:
    event = BOOKED if event == "1" else event
    found: Document = {"event": event, "within_days": whole(form.get(f"within_days{at}", USUAL_DAYS))}
    if event == STAYED and (amount := form.get(f"spent_from{at}").strip()):
        found |= {"spent_from": whole(amount), "currency": form.get(f"currency{at}").strip().upper()}
    if event == ANSWERED:
        scores = {name: form.get(f"{name}{at}").strip() for name in ("score_from", "score_to")}
        found |= {name: whole(typed) for name, typed in scores.items() if typed}
    return {**found, "ends": True} if form.get(f"ends{at}") else found
