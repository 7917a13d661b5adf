"""The WhatsApp texts of a template, language by language, as they are sent in for approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template

from services.messaging.channels.whatsapp.ready import ReadyApproved
from services.messaging.library.checks import GUESTS, sample_values
from services.messaging.library.documents import Template, read_template
from services.messaging.library.needs import values_in
from services.messaging.library.rendering import prepared
from services.messaging.pages.templates.routes import load
from services.messaging.store.templates.drafts import draft
from shared.access.people import May
from shared.errors import GuestloopError, InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import needs
from shared.web.site import here

to_send_in = Blueprint("messaging_to_send_in", __name__, url_prefix="/messaging/templates/<key>/whatsapp-texts")
NAMES: Mapping[str, str] = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "pt": "pt_PT"}
"""By our language, what WhatsApp calls it where it is another name."""


@dataclass(frozen=True)
class ToSendIn:
    """`name`: to give it at the provider; `places`: each as it stands in the text, with an example of what fills it."""

    language: str
    name: str
    code: str
    text: str
    content: str
    places: list[tuple[str, str]]


@to_send_in.get("")
@needs(May.CONFIGURE)
def show(key: str) -> str:
    """Of the draft, where there is one."""
    with here().transaction() as tx:
        found = load(tx, key)
        written = draft(tx, key)
    document = written.document if written else found.document
    try:
        texts, readable = list(_texts(read_template(document, version=1), document)), True
    except InputError:
        texts, readable = [], False
    if readable and not texts:
        abort(404)
    return render_template(
        "template_whatsapp_texts.html", template=found, document=document, texts=texts, readable=readable
    )


def _texts(template: Template, document: Mapping[str, Any]) -> Iterator[ToSendIn]:
    for language in template.locales:
        part = document["locales"][language].get(str(Channel.WHATSAPP))
        if part and (part.get("variables") or part.get("content")):
            code = NAMES.get(language, language.replace("-", "_"))
            name = f"{template.key}-{code}".replace("-", "_").lower()
            places = _places(template, language)
            yield ToSendIn(language, name, code, part["text"].strip(), part.get("content", ""), places)


def _places(template: Template, language: str) -> list[tuple[str, str]]:
    ready = prepared(template, language, Channel.WHATSAPP)
    assert isinstance(ready, ReadyApproved)
    try:
        filled = ready.filled(sample_values(GUESTS[0], language, values_in(template)))
    except GuestloopError:
        return []  # which the editor says
    return [(f"{{{{{number}}}}}", words) for number, words in filled.items()]
