"""What every kind of step is: the content of its document, and what happens once its instant has come.

A kind receives all it needs and does no I/O. `plan` is called as soon as the step before it is done, `advance` when the
step's instant has come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import Schema

from shared.rows import row

Document = dict[str, Any]


@row
class GoOn:
    """At the step named, from that instant on; None: at the next step. `way`: by which way of a split."""

    at: datetime
    to: str | None = None
    way: str | None = None


@row
class Ended:
    """The journey is over for this guest; `into`: the journey in which they go on."""

    reason: str
    into: str | None = None


@row
class Does:
    """Something is asked of another service, as of `due_at`, and the enrolment goes on at the next step."""

    due_at: datetime


@row
class Gives:
    """From here on messages make this offer, and the enrolment goes on at the next step."""

    offer: str


@row
class Awaits:
    """The enrolment waits until `until`, or is woken before where `what` happens; what came before `since` is past."""

    what: str
    since: datetime
    until: datetime


@row
class Moment:
    """Once when something happened to a guest, and to which stay, where one is known."""

    at: datetime
    stay_id: UUID | None


@dataclass(frozen=True)
class Facts:
    """What steps ask: who is inside which audience, when what happened last to whom, and each time it did.

    `moments` has only what steps of running journeys wait for, the earliest first. `winners`: by journey and split, the
    way that everybody gets. `scores`: by guest and stay, what the guest answered; by None, what they answered last.
    `clicked`: by enrolment and step, when a link of its message was opened first. `answered`: when its survey was
    answered, and with which score.
    """

    inside: Set[tuple[UUID, str]] = frozenset()
    happened: Mapping[tuple[UUID, str], datetime] = field(default_factory=dict)
    moments: Mapping[tuple[UUID, str], Sequence[Moment]] = field(default_factory=dict)
    winners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    scores: Mapping[tuple[UUID, UUID | None], int] = field(default_factory=dict)
    clicked: Mapping[UUID, Mapping[str, datetime]] = field(default_factory=dict)
    answered: Mapping[UUID, Mapping[str, tuple[datetime, int]]] = field(default_factory=dict)


@row
class Reached:
    """A step whose planned instant `at` has come, for one enrolment.

    `since`: from when on it waits here for a happening; None where it has only come here. `stay_id`: the stay by which
    the enrolment began; `of_stay`: the stay it is about, however it began.
    """

    at: datetime
    now: datetime
    guest_id: UUID
    entered_at: datetime
    data: Mapping[str, Any]
    facts: Facts
    since: datetime | None = None
    stay_id: UUID | None = None
    journey: str = ""
    enrolment_id: UUID | None = None
    of_stay: UUID | None = None

    def clicks(self) -> Mapping[str, datetime]:
        """By step, when a link of the enrolment's own message was opened first."""
        return self.facts.clicked.get(self.enrolment_id, {}) if self.enrolment_id else {}

    def answers(self) -> Mapping[str, tuple[datetime, int]]:
        """By step, when the enrolment's own survey was answered, and with which score."""
        return self.facts.answered.get(self.enrolment_id, {}) if self.enrolment_id else {}


@dataclass(frozen=True)
class Kind:
    """The common part of all steps; a kind overrides what it needs.

    `kind` is its name in a document, `stem` begins the key of a new step, `fresh` is a new step's content, `leads` are
    the fields of the content that name another step (None: the next one). Time may pass in a step that `takes_time`;
    something is done for the guest in one that `acts`.
    """

    kind: ClassVar[str]
    stem: ClassVar[str]
    fresh: ClassVar[Document]
    schema: ClassVar[type[Schema]]
    leads: ClassVar[tuple[str, ...]] = ()
    takes_time: ClassVar[bool] = False
    acts: ClassVar[bool] = False

    key: str

    def plan(self, at: datetime, zone: str, data: Mapping[str, Any]) -> GoOn | None:
        """Where the enrolment goes on, where that is known already; None: the step decides once `at` has come."""
        return None

    @property
    def hour(self) -> str | None:
        """The local «HH:MM» it waits for."""
        return None

    @property
    def audiences(self) -> tuple[str, ...]:
        """The segments it asks about."""
        return ()

    @property
    def events(self) -> tuple[str, ...]:
        """The events it asks about."""
        return ()

    @property
    def awaited(self) -> tuple[str, ...]:
        """The happenings it waits for, as they are to be kept: an event, `entered:SEGMENT` or `left:SEGMENT`."""
        return ()

    @property
    def asks_scores(self) -> bool:
        return False

    @property
    def asks_clicks(self) -> bool:
        """Of this journey's own messages, as the next one of its own surveys."""
        return False

    @property
    def asks_answers(self) -> bool:
        return False

    @property
    def anchors(self) -> tuple[str, ...]:
        """The dates of the enrolment that it waits for."""
        return ()

    @staticmethod
    def segments_in(_content: Document, /) -> tuple[str, ...]:
        """The segments that a document's content names, a draft's too."""
        return ()

    @staticmethod
    def templates_in(_content: Document, /) -> tuple[str, ...]:
        return ()

    @staticmethod
    def offers_in(_content: Document, /) -> tuple[str, ...]:
        return ()

    @staticmethod
    def jumps_to(_content: Document, /) -> str | None:
        """The step it always goes on at, where that is not simply the next one."""
        return None

    @classmethod
    def ways_in(cls, content: Document) -> dict[str, str | None]:
        """By its place in the content, the step each way leads to; None: the next one."""
        return {way: content[way] for way in cls.leads}

    @classmethod
    def led_elsewhere(cls, content: Document, key: str, to: str | None) -> Document:
        """The content with `to` wherever it led to the step `key`."""
        ways = {way: to for way in cls.leads if content[way] == key}
        return {**content, **ways} if ways else content
