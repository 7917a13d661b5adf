"""What texts speak of and how they feel, in the reader's words."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class FeelingLabel(Term):
    POSITIVE = "positive", N_("content"), "good"
    NEGATIVE = "negative", N_("not content"), "bad"
    NEUTRAL = "neutral", N_("neither")
