"""Every word of a guest's file is there in each of the six languages: of the page, the declarations and the terms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from guestloop.composition.services import MANIFESTS
from shared.personal_data.declaration import Column
from shared.personal_data.guest_file.catalogues import FOLDERS, translator
from shared.personal_data.guest_file.held import shown_columns
from shared.vocabulary.guest_language import GUEST_LANGUAGES
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from shared.vocabulary.role import Role
from shared.vocabulary.term import Term

ROOT = Path(__file__).parents[2]
IN_WORDS: tuple[type[Term], ...] = (MessageState, Reason, Role)
"""Terms that services tell of beside their declared columns."""


def columns() -> Iterator[tuple[str, Column]]:
    """Every column of a guest's file with the title of its table."""
    for manifest in MANIFESTS:
        for table in manifest.personal_data.tables:
            yield from ((table.what, column) for column in shown_columns(table).values())


@cache
def said() -> frozenset[str]:
    found: set[str] = set()
    for folder in (ROOT / "shared" / "personal_data" / "guest_file", ROOT / "services"):
        for _, _, text, *_ in extract_from_dir(
            folder,
            method_map=[("**.py", "python"), ("**/guest_file.html", "jinja2")],
            keywords={"in_file": None, "say": None},
        ):
            found.add(str(text))
    kinds = {column.words for _, column in columns() if column.words} | set(IN_WORDS)
    found |= {title for title, _ in columns()} | {str(column.label) for _, column in columns()}
    return frozenset(found | {term.label for kind in kinds for term in kind})


@pytest.mark.parametrize("language", [tag for tag in GUEST_LANGUAGES if tag != "en"])
def test_every_word_of_the_file_is_there(language: str) -> None:
    path = FOLDERS[0] / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    own = {str(one.id) for one in read_po(BytesIO(path.read_bytes())) if one.id and one.string}
    vocabulary = FOLDERS[1] / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    shared = (
        {str(one.id) for one in read_po(BytesIO(vocabulary.read_bytes())) if one.string}
        if vocabulary.exists()
        else set()
    )
    assert said() - own - shared == set(), "to be translated in shared/personal_data/guest_file/translations"
    assert own - said() == set(), "left over"
    assert translator(language)("What is kept of you") != "What is kept of you"
