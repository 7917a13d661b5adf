"""What the mails of the gallery are made of is drawn by Outlook and Gmail or has a fall-back; it is valid HTML."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from PIL import Image

from services.messaging.channels.email.looks import LOOKS
from services.messaging.library.gallery import gallery
from services.messaging.library.heroes import ALT, hero, scenes
from tests.messaging.gallery_mails import gallery_mails
from tests.messaging.mail_support import (
    AT_RULES,
    ATTRIBUTES,
    ELEMENTS,
    NOT_IN_THE_STANDARD,
    PROPERTIES,
    Drawn,
    Support,
)
from tests.messaging.words import LANGUAGES

VNU = Path(__file__).parents[2] / ".venv/vnu/vnu.jar"


class Used(HTMLParser):
    """The elements, attributes, properties and at-rules of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.properties: set[str] = set()
        self.at_rules: set[str] = set()
        self._in_style = False
        self.feed(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.properties |= set(_properties(dict(attrs).get("style") or ""))
        self._in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.at_rules |= {" ".join(found.split()) for found in re.findall(r"@media[^{]*", data)}
            for inside in re.findall(r"\{([^{}]*)\}", data):
                self.properties |= set(_properties(inside))
        self._in_style = False


def _properties(style: str) -> Iterator[str]:
    for declaration in style.split(";"):
        name, colon, _ = declaration.partition(":")
        if colon and re.fullmatch(r"[a-z-]+", name.strip()):
            yield name.strip()


def test_outlook_and_gmail_draw_what_the_gallery_is_made_of_or_something_instead() -> None:
    for mail in gallery_mails("en", "zh-Hans"):
        used = Used(mail.html)
        assert used.elements <= ELEMENTS, mail.name
        assert used.attributes <= ATTRIBUTES, mail.name
        assert used.properties <= set(PROPERTIES), mail.name
        assert used.at_rules <= set(AT_RULES), mail.name
        assert len(mail.html.encode()) < 100_000, mail.name


@pytest.mark.parametrize("name", [*PROPERTIES, *AT_RULES])
def test_what_one_of_them_does_not_draw_has_a_fall_back(name: str) -> None:
    support: Support = {**PROPERTIES, **AT_RULES}[name]
    assert support.instead or {support.outlook, support.gmail} == {Drawn.YES}


def test_every_ready_template_has_a_picture_that_is_described_in_six_languages() -> None:
    assert set(scenes()["of"]) == set(gallery())
    assert set(scenes()["of"].values()) == set(scenes()[ALT])
    assert all(tuple(sorted(words)) == LANGUAGES for words in scenes()[ALT].values())


def test_a_picture_is_drawn_in_the_colours_of_its_look_and_the_same_each_time() -> None:
    calm, bright = (hero("win-back", look) for look in LOOKS.values())
    assert calm.content != bright.content == hero("win-back", LOOKS["bright"]).content
    assert len(calm.content) < 60_000
    shown = Image.open(BytesIO(calm.content))
    assert shown.size == (1200, 520) and shown.format == "JPEG" and not shown.getexif()


@pytest.mark.proof
def test_the_checker_of_the_w3c_finds_nothing_but_what_word_needs(tmp_path: Path) -> None:
    if not VNU.exists() or not which("java"):
        pytest.skip("the checker or Java is not installed (deploy/install-validator)")
    for mail in gallery_mails():
        (tmp_path / f"{mail.name}.html").write_text(mail.html, encoding="utf-8")
    files = list(map(str, tmp_path.glob("*.html")))
    assert len(files) > len(gallery()) * len(LOOKS) * len(LANGUAGES)  # an offer's card once more, of a partner
    command = ["java", "-jar", str(VNU), "--errors-only", "--format", "json", "--exit-zero-always", *files]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stderr)
    found = {f"{one['url'].rpartition('/')[2]}: {one['message']}" for one in answer["messages"]}
    assert {one for one in found if not any(known in one for known in NOT_IN_THE_STANDARD)} == set()
