"""An end before the last step, with the reason its author gives."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.messages import reason_words
from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document
from shared.vocabulary.reason import Reason


def _sentence(end: Document, _names: Names) -> str:
    if end["reason"] == Reason.DONE:
        return str(gettext("The journey ends"))
    return str(gettext("The journey ends: %(reason)s", reason=reason_words(end["reason"])))


def _whole(end: Document, names: Names, _ways: Ways) -> str:
    return _sentence(end, names)


def _read(form: Form) -> Document:
    return {"reason": form.get("reason").strip()}


VIEW = StepView(
    label=_l("End"),
    icon="flag",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    problems={"reason": _l("Say why the journey ends, in lower case letters, digits and hyphens.")},
)
