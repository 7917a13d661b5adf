"""What the house's own systems are told."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document


def _sentence(told: Document, _names: Names) -> str:
    return str(gettext("Tell the hotel's systems: «%(name)s»", name=told["name"] or "…"))


def _whole(told: Document, names: Names, _ways: Ways) -> str:
    return _sentence(told, names)


def _read(form: Form) -> Document:
    return {"name": form.get("name").strip().lower()}


VIEW = StepView(
    label=_l("Tell the hotel's systems"),
    icon="plug",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    problems={"name": _l("Name what is told, in lower case letters, digits and hyphens, such as welcome-gift.")},
)
