"""A journey's own messages, of one enrolment: whether a link of one was opened, or the survey of one answered."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.steps.kind import Reached

ANY_MESSAGE = "any"
CLICKED, ANSWERED = "clicked", "answered"
OF_OWN = (CLICKED, ANSWERED)


def own(what: str, message: str = ANY_MESSAGE) -> str:
    """What an enrolment waits for, as the step and its waking have it."""
    return f"own.{what}" if message == ANY_MESSAGE else f"own.{what}:{message}"


def first_of_own(reached: Reached, what: str, message: str) -> datetime | None:
    """When it happened first on this occasion, however long ago: to that message, or to any."""
    if what == CLICKED:
        moments = dict(reached.clicks())
    else:
        moments = {step: at for step, (at, _) in reached.answers().items()}
    if message != ANY_MESSAGE:
        return moments.get(message)
    return min(moments.values(), default=None)
