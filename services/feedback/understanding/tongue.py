"""Which language a text is in, as far as a few words tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from services.feedback.understanding.tokens import Text
from services.feedback.understanding.vocabulary import Match

SCRIPTS = (
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7a3"),
    ("zh", "\u4e00", "\u9fff"),
    ("th", "\u0e00", "\u0e7f"),
    ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"),
    ("el", "\u0370", "\u03ff"),
    ("hi", "\u0900", "\u097f"),
)
"""Scripts that tell a language, the more telling first: Japanese text has Han letters too."""
COMMON = 2
"""A word that everybody of that language uses tells as much as two others."""
UNTELLING = ("number", "reaction", "signature", "stop_in_china")


def language_of(text: Text, matches: Sequence[Match]) -> str | None:
    """Its code; None where nothing tells."""
    letters = text.folded.text
    counts = {code: sum(first <= letter <= last for letter in letters) for code, first, last in SCRIPTS}
    for code, *_ in SCRIPTS:
        if counts[code] * 4 >= sum(letter.isalpha() for letter in letters) > 0:
            return code
    told: Counter[str] = Counter()
    for language, concept, _ in {(match.language, match.concept, match.first) for match in matches}:
        if not concept.startswith(UNTELLING):
            told[language] += COMMON if concept == "common" else 1
    if not told:
        return None
    best = max(told.values())
    likely = {code for code, points in told.items() if points == best}
    return "en" if "en" in likely else min(likely)
