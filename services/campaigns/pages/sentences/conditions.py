"""What a fork asks, in words, and the form in which it is chosen."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.events import CAUSES, event_words
from services.campaigns.pages.sentences.names import Names, any_of, of_step, segment_words
from services.campaigns.schemas.forms import Form, in_order, whole
from services.campaigns.steps import conditions
from services.campaigns.steps.event_values import Compared
from services.campaigns.steps.kind import Document
from services.campaigns.steps.own_conditions import is_own
from services.campaigns.steps.own_messages import ANY_MESSAGE

ASKED = {
    "audience": _l("Is the guest in a segment?"),
    "own": _l("Does a condition of its own hold?"),
    "event": _l("Has something happened since the start?"),
    "cause": _l("What brought the guest in?"),
    "value": _l("What does a value of the entry's event say?"),
    "score": _l("What score did the guest give?"),
    "clicked": _l("Did the guest open a link of this journey?"),
    "data": _l("Does a field of the journey have a value?"),
}
"""The form asks for a cause by itself: it is the field that nearly every fork is about."""


def asked_in(condition: Document) -> str:
    if condition.get("data") == "cause":
        return "cause"
    if is_own(condition.get("audience", "")):
        return "own"
    return next(kind for kind in conditions.CONDITIONS if kind in condition)


def condition_words(condition: Document, names: Names) -> str:
    match asked_in(condition):
        case "audience":
            segment = segment_words(condition["audience"], names)
            return str(gettext("Is the guest in %(segment)s?", segment=segment))
        case "own":
            name = names.get(condition["audience"]) or gettext("not written yet")
            return str(gettext("Does it hold: %(condition)s?", condition=name))
        case "event":
            return str(gettext("Since the start: %(happening)s?", happening=event_words(condition["event"])))
        case "cause":
            causes = any_of([str(CAUSES.get(value, value)) for value in condition["in"]])
            return str(gettext("Was it %(causes)s that brought the guest in?", causes=causes))
        case "value":
            return _value_words(condition["value"])
        case "score":
            return _score_words(condition["score"])
        case "clicked" if condition["clicked"] == ANY_MESSAGE:
            return str(gettext("Did the guest open a link of a message of this journey?"))
        case "clicked":
            message = names.get(of_step(condition["clicked"]), condition["clicked"])
            return str(gettext("Did the guest open a link of the message «%(message)s»?", message=message))
        case _:
            values = any_of(condition["in"])
            return str(gettext("Is «%(field)s» one of %(values)s?", field=condition["data"], values=values))


def _value_words(value: Document) -> str:
    told = {"value": value["value"] or "…", "to": value["to"] or "…"}
    match value["op"]:
        case Compared.AT_LEAST:
            return str(gettext("Is the event's «%(value)s» at least %(to)s?", **told))
        case Compared.AT_MOST:
            return str(gettext("Is the event's «%(value)s» at most %(to)s?", **told))
    return str(gettext("Is the event's «%(value)s» %(to)s?", **told))


def _score_words(score: Document) -> str:
    bounds = {"low": score["at_least"], "high": score["at_most"]}
    if score["of"] == conditions.LAST:
        return str(gettext("Is the guest's last score from %(low)s to %(high)s?", **bounds))
    if score["of"] == conditions.OWN:
        return str(gettext("Did the guest answer this journey's own survey with %(low)s to %(high)s?", **bounds))
    return str(gettext("Is the score for this stay from %(low)s to %(high)s?", **bounds))


def condition_in(form: Form, which: str = "") -> Document:
    """`which` ends the names of the fields, where a form has several questions."""

    def said(name: str, default: str = "") -> str:
        return form.get(f"{name}{which}", default)

    match said("condition"):
        case "own" if is_own(own := said("own")):
            return {"audience": own}
        case "event":
            return {"event": said("event", "stay.booked")}
        case "data":
            values = [value.strip() for value in said("values").split(",")]
            return {"data": said("data").strip(), "in": [value for value in values if value]}
        case "cause":
            return {"data": "cause", "in": in_order(conditions.CAUSES, form.getlist(f"causes{which}"))}
        case "value":
            compared = {"op": said("op", Compared.IS), "to": said("value_to").strip()}
            return {"value": {"value": said("value").strip(), **compared}}
        case "score":
            bounds = {"at_least": whole(said("at_least", "9")), "at_most": whole(said("at_most", "10"))}
            return {"score": {"of": said("score_of", conditions.OF_STAY), **bounds}}
        case "clicked":
            return {"clicked": said("clicked", ANY_MESSAGE)}
        case _:
            return {"audience": said("audience")}
