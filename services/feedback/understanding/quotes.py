"""A guest's own words: without the message they answer, and without what their telephone or mail program adds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.feedback.understanding.tokens import Text
from services.feedback.understanding.vocabulary import Match

QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*original|on .+ wrote:|am .+ schrieb|le .+ a écrit|el .+ escribió|em .+ escreveu)", re.IGNORECASE
)
ENTERS = re.compile("[⏎↵\u2028\u2029\x0b\x0c\x85]|\r\n?")
LONGEST_SIGNATURE = 6
"""Words behind «sent from my»: a device's name, not another sentence."""


def without_quotes(text: str) -> str:
    """The reply itself, without the message it answers."""
    lines = ENTERS.sub("\n", text).splitlines()
    kept = next((place for place, line in enumerate(lines) if QUOTED.match(line)), len(lines))
    return "\n".join(lines[:kept]).strip()


def without_signature(text: Text, matches: Sequence[Match]) -> str | None:
    """The text up to «Sent from my iPhone» in whatever language, where nothing but a device's name follows; None where
    there is no such thing."""
    for match in matches:
        if match.concept != "signature" or len(text.tokens) - match.last - 1 > LONGEST_SIGNATURE:
            continue
        start = text.tokens[match.first].start
        return text.folded.original[: text.folded.places[start]].rstrip(" \n-–—_*.")
    return None
