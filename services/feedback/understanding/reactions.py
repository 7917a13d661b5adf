"""Texts that no guest wrote: a thumb under our message, an answer for somebody who is away, an advertisement."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.feedback.understanding.tokens import Text
from services.feedback.understanding.understood import Kind
from services.feedback.understanding.vocabulary import Match, covers

QUOTE = re.compile('[“”"„«»「」『』‘’‚‹›]')
STRETCH = re.compile('[“"„«「『].*[”"“»」』]', re.DOTALL)
LEADS_SOMEWHERE = re.compile(r"\b\d{5,}|\b\d{3,4}[ -]\d{3}|www\.|https?:|[£$€]\s?\d|\d\s?p(?:er)?\b|\.co(?:m|\.uk)\b")
LONGEST_FRAME = 8
"""Words around the quoted message in «Laughed at “…”»."""
BEGINS_WITHIN = 6


def kind_of(text: Text, matches: Sequence[Match]) -> Kind:
    if not text.original.strip():
        return Kind.EMPTY
    if _is_reaction(text, matches):
        return Kind.REACTION
    if _is_auto_reply(matches):
        return Kind.AUTO_REPLY
    if _is_advert(text, matches):
        return Kind.ADVERT
    return Kind.WORDS if text.tokens else Kind.SIGNS


def _is_auto_reply(matches: Sequence[Match]) -> bool:
    """Near the beginning it says that nobody is there, or that it is written by itself; «thank you for your message»
    may go before."""
    leads = [m.last for m in matches if m.concept == "auto_lead" and m.first <= BEGINS_WITHIN]
    begins = max(leads, default=0) + BEGINS_WITHIN
    return any(match.concept == "auto_reply" and match.first <= begins for match in matches)


def _is_advert(text: Text, matches: Sequence[Match]) -> bool:
    """It says «free», «claim», «reply STOP to …» and has a number or an address to go to."""
    said = {match.first for match in matches if match.concept in ("advert", "instruction")}
    said |= {match.last for match in matches if match.concept == "leave" and _number_follows(text, match.last)}
    return len(said) >= 2 and LEADS_SOMEWHERE.search(text.folded.text) is not None


def _number_follows(text: Text, place: int) -> bool:
    return place + 1 < len(text.tokens) and text.tokens[place + 1].is_number and len(text.tokens[place + 1].text) > 4


def _is_reaction(text: Text, matches: Sequence[Match]) -> bool:
    """A reaction's words and a quoted message, or an image, and nothing else."""
    if any(m.concept == "reaction_alone" and m.last - m.first + 1 == len(text.tokens) for m in matches):
        return True
    stretch = STRETCH.search(text.folded.text)
    if stretch is None:
        return False
    outside = [
        place for place, token in enumerate(text.tokens) if token.end <= stretch.start() or token.start >= stretch.end()
    ]
    if not outside or len(outside) > LONGEST_FRAME:
        return False
    named = [match for match in matches if match.concept == "reaction"]
    return covers(named, outside)
