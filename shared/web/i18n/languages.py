"""The languages of the console: English in the source, others in .po files that are read without a build step.

Reading a service's catalogues takes some 20 ms, once a process and language, at its first page. Compiled ones would
take 1 ms, and could be missing or out of date.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain, get_locale

LANGUAGES = {"en": "English", "zh-Hans": "简体中文"}
"""The console's languages by BCP 47 tag."""


class Catalogues(Domain):  # type: ignore[misc]
    """`<folder>/<locale>/LC_MESSAGES/messages.po` of several folders; the first that has a text counts."""

    def __init__(self, folders: list[Path]) -> None:
        super().__init__()
        self._folders = folders
        self._read: dict[str, Translations] = {}

    def get_translations(self) -> NullTranslations | Translations:
        name = str(get_locale())
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def _load(self, name: str) -> Translations:
        found = Translations()
        for folder in reversed(self._folders):
            if (path := folder / name / "LC_MESSAGES" / "messages.po").exists():
                read = _translations_in(path, name)
                found.merge(read)
                found.plural = read.plural  # the language's own rule, which merging leaves behind
        return found


@cache
def _translations_in(path: Path, name: str) -> Translations:
    """What services share is read once where one process has the pages of all. Not to be changed."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=name)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


class ConsoleBabel(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogues as its domain."""

    def __init__(self, app: Flask, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        super().__init__(app, locale_selector=lambda: language().replace("-", "_"))

    @property
    def domain_instance(self) -> Catalogues:
        return self._catalogues


def language() -> str:
    """The reader's language: as chosen in this session, in the account, or by the browser."""
    if not has_request_context():
        return "en"
    person = g.get("person")
    wishes = [session.get("language"), person.language if person else None]
    wishes.append("zh-Hans" if request.accept_languages.best_match(["en", "zh"]) == "zh" else "en")
    return next(str(wish) for wish in wishes if wish in LANGUAGES)


def add_translations(app: Flask, folders: list[Path]) -> None:
    """Give an app the catalogues of these folders."""
    ConsoleBabel(app, Catalogues(folders))
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)


def language_name(tag: str) -> str:
    """A language in the reader's own words; of one that nobody knows its tag."""
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(locale()) or tag)
    except (UnknownLocaleError, ValueError):
        return tag


def locale() -> Locale:
    found: Any = get_locale()
    return found if isinstance(found, Locale) else Locale("en")
