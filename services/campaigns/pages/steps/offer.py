"""The offer that the guest is made from here on."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.names import Names, offer_words
from services.campaigns.pages.steps.view import StepView, Ways
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document


def _sentence(made: Document, names: Names) -> str:
    return str(gettext("From here on make the offer «%(offer)s»", offer=offer_words(made["offer"], names) or "…"))


def _whole(made: Document, names: Names, _ways: Ways) -> str:
    return _sentence(made, names)


def _read(form: Form) -> Document:
    return {"offer": form.get("offer")}


VIEW = StepView(
    label=_l("Offer"),
    icon="ticket",
    sentence=_sentence,
    whole=_whole,
    read=_read,
    problems={"offer": _l("Choose the offer that the guest is made.")},
)
