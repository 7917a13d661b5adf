"""A jump: to a later step, or into another journey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, journey_words
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document

AIMS = {"step": _l("at a later step"), "journey": _l("in another journey")}


def _aim(jump: Document) -> str:
    return "journey" if "journey" in jump else "step"


def _sentence(jump: Document, names: Names) -> str:
    if "journey" not in jump:
        return str(gettext("Go on at a later step"))
    return str(gettext("Go on in the journey «%(journey)s»", journey=journey_words(jump["journey"], names) or "…"))


def _whole(jump: Document, names: Names, ways: Ways) -> str:
    return str(gettext("Go on at: %(step)s", step=ways[0])) if ways else _sentence(jump, names)


def _read(form: Form) -> Document:
    if form.get("aim") == "journey":
        return {"journey": form.get("journey")}
    return {"to": form.get("to")}


def _choices() -> Mapping[str, Any]:
    return {"aims": AIMS, "aim_of": _aim}


VIEW = StepView(
    label=_l("Jump"),
    icon="path",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    choices=_choices,
    problems={
        "to": _l("Choose the later step at which the journey goes on."),
        "journey": _l("Choose the journey in which the guest goes on."),
        "no_such_step": _l("The jump leads to a step that is no longer there."),
        "leads_back": _l("The jump leads back: move it above the step it leads to."),
    },
)
