"""All kinds of step as people meet them, each in a module of its own beside its template `steps/<kind>.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from services.campaigns.pages.sentences.names import Names, of_step
from services.campaigns.pages.steps import (
    branch,
    exit,
    jump,
    offer,
    send,
    split,
    task,
    until_date,
    update,
    wait,
    wait_for,
    wait_until,
    webhook,
)
from services.campaigns.pages.steps.view import StepView
from services.campaigns.schemas.forms import Form
from services.campaigns.steps import kind_of, ways_of
from services.campaigns.steps.kind import Document

VIEWS: Mapping[str, StepView] = {
    "send": send.VIEW,
    "wait": wait.VIEW,
    "wait_until": wait_until.VIEW,
    "until_date": until_date.VIEW,
    "wait_for": wait_for.VIEW,
    "branch": branch.VIEW,
    "split": split.VIEW,
    "offer": offer.VIEW,
    "task": task.VIEW,
    "update": update.VIEW,
    "webhook": webhook.VIEW,
    "jump": jump.VIEW,
    "exit": exit.VIEW,
}


def view_of(step: Document) -> StepView:
    return VIEWS[kind_of(step)]


def sentence(step: Document, names: Names) -> str:
    """What the step does, in one line."""
    return view_of(step).sentence(step[kind_of(step)], names)


def called(document: Document, key: str) -> str:
    """A step by its place in the list and its kind; empty where it is not there."""
    for place, step in enumerate(document["steps"], 1):
        if step["key"] == key:
            return str(gettext("Step %(number)d: %(kind)s", number=place, kind=view_of(step).label))
    return ""


def with_messages(names: Names, steps: Sequence[Document]) -> Names:
    """The names, and those of a journey's messages by their steps."""
    return {**names, **{of_step(step["key"]): sentence(step, names) for step in steps if "send" in step}}


def whole(step: Document, steps: Sequence[Document], names: Names) -> str:
    """All the step says; where it leads is shown by the places of the other steps."""
    ways = [way_words(key, steps) for key in ways_of(step).values()]
    said = view_of(step).whole(step[kind_of(step)], with_messages(names, steps), ways)
    return gettext("%(step)s (note: %(note)s)", step=said, note=step["note"]) if step.get("note") else said


def way_words(key: str | None, steps: Sequence[Document]) -> str:
    place = next((place for place, step in enumerate(steps, 1) if step["key"] == key), None)
    return str(gettext("step %(number)d", number=place) if place else gettext("the next step"))


def step_in(kind: str, form: Form) -> Document:
    return {kind: VIEWS[kind].read(form)}
