"""Every mail of the gallery, in every language and in both looks, as a guest would get it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import NamedTuple

from services.messaging.channels.email.looks import LOOKS
from services.messaging.library.checks import GUESTS, SENDER, sample_values
from services.messaging.library.documents import read_template
from services.messaging.library.gallery import gallery
from services.messaging.library.heroes import with_hero
from services.messaging.library.rendering import prepared

HERO = "a" * 64 + ".jpg"
HERO_URL = f"{SENDER.pictures}{HERO}"


class GalleryMail(NamedTuple):
    key: str
    look: str
    language: str
    html: str

    @property
    def name(self) -> str:
        return f"{self.key}-{self.look}-{self.language}"


def gallery_mails(*languages: str) -> Iterator[GalleryMail]:
    """In these languages, else in all."""
    for key, ready in gallery().items():
        for look in LOOKS:
            document = with_hero(deepcopy(ready.document), key, HERO)
            for locale in document["locales"].values():
                locale["email"]["look"] = look
            template = read_template(document, version=1)
            for language in languages or tuple(template.locales):
                mail = prepared(template, language, "email").render(sample_values(GUESTS[0], language))
                assert mail.html
                yield GalleryMail(key, look, language, mail.html)
