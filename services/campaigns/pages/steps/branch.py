"""A fork: what it asks, in which order, and where each answer leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.conditions import ASKED, asked_in, condition_in, condition_words
from services.campaigns.pages.sentences.events import CAUSES, event_choices
from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.sentences.settings import COMPARED
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form, whole
from services.campaigns.steps.branch import MOST, asked
from services.campaigns.steps.conditions import LAST, OF_STAY, OWN
from services.campaigns.steps.kind import Document
from services.campaigns.steps.own_conditions import own_key
from services.campaigns.steps.own_messages import ANY_MESSAGE

SCORES = {
    OF_STAY: _l("the score for this stay"),
    LAST: _l("the last score of all"),
    OWN: _l("the score for this journey's own survey"),
}


def _sentence(branch: Document, names: Names) -> str:
    first, *more = asked(branch)
    if more:
        return str(gettext("The first that holds: %(question)s …", question=condition_words(first["if"], names)))
    return condition_words(first["if"], names)


def _named_ways(branch: Document, names: Names) -> Sequence[str]:
    if "ways" not in branch:
        return [gettext("Yes"), gettext("No")]
    return [*(condition_words(one["if"], names) for one in asked(branch)), gettext("Otherwise")]


def _whole(branch: Document, names: Names, ways: Ways) -> str:
    *led, otherwise = ways
    questions = [condition_words(one["if"], names) for one in asked(branch)]
    if len(questions) == 1:
        said = {"question": questions[0], "then": led[0], "otherwise": otherwise}
        return str(gettext("%(question)s Yes: %(then)s. No: %(otherwise)s.", **said))
    each = [
        str(gettext("%(question)s Yes: %(then)s.", question=question, then=then))
        for question, then in zip(questions, led, strict=True)
    ]
    return " ".join([*each, str(gettext("Otherwise: %(step)s.", step=otherwise))])


def _read(form: Form) -> Document:
    wanted = whole(form.get("count", "1"))
    count = min(max(wanted, 1), MOST) if isinstance(wanted, int) else 1
    otherwise = form.get("else") or None
    if count == 1:
        return {"if": condition_in(form), "then": form.get("then") or None, "else": otherwise}
    endings = ["", *(f"-{number}" for number in range(1, count))]
    ways = [{"if": condition_in(form, which), "to": form.get(f"then{which}") or None} for which in endings]
    return {"ways": ways, "else": otherwise}


def _choices() -> Mapping[str, Any]:
    return {
        "asked": ASKED,
        "asked_in": asked_in,
        "events": event_choices,
        "causes": CAUSES,
        "questions": asked,
        "counts": [(str(count), str(count)) for count in range(1, MOST + 1)],
        "compared": COMPARED,
        "scores": SCORES,
        "any_message": ANY_MESSAGE,
        "own_key": own_key,
    }


VIEW = StepView(
    label=_l("Fork"),
    icon="path",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    choices=_choices,
    named_ways=_named_ways,
    problems={
        "if": _l("Say what the fork asks."),
        "no_such_step": _l("The fork leads to a step that is no longer there."),
        "leads_back": _l("The fork leads back: move it above the step it leads to."),
        "ways_alike": _l("Both ways of the fork lead to the same step."),
        "no_event_values": _l("Only a journey that begins with what a hotel's system tells has values of its event."),
        "no_message_before": _l("Choose a message that stands above the fork."),
        "no_score": _l("The score is at least the smaller and at most the greater number."),
        "score": _l("A score is a whole number from 0 to 10."),
        "no_number": _l("Only a number is at least or at most something."),
        "value": _l("Name the value that is compared."),
        "to": _l("Say what the value is compared with."),
    },
)
