"""What may happen to a guest, as forks and exits by event ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from marshmallow import fields as marsh

from services.campaigns.steps.fields import KEY
from services.campaigns.steps.kind import Document, Reached
from shared.vocabulary.stay import StayTurn
from shared.whole_text import WholeText

EVENTS = (
    *(f"stay.{turn}" for turn in StayTurn),
    *("survey.answered", "case.opened", "case.closed", "task.closed"),
    *("message.delivered", "message.bounced", "message.complained", "message.clicked"),
    *("offer.redeemed", "offer.referred"),
)
OF_OFFERS = ("offer.redeemed", "offer.referred")
NAMED = WholeText(
    rf"^({'|'.join(map(re.escape, EVENTS))}|({'|'.join(map(re.escape, OF_OFFERS))}):{KEY.pattern})$",
    error=f"one of {', '.join(EVENTS)} expected; those of offers may name one, as offer.redeemed:winter",
)


class EventName(marsh.String):
    """One of the events; those of offers may name the offer that is meant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=NAMED, **kwargs)


def of_offer(event: str, offer: str) -> str:
    """The event of one offer, as a step may ask for it."""
    return f"{event}:{offer}"


def crossing(segment: str, *, entered: bool) -> str:
    """What happens to a guest who enters or leaves a segment, as a step may wait for it."""
    return f"{'entered' if entered else 'left'}:{segment}"


@dataclass(frozen=True)
class Happened:
    """It happens to the guest after the entry."""

    event: str

    @classmethod
    def of(cls, document: Document, /) -> Happened:
        return cls(document["event"])

    @property
    def document(self) -> Document:
        return {"event": self.event}

    def holds(self, reached: Reached) -> bool:
        last = reached.facts.happened.get((reached.guest_id, self.event))
        return last is not None and last > reached.entered_at
