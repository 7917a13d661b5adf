"""`exit`: the journey ends for this guest, with a reason that its author names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from services.campaigns.steps.fields import Name, Strict
from services.campaigns.steps.kind import Document, Ended, Kind, Reached
from shared.vocabulary.reason import Reason


class ExitSchema(Strict):
    reason = Name(required=True)


@dataclass(frozen=True)
class Exit(Kind):
    kind = "exit"
    stem = "end"
    fresh: ClassVar[Document] = {"reason": Reason.DONE.value}
    schema = ExitSchema

    reason: str

    @classmethod
    def of(cls, key: str, content: Document) -> Exit:
        return cls(key, content["reason"])

    @property
    def content(self) -> Document:
        return {"reason": self.reason}

    def advance(self, reached: Reached) -> Ended:
        return Ended(self.reason)
