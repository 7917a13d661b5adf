"""`offer`: from here on the journey's messages make this offer to the guest, where their text makes one at all.

No code is taken here. Messaging gives the guest one as a message that shows it goes; one that is refused takes none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from services.campaigns.steps.fields import Name, Strict
from services.campaigns.steps.kind import Document, Gives, Kind, Reached


class OfferSchema(Strict):
    offer = Name(required=True)


@dataclass(frozen=True)
class Offer(Kind):
    """`offer`: its key."""

    kind = "offer"
    stem = "offer"
    fresh: ClassVar[Document] = {"offer": ""}
    schema = OfferSchema

    offer: str

    @classmethod
    def of(cls, key: str, content: Document) -> Offer:
        return cls(key, content["offer"])

    @property
    def content(self) -> Document:
        return {"offer": self.offer}

    @staticmethod
    def offers_in(content: Document, /) -> tuple[str, ...]:
        return (content["offer"],) if content["offer"] else ()

    def advance(self, reached: Reached) -> Gives:
        return Gives(self.offer)
