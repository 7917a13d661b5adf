"""The one reminder of a survey, as steps of its journey: who has not answered after some days is asked once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.campaigns.steps.kind import Document
from shared.vocabulary.purpose import Purpose

LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 1, 30, 4
ANSWERED = "survey.answered"
DONE = {"reason": "done"}


@dataclass(frozen=True)
class Reminder:
    """`template`: what it says."""

    days: int
    template: str


def asks_after_a_stay(document: Document) -> bool:
    """Whether it asks for feedback, and has a message to remind of."""
    return document["purpose"] == Purpose.FEEDBACK and _first_send(document) is not None


def can_be_switched(document: Document) -> bool:
    """Not where somebody has written other steps behind the survey: those are theirs."""
    return asks_after_a_stay(document) and (not _tail(document) or reminder_of(document) is not None)


def reminder_of(document: Document) -> Reminder | None:
    """None where there is none, or what follows the survey is no reminder alone."""
    tail = _tail(document)
    if len(tail) != 3:
        return None
    waits, again, ends = tail
    wait, send = waits.get("wait_for") or {}, again.get("send")
    goes = {"event": ANSWERED, "then": ends["key"], "else": again["key"]}
    within = wait.get("within") or {}
    if any(wait.get(part) != said for part, said in goes.items()) or not send or "exit" not in ends:
        return None
    if within.get("hours") or within.get("minutes"):
        return None
    return Reminder(within.get("days", 0), send["template"])


def with_reminder(document: Document, reminder: Reminder | None) -> Document:
    """The same with this reminder, or with none. Only of a document that `can_be_switched`."""
    place = _first_send(document)
    assert place is not None
    asked = document["steps"][: place + 1]
    return {**document, "steps": [*asked, *(_steps(asked, reminder) if reminder else [])]}


def _steps(asked: list[Document], reminder: Reminder) -> list[Document]:
    answer, again, done = (_free(asked, key) for key in ("answer", "reminder", "done"))
    within = {"days": reminder.days, "hours": 0, "minutes": 0}
    return [
        {"key": answer, "wait_for": {"event": ANSWERED, "within": within, "then": done, "else": again}},
        {"key": again, "send": {**asked[-1]["send"], "template": reminder.template}},
        {"key": done, "exit": dict(DONE)},
    ]


def _free(asked: list[Document], key: str) -> str:
    taken = {step["key"] for step in asked}
    names = [key, *(f"{key}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _first_send(document: Document) -> int | None:
    return next((place for place, step in enumerate(document["steps"]) if "send" in step), None)


def _tail(document: Document) -> list[dict[str, Any]]:
    place = _first_send(document)
    return [] if place is None else document["steps"][place + 1 :]
