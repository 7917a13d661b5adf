"""What ends a journey for a guest before its last step: leaving the segment, a turn of the stay, or an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import validates_schema

from services.campaigns.steps.entries import STANDS_WHILE
from services.campaigns.steps.events import EventName, Happened
from services.campaigns.steps.fields import OneOf, Strict, exactly_one
from services.campaigns.steps.kind import Document
from shared.vocabulary.stay import StayStatus

UNDONE = "undone"
TURNS = (UNDONE, *map(str, STANDS_WHILE))
TURNS_OF_DATED = (StayStatus.CHECKED_IN.value, StayStatus.CHECKED_OUT.value)
"""Those that may end a journey entered by a stay's date. That a stay falls through ends it always."""


@dataclass(frozen=True)
class LeftAudience:
    """The guest is no longer in the audience by which the enrolment began."""

    @classmethod
    def of(cls, _document: Document, /) -> LeftAudience:
        return cls()


@dataclass(frozen=True)
class StayTurned:
    """The stay of the enrolment reaches a status, or (`undone`) no longer is what it was at the entry."""

    into: str

    @classmethod
    def of(cls, document: Document, /) -> StayTurned:
        return cls(document["stay"])


EarlyExit = LeftAudience | StayTurned | Happened
EARLY_EXITS: Mapping[str, type[EarlyExit]] = {"audience": LeftAudience, "stay": StayTurned, "event": Happened}


def early_exit_of(document: Document) -> EarlyExit:
    (kind,) = document
    return EARLY_EXITS[kind].of(document)


class EarlyExitSchema(Strict):
    audience = OneOf(("left",))
    stay = OneOf(TURNS)
    event = EventName()

    @validates_schema
    def one_kind(self, data: dict[str, Any], **kwargs: Any) -> None:
        exactly_one(data, tuple(EARLY_EXITS), "an exit")
