"""Something happens to a guest: they answer, open a link, use an offer, get a tier or points, or a case is opened or
closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.campaigns.steps.fields import KEY, wrong
from services.campaigns.steps.kind import Document
from shared.whole_text import WholeText

ANSWERED, CLICKED = "survey.answered", "message.clicked"
UNDERSTOOD = "answer.understood"
TIER = "tier.changed"  # no event of its own: a guest.changed has another tier than the one before
POINTS = "points.earned"  # the same: it has more points than the one before
OF_PROGRAMMES = (TIER, POINTS)
OPENED, CLOSED = "case.opened", "case.closed"
OF_OFFERS = ("offer.redeemed", "offer.referred")
OF_ANSWERS = (ANSWERED, UNDERSTOOD)
HAPPENINGS = (*OF_ANSWERS, OPENED, CLOSED, CLICKED, *OF_OFFERS, *OF_PROGRAMMES)
ASKED: Mapping[str, frozenset[str]] = {
    ANSWERED: frozenset({"hotel", "score_from", "score_to"}),
    UNDERSTOOD: frozenset({"hotel", "score_from", "score_to", "topic", "feeling"}),
    OPENED: frozenset({"hotel", "case"}),
    CLOSED: frozenset({"hotel", "case", "content"}),
    CLICKED: frozenset({"of"}),
    **dict.fromkeys(OF_OFFERS, frozenset({"hotel", "offer"})),
    TIER: frozenset({"tier"}),
    POINTS: frozenset({"points_reached", "points_earned"}),
}
"""What may be asked of each."""
CONDITIONS = frozenset().union(*ASKED.values())
LOWEST, HIGHEST = 0, 10
MOST_POINTS = 1_000_000_000
PRAISED, CRITICISED = "positive", "negative"
IS_OFFER = WholeText(rf"^{KEY.pattern}$", error="the key of an offer expected")


@dataclass(frozen=True)
class HappeningEntry:
    """Of that hotel, or of any. `scores`: of an answer, both belong to it; `asked`: what else must be so, by its name
    in what is told. `topic`, `feeling`: what the words of an answer speak of, and how they feel about it.
    `points_reached`: a balance that was smaller before; `points_earned`: by so many it has grown at once."""

    happening: str
    hotel: str | None = None
    scores: tuple[int, int] = (LOWEST, HIGHEST)
    asked: Mapping[str, str] = field(default_factory=dict)
    topic: str | None = None
    feeling: str | None = None
    points_reached: int | None = None
    points_earned: int | None = None

    def holds(self, told: Mapping[str, Any]) -> bool:
        """`told`: of what happened its hotel, its score, and what else is known of it."""
        if self.hotel not in (None, told.get("property")):
            return False
        if self.happening in OF_ANSWERS and not self._is_score(told["score"]):
            return False
        if self.happening == UNDERSTOOD and not self._is_spoken_of(told["topics"]):
            return False
        if self.happening == POINTS and not self._are_enough(told["points_before"], told["points"]):
            return False
        return all((told.get(name) or "").casefold() == wanted.casefold() for name, wanted in self.asked.items())

    def _is_score(self, score: int | None) -> bool:
        """One that is not known is any."""
        low, high = self.scores
        return (low, high) == (LOWEST, HIGHEST) if score is None else low <= score <= high

    def _is_spoken_of(self, topics: Mapping[str, str]) -> bool:
        return any(self.topic in (None, topic) and self.feeling in (None, how) for topic, how in topics.items())

    def _are_enough(self, before: int, after: int) -> bool:
        if self.points_reached is not None and not before < self.points_reached <= after:
            return False
        return after - before >= (self.points_earned or 1)


NAMES = {"case": "kind", "content": "content", "of": "journey", "offer": "offer", "tier": "tier"}
"""What a document calls a condition, and what the event calls it."""


def scores_of(document: Mapping[str, Any]) -> tuple[int, int]:
    """The least and the most that is asked for; the whole scale where nothing is."""
    return document.get("score_from", LOWEST), document.get("score_to", HIGHEST)


def happening_entry(document: Document) -> HappeningEntry:
    asked = {told: document[name] for name, told in NAMES.items() if name in document}
    spoken = {name: document[name] for name in ("topic", "feeling") if name in document}
    points = {name: document[name] for name in ("points_reached", "points_earned") if name in document}
    return HappeningEntry(document["happening"], document.get("hotel"), scores_of(document), asked, **spoken, **points)


def check_happening(data: Mapping[str, Any]) -> None:
    """Raises `ValidationError` where something is asked that this happening does not tell."""
    for name in sorted(CONDITIONS & data.keys() - ASKED[data["happening"]]):
        raise wrong("not_asked", f"a journey that begins with {data['happening']} cannot ask for this", name)
    low, high = scores_of(data)
    if low > high:
        raise wrong("no_score", "no score is at least more than at most", "score_from")
