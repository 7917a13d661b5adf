"""A wait of some days, hours or minutes."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, length
from services.campaigns.pages.steps.view import StepView, Ways, hours_in
from services.campaigns.schemas.forms import Form, whole
from services.campaigns.steps.kind import Document


def _sentence(wait: Document, _names: Names) -> str:
    return str(gettext("%(length)s later", length=length(wait)))


def _whole(wait: Document, names: Names, _ways: Ways) -> str:
    return _sentence(wait, names)


def _read(form: Form) -> Document:
    return {name: whole(form.get(name) or "0") for name in ("days", "hours", "minutes")}


VIEW = StepView(
    label=_l("Wait"),
    icon="clock",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    hours=hours_in,
    problems={"wait": _l("Say how long to wait: up to 730 days, 720 hours or 1440 minutes.")},
)
