"""What was made of a text, each part with the words it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.feedback.understanding.urgent import Urgency

FULL_SCALE = 10


class Kind(StrEnum):
    """What sort of text it is, before anybody asks what it means."""

    WORDS = "words"
    REACTION = "reaction"  # Liked “…”: a thumb under our message, not an answer
    AUTO_REPLY = "auto_reply"  # a machine answers for somebody who is away
    ADVERT = "advert"  # somebody's advertisement, forwarded or misdirected
    SIGNS = "signs"  # emoji or punctuation alone
    EMPTY = "empty"


class Feeling(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class CaseFor(StrEnum):
    """Whether somebody must look after it, and why."""

    NONE = "none"
    FOLLOW_UP = "follow_up"  # a low score, or words that cannot wait
    COMPLAINT = "complaint"
    STOP_QUESTION = "stop_question"  # it may be an objection


@dataclass(frozen=True)
class Score:
    """`value` of `scale`, as the guest gave it: «4/5» is 4 of 5. `words`: those that say it; `comment`: what follows
    them."""

    value: int
    scale: int
    words: str
    comment: str | None = None

    @property
    def of_ten(self) -> int | None:
        """On the survey's scale of 0 to 10; None where that would be no whole number."""
        points, rest = divmod(self.value * FULL_SCALE, self.scale)
        return points if rest == 0 else None


@dataclass(frozen=True)
class Topic:
    """What a text speaks of, and how: `word` is what names it."""

    name: str
    feeling: Feeling
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Understood:
    """`own`: the guest's own words, without what they quote and what their telephone adds.

    `stop`: an objection; `hold`: may be one, so offers and surveys wait until a person has read it. `yes`: nothing but
    that. `asks`: two scores between which the guest must choose («8–9», «8.5»). `unsure`: it may be a score, a person
    decides. `case`: what is opened, an objection's question before a complaint, a complaint before a follow-up (of a
    low score that counts, of words that cannot wait). `because`: by field, the words it rests on; `taught`: the
    corrections of colleagues that it rests on.
    """

    own: str
    kind: Kind = Kind.WORDS
    language: str | None = None
    score: Score | None = None
    asks: tuple[int, int] | None = None
    unsure: bool = False
    stop: bool = False
    hold: bool = False
    start: bool = False
    help: bool = False
    yes: bool = False
    case: CaseFor = CaseFor.NONE
    is_complaint: bool = False
    sentiment: Feeling = Feeling.NEUTRAL
    topics: tuple[Topic, ...] = ()
    urgency: Urgency = Urgency.NONE
    because: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taught: tuple[UUID, ...] = ()

    @property
    def urgent(self) -> bool:
        """It holds words that cannot wait: somebody is called."""
        return self.urgency is not Urgency.NONE

    def as_json(self) -> dict[str, Any]:
        return {
            "score": self.score.value if self.score else None,
            "scale": self.score.scale if self.score else FULL_SCALE,
            "stop": self.stop,
            "hold": self.hold,
            "start": self.start,
            "case": str(self.case),
            "language": self.language,
            "topics": [topic.name for topic in self.topics],
            "sentiment": str(self.sentiment),
            "kind": str(self.kind),
            "help": self.help,
            "asks": list(self.asks) if self.asks else None,
            "unsure": self.unsure,
            "complaint": self.is_complaint,
            "urgent": self.urgent,
            "comment": self.score.comment if self.score else None,
            "because": {name: list(words) for name, words in self.because.items()},
        }
