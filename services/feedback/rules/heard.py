"""What guests say, as it counts: by topic how the text feels about it, and how it feels as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from services.feedback.rules.feelings import FeelingLabel
from services.feedback.rules.replies import TakenAs
from shared.errors import InputError
from shared.vocabulary.term import N_, Term
from shared.vocabulary.topic import TopicLabel

WHOLE = ""
"""Stands among the topics for the whole text."""
SPOKEN = (TakenAs.WORDS, TakenAs.COMPLAINT, TakenAs.SCORE_UNSURE, TakenAs.STOP_INSIDE)
"""Replies that say something of the hotel. What follows a score is the comment of an answer, and counts as that."""
Feelings = Mapping[str, str]
"""By topic its feeling, the whole text's under `WHOLE`."""


class HeardKind(Term):
    """Where the words stand."""

    REPLY = "reply", N_("reply")
    COMMENT = "comment", N_("words of an answer")
    REVIEW = "review", N_("review")


def checked(feelings: Mapping[str, str]) -> dict[str, str]:
    """What a person found. Raises `InputError` for a topic or a feeling there is not, and for a text without one."""
    topics, known = {WHOLE, *map(str, TopicLabel)}, set(map(str, FeelingLabel))
    if WHOLE not in feelings or not feelings.keys() <= topics or not set(feelings.values()) <= known:
        raise InputError(problems={"feeling": "positive, negative or neutral is expected, of topics that there are"})
    return dict(feelings)
