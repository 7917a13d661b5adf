"""What may happen to a guest, as forks and exits by event ask for it."""

from __future__ import annotations

from dataclasses import dataclass

from services.campaigns.steps.kind import Document, Reached
from shared.vocabulary.stay import StayTurn

EVENTS = (
    *(f"stay.{turn}" for turn in StayTurn),
    *("survey.answered", "case.opened", "case.closed"),
    *("message.delivered", "message.bounced", "message.complained", "message.clicked"),
)


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
