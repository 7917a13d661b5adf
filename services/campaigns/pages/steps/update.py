"""A tag that the guest is given or loses, or a tier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document

GIVEN, TAKEN, TIER, NO_TIER = "1", "0", "tier", "no_tier"
CHANGES = {
    GIVEN: _l("give the tag"),
    TAKEN: _l("take the tag away"),
    TIER: _l("give the tier"),
    NO_TIER: _l("give back the tier that reservations state"),
}


def _change(update: Document) -> str:
    """Of `CHANGES`."""
    if "tag" in update:
        return GIVEN if update["given"] else TAKEN
    return NO_TIER if update["tier"] is None else TIER


def _sentence(update: Document, _names: Names) -> str:
    match _change(update):
        case "tier":
            return str(gettext("Give the tier «%(tier)s»", tier=update["tier"] or "…"))
        case "no_tier":
            return str(gettext("Give back the tier that reservations state"))
        case "1":
            return str(gettext("Give the tag «%(tag)s»", tag=update["tag"] or "…"))
    return str(gettext("Take away the tag «%(tag)s»", tag=update["tag"] or "…"))


def _whole(update: Document, names: Names, _ways: Ways) -> str:
    return _sentence(update, names)


def _read(form: Form) -> Document:
    change, typed = form.get("given", GIVEN), " ".join(form.get("tag").split())
    if change in (TIER, NO_TIER):
        return {"tier": typed if change == TIER else None}
    return {"tag": typed, "given": change == GIVEN}


def _choices() -> Mapping[str, Any]:
    return {"changes": CHANGES, "change_of": _change}


VIEW = StepView(
    label=_l("Tag or tier"),
    icon="pencil",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    choices=_choices,
    problems={
        "tag": _l("Write one tag, of at most 40 characters and without commas."),
        "tier": _l("Write one tier, of at most 40 characters and without commas."),
    },
)
