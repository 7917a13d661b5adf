"""The words of the guest's file in the guest's language, read from .po files without a build step."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

FOLDERS = (Path(__file__).parent / "translations", Path(__file__).parents[2] / "vocabulary" / "translations")
"""The first that has a text counts."""

Translate = Callable[[str], str]


def translator(language: str) -> Translate:
    """From English into one of the six languages; what has no translation stays English."""
    texts = _texts(language.replace("-", "_"))
    return lambda text: texts.get(text, text)


@cache
def _texts(locale: str) -> dict[str, str]:
    from babel.messages.pofile import read_po  # only who writes a file needs it

    found: dict[str, str] = {}
    for folder in reversed(FOLDERS):
        path = folder / locale / "LC_MESSAGES" / "messages.po"
        if path.exists():
            with path.open("rb") as file:
                read = read_po(file, locale=locale)
            found |= {
                one.id: one.string for one in read if isinstance(one.id, str) and one.id and isinstance(one.string, str)
            }
    return {text: translated for text, translated in found.items() if translated}
