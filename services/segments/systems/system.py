"""What a system is to the door, the role and the page: asked by one protocol, whoever made it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from services.segments.rules.systems import Pace, SystemKind
from services.segments.systems.question import Asks, Question, Token
from services.segments.systems.statement import Statement
from services.segments.systems.values import Document

EVENTS = "{origin}/systems/{id}/events?key={secret}"


@dataclass(frozen=True)
class Credential:
    """One thing by which a system knows us. `label`: as its maker calls it, so it is not translated. `default`: it is
    no secret, and this is what it is with most.
    """

    name: str
    label: str
    default: str | None = None


@dataclass(frozen=True)
class Told:
    """What a system says has changed. `entities`: `<kind>:<number>`. `hotels`: as far as it names them."""

    entities: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Changes:
    """One page of what changed. `cursor`: from where the next one is asked for; `finished`: there is none now."""

    entities: Collection[str]
    cursor: Mapping[str, Any]
    finished: bool


@dataclass(frozen=True)
class Fetched:
    """What one number of the inbox named. `further`: numbers to be fetched instead or besides. `problem`: why it
    cannot be read. `gone`: the system has it no more.
    """

    entity: str
    statements: Sequence[Statement] = ()
    further: Collection[str] = ()
    problem: str | None = None
    gone: bool = False


@dataclass(frozen=True)
class Profile:
    """What the page says of a system and asks for. `address`: its maker's; empty, each house has its own; None, it
    sends and is not asked. `door`: what is entered there, so that it tells of changes; empty, it tells nothing.
    `hotel_example`: what its own number of a hotel looks like. `at_once`: so many numbers are fetched together.
    """

    kind: SystemKind
    credentials: tuple[Credential, ...]
    address: str | None
    hotel_example: str
    pace: Pace
    every: timedelta
    door: str = EVENTS
    at_once: int = 1


class System(Protocol):
    """One that is asked."""

    @property
    def profile(self) -> Profile: ...

    def heard(self, document: Document) -> Told:
        """What a call of the system says; nothing where it is of a kind that is not needed here."""
        ...

    def token(self, asked: Question, credentials: Mapping[str, str]) -> Question | None:
        """How a token is asked for; None: the credentials themselves go with each question."""
        ...

    def token_of(self, answer: Any, now: datetime) -> Token:
        """Raises `NotRead`."""
        ...

    def signed(self, question: Question, credentials: Mapping[str, str], token: str) -> Question:
        """The question with what proves who asks."""
        ...

    def changes(self, asking: Asks, cursor: Mapping[str, Any], since: datetime, now: datetime) -> Changes:
        """`since`: from when on, where the cursor says nothing yet. Raises `Unanswered`."""
        ...

    def fetch(self, asking: Asks, entities: Sequence[str]) -> list[Fetched]:
        """Each of them once. Raises `Unanswered`."""
        ...
