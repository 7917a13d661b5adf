"""What a fork asks, in words, and the form in which it is chosen."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.events import CAUSES, event_words
from services.campaigns.pages.sentences.names import Names, any_of, segment_words
from services.campaigns.schemas.forms import Form, in_order
from services.campaigns.steps import conditions
from services.campaigns.steps.kind import Document

ASKED = {
    "audience": _l("Is the guest in a segment?"),
    "event": _l("Has something happened since the start?"),
    "cause": _l("What brought the guest in?"),
    "data": _l("Does a field of the journey have a value?"),
}
"""The form asks for a cause by itself: it is the field that nearly every fork is about."""


def asked_in(condition: Document) -> str:
    if condition.get("data") == "cause":
        return "cause"
    return next(kind for kind in conditions.CONDITIONS if kind in condition)


def condition_words(condition: Document, names: Names) -> str:
    match asked_in(condition):
        case "audience":
            segment = segment_words(condition["audience"], names)
            return str(gettext("Is the guest in %(segment)s?", segment=segment))
        case "event":
            return str(gettext("Since the start: %(happening)s?", happening=event_words(condition["event"])))
        case "cause":
            causes = any_of([str(CAUSES.get(value, value)) for value in condition["in"]])
            return str(gettext("Was it %(causes)s that brought the guest in?", causes=causes))
        case _:
            values = any_of(condition["in"])
            return str(gettext("Is «%(field)s» one of %(values)s?", field=condition["data"], values=values))


def condition_in(form: Form) -> Document:
    match form.get("condition"):
        case "event":
            return {"event": form.get("event", "stay.booked")}
        case "data":
            values = [value.strip() for value in form.get("values").split(",")]
            return {"data": form.get("data").strip(), "in": [value for value in values if value]}
        case "cause":
            return {"data": "cause", "in": in_order(conditions.CAUSES, form.getlist("causes"))}
        case _:
            return {"audience": form.get("audience")}
