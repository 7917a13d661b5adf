"""A tag that the guest is given or loses."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document


def _sentence(update: Document, _names: Names) -> str:
    tag = update["tag"] or "…"
    if update["given"]:
        return str(gettext("Give the tag «%(tag)s»", tag=tag))
    return str(gettext("Take away the tag «%(tag)s»", tag=tag))


def _whole(update: Document, names: Names, _ways: Ways) -> str:
    return _sentence(update, names)


def _read(form: Form) -> Document:
    return {"tag": " ".join(form.get("tag").split()), "given": form.get("given", "1") == "1"}


VIEW = StepView(
    label=_l("Tag"),
    icon="pencil",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    problems={"tag": _l("Write one tag, of at most 40 characters and without commas.")},
)
