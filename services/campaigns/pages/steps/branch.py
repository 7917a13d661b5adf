"""A fork: what it asks, and where each answer leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.conditions import ASKED, asked_in, condition_in, condition_words
from services.campaigns.pages.sentences.events import CAUSES, event_choices
from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document


def _sentence(branch: Document, names: Names) -> str:
    return condition_words(branch["if"], names)


def _whole(branch: Document, names: Names, ways: Ways) -> str:
    then, otherwise = ways
    return str(
        gettext(
            "%(question)s Yes: %(then)s. No: %(otherwise)s.",
            question=_sentence(branch, names),
            then=then,
            otherwise=otherwise,
        )
    )


def _read(form: Form) -> Document:
    return {"if": condition_in(form), "then": form.get("then") or None, "else": form.get("else") or None}


def _choices() -> Mapping[str, Any]:
    return {"asked": ASKED, "asked_in": asked_in, "events": event_choices, "causes": CAUSES}


VIEW = StepView(
    label=_l("Fork"),
    icon="path",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    ways=(_l("Yes"), _l("No")),
    choices=_choices,
    problems={
        "if": _l("Say what the fork asks."),
        "no_such_step": _l("The fork leads to a step that is no longer there."),
        "leads_back": _l("The fork leads back: move it above the step it leads to."),
        "ways_alike": _l("Both ways of the fork lead to the same step."),
    },
)
