"""`webhook`: the house's own systems are told of the guest, by the webhooks that want it; the journey goes on.

Nothing is sent from here: the event is told outside as all others are, signed, again until it is taken, and once more
where nobody knows whether it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from services.campaigns.steps.fields import Name, Strict
from services.campaigns.steps.kind import Document, Does, Kind, Reached


class WebhookSchema(Strict):
    name = Name(required=True)


@dataclass(frozen=True)
class Webhook(Kind):
    """`name`: by which the receiving system knows what is meant."""

    kind = "webhook"
    stem = "tell"
    fresh: ClassVar[Document] = {"name": ""}
    schema = WebhookSchema
    acts = True

    name: str

    @classmethod
    def of(cls, key: str, content: Document) -> Webhook:
        return cls(key, content["name"])

    @property
    def content(self) -> Document:
        return {"name": self.name}

    def advance(self, reached: Reached) -> Does:
        return Does(reached.at)
