"""A wait for something to happen, with a time-out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.events import event_choices, event_words
from services.campaigns.pages.sentences.names import Names, length, of_step, segment_words
from services.campaigns.pages.steps.view import StepView, Ways, hours_in
from services.campaigns.schemas.forms import Form, whole
from services.campaigns.steps.kind import Document
from services.campaigns.steps.own_messages import ANSWERED, ANY_MESSAGE, CLICKED, OF_OWN
from services.campaigns.steps.wait_for import ENTERED, LEFT

WAITED_FOR = {
    "event": _l("Something happens to the guest"),
    ENTERED: _l("The guest is in a segment, or enters it"),
    LEFT: _l("The guest leaves a segment"),
    CLICKED: _l("The guest opens a link of this journey"),
    ANSWERED: _l("The guest answers a survey of this journey"),
}


def _waited_for(wait: Document) -> str:
    named = ("event", *OF_OWN)
    return next((one for one in named if one in wait), None) or str(wait["when"])


def _happening(wait: Document, names: Names) -> str:
    if "event" in wait:
        return event_words(wait["event"])
    if CLICKED in wait:
        return _clicked_words(wait[CLICKED], names)
    if ANSWERED in wait:
        return _answered_words(wait[ANSWERED], names)
    segment = segment_words(wait["audience"], names)
    if wait["when"] == LEFT:
        return str(gettext("the guest leaves %(segment)s", segment=segment))
    return str(gettext("the guest is in %(segment)s", segment=segment))


def _clicked_words(message: str, names: Names) -> str:
    if message == ANY_MESSAGE:
        return str(gettext("the guest opens a link of this journey"))
    named = names.get(of_step(message), message)
    return str(gettext("the guest opens a link of the message «%(message)s»", message=named))


def _answered_words(message: str, names: Names) -> str:
    if message == ANY_MESSAGE:
        return str(gettext("the guest answers a survey of this journey"))
    named = names.get(of_step(message), message)
    return str(gettext("the guest answers the survey of the message «%(message)s»", message=named))


def _sentence(wait: Document, names: Names) -> str:
    happening = _happening(wait, names)
    return str(
        gettext("Until %(happening)s, for %(length)s at most", happening=happening, length=length(wait["within"]))
    )


def _whole(wait: Document, names: Names, ways: Ways) -> str:
    then, otherwise = ways
    return str(
        gettext(
            "%(wait)s. When it happens: %(then)s. When time runs out: %(otherwise)s.",
            wait=_sentence(wait, names),
            then=then,
            otherwise=otherwise,
        )
    )


def _read(form: Form) -> Document:
    kind = form.get("waited_for", "event")
    waited_for = {"event": form.get("event", "survey.answered")}
    if kind in (ENTERED, LEFT):
        waited_for = {"audience": form.get("audience"), "when": kind}
    if kind in OF_OWN:
        waited_for = {kind: form.get("message", ANY_MESSAGE)}
    return {
        **waited_for,
        "within": {name: whole(form.get(name) or "0") for name in ("days", "hours", "minutes")},
        "then": form.get("then") or None,
        "else": form.get("else") or None,
    }


def _choices() -> Mapping[str, Any]:
    return {"kinds": WAITED_FOR, "kind_of": _waited_for, "events": event_choices, "any_message": ANY_MESSAGE}


VIEW = StepView(
    label=_l("Wait for something"),
    icon="clock",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    hours=lambda wait: hours_in(wait["within"]),
    ways=(_l("It happens"), _l("Time runs out")),
    choices=_choices,
    problems={
        "no_message_before": _l("Choose a message that stands above the wait."),
        "within": _l("Say how long to wait at most: from 1 minute to 365 days."),
        "no_such_step": _l("A way of the wait leads to a step that is no longer there."),
        "leads_back": _l("A way of the wait leads back: move it above the step it leads to."),
    },
)
