"""Values of canned answers as people read and write them: «[The guest’s name]», in the language of their pages.

Kept is what does not change with a language: `{{guest.name}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import force_locale

from services.feedback.rules.inbox import VALUE, CannedValue
from shared.web.i18n.labels import label
from shared.web.i18n.languages import LANGUAGES

IN_WORDS = re.compile(r"\[([^\[\]\n]{1,80})\]")


def in_words(text: str) -> str:
    """For a page. What is no value stays as it stands."""
    return VALUE.sub(lambda found: _word(found[1]) or found[0], text)


def as_kept(text: str) -> str:
    """What was typed, in whichever language of the pages its values are named."""
    known = _by_words()
    return IN_WORDS.sub(lambda found: known.get(_plain(found[1]), found[0]), text)


def words_of_values() -> list[str]:
    return [_word(one) for one in CannedValue]


def _word(value: str) -> str:
    return f"[{label(CannedValue(value))}]" if value in list(CannedValue) else ""


def _by_words() -> Mapping[str, str]:
    found = {}
    for language in LANGUAGES:
        with force_locale(language.replace("-", "_")):
            found.update({_plain(str(label(one))): f"{{{{{one}}}}}" for one in CannedValue})
    return found


def _plain(words: str) -> str:
    """However its apostrophe and its capitals are typed."""
    return " ".join(words.replace("’", "'").casefold().split())
