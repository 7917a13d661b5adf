"""Every word of the console is there in Chinese, and every door of every service says who may come in."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.exceptions import TemplateSyntaxError

from shared.events.console import EVERY_SERVICE

ROOT = Path(__file__).parent.parent.parent
SHARED = [ROOT / "shared" / "web", ROOT / "shared" / "vocabulary"]
FOLDERS = [*SHARED, *(ROOT / "services" / name for name in EVERY_SERVICE)]
KEYWORDS = {
    "_": None,
    "N_": None,
    "NN_": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
    "_l": None,
    "lazy_gettext": None,
    "pgettext": ((1, "c"), 2),
}
ENTRY = re.compile(r'^((?:msgctxt (?:".*"\n)+)?msgid (?:".*"\n)+)', re.MULTILINE)
OPTIONS = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trimmed": "true"}


pytestmark = pytest.mark.xdist_group("words")  # one worker reads the pages


@cache
def said(folder: Path) -> list[tuple[str, str]]:
    """Each word of a folder's pages and where it stands."""
    found = extract_from_dir(
        folder,
        method_map=[("**.py", "python"), ("**/templates/**.html", "jinja2")],
        options_map={"**/templates/**.html": OPTIONS},
        keywords=KEYWORDS,
        comment_tags=(),
    )
    return [(_first(message), f"{name}:{line}") for name, line, message, *_ in found]


@cache
def catalog(folder: Path, language: str) -> dict[str, str]:
    path = folder / "translations" / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    read = read_po(BytesIO(path.read_bytes()), locale=language)
    return {_first(message.id): _first(message.string) for message in read}


def _first(text: object) -> str:
    return str(text[0] if isinstance(text, list | tuple) else text or "")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_word_is_there_in_chinese(folder: Path) -> None:
    known = {text: found for one in (*SHARED, folder) for text, found in catalog(one, "zh_Hans").items()}
    missing = {text: place for text, place in said(folder) if not known.get(text)}
    assert not missing


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_translation_is_left_over(folder: Path) -> None:
    used = {text for text, _ in said(folder)}
    assert {text for text in catalog(folder, "zh_Hans") if text and text not in used} == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_word_is_translated_twice(folder: Path) -> None:
    """Catalogs are merged by union, and of two translations the reader silently keeps one."""
    texts = (folder / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    entries = Counter(ENTRY.findall(texts))
    assert [entry for entry, count in entries.items() if count > 1] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_templates_can_be_read(folder: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in folder.rglob("templates/**/*.html"):
        try:
            environment.parse(path.read_text(), filename=str(path))
        except TemplateSyntaxError as error:
            pytest.fail(f"{path.name}:{error.lineno}: {error.message}")


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_every_door_says_who_may_come_in(service: str) -> None:
    from flask import Flask

    app = Flask(service, static_folder=None)
    for blueprint in (*import_module(f"services.{service}.pages").PAGES, *import_module(f"services.{service}.api").API):
        app.register_blueprint(blueprint)
    unmarked = [
        name for name, view in app.view_functions.items() if not hasattr(getattr(view, "view_class", view), "door")
    ]
    assert unmarked == []
