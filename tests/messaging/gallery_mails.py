"""Every mail of the gallery, in every language and in both looks, as a guest would get it; with the card of an offer
once more, of a partner's offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from services.messaging.channels.email.looks import LOOKS
from services.messaging.library.checks import GUESTS, SENDER, sample_values
from services.messaging.library.documents import read_template
from services.messaging.library.gallery import gallery
from services.messaging.library.heroes import with_hero
from services.messaging.library.rendering import prepared

HERO = "a" * 64 + ".jpg"
HERO_URL = f"{SENDER.pictures}{HERO}"
LOGO = "b" * 64 + ".png"
LOGO_URL = f"{SENDER.pictures}{LOGO}"
PARTNER = {"partner": "Spa Azul", "colour": "#1f4e79", "logo": LOGO}


class GalleryMail(NamedTuple):
    key: str
    look: str
    language: str
    html: str
    is_of_a_partner: bool = False

    @property
    def name(self) -> str:
        return f"{self.key}-{self.look}-{self.language}{'-partner' * self.is_of_a_partner}"


def gallery_mails(*languages: str) -> Iterator[GalleryMail]:
    """In these languages, else in all."""
    for key, ready in gallery().items():
        for look in LOOKS:
            document = with_hero(deepcopy(ready.document), key, HERO)
            for locale in document["locales"].values():
                locale["email"]["look"] = look
            template = read_template(document, version=1)
            for language in languages or tuple(template.locales):
                for values in _told(template.offer is not None, sample_values(GUESTS[0], language)):
                    mail = prepared(template, language, "email").render(values)
                    assert mail.html
                    yield GalleryMail(key, look, language, mail.html, "partner" in values["offer"])


def _told(has_card: bool, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield values
    if has_card:
        yield {**values, "offer": {**values["offer"], **PARTNER}}
