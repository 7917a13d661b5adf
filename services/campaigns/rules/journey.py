"""A journey's document as the rules read it. Values are true already: `schemas` let them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from functools import cached_property

from shared.events.dictionary import Lane
from shared.vocabulary.purpose import Purpose


class Occurrence(StrEnum):
    """What an entry is an occurrence of; a guest is in a journey once for each."""

    BIRTHDAY = "birthday"  # birthday:2017, the year of the birthday itself
    LAPSE = "lapse"  # lapse:RESERVATION, the last stay before the silence
    STAY = "stay"  # stay:RESERVATION
    ENTRY = "entry"  # entry:N, each change of the audience by itself


class ReEntry(StrEnum):
    EACH_OCCURRENCE = "each_occurrence"
    ONCE = "once"  # once a guest, whatever the occurrence


@dataclass(frozen=True)
class AudienceEntry:
    """A guest enters (or leaves) an audience."""

    audience: str
    entered: bool
    occurrence: Occurrence


@dataclass(frozen=True)
class DateEntry:
    """A recurring date comes near: a private audience says so on the local day `offset_days` from the date."""

    date: str
    audience: str
    offset_days: int


@dataclass(frozen=True)
class StayEntry:
    """A stay reaches a status."""

    status: str


Entry = AudienceEntry | DateEntry | StayEntry


@dataclass(frozen=True)
class LeftAudience:
    """The guest is no longer in the audience by which she entered."""


@dataclass(frozen=True)
class StayTurned:
    """The stay of the enrolment reaches a status, or (`undone`) no longer is what it was at the entry."""

    into: str


@dataclass(frozen=True)
class Happened:
    """Something happens to the guest after her entry."""

    event: str


Exit = LeftAudience | StayTurned | Happened


@dataclass(frozen=True)
class Send:
    key: str
    template: str
    channels: tuple[str, ...]
    useful_for: timedelta
    wants: tuple[str, ...]


@dataclass(frozen=True)
class Wait:
    """`days` are calendar days and end when the last one begins; `time` is counted to the second."""

    key: str
    days: int
    time: timedelta


@dataclass(frozen=True)
class WaitUntil:
    """The next local `hour`, on one of `weekdays` (Monday is 0) where any are named.

    An instant that falls on the hour itself counts, unless `strictly_after`.
    """

    key: str
    hour: time
    weekdays: frozenset[int]
    strictly_after: bool


@dataclass(frozen=True)
class InAudience:
    audience: str


@dataclass(frozen=True)
class DataIn:
    """A field of the enrolment's own data has one of the values."""

    field: str
    values: tuple[str, ...]


Condition = InAudience | Happened | DataIn


@dataclass(frozen=True)
class Branch:
    """Goes on at the step named; None: at the next one."""

    key: str
    condition: Condition
    then: str | None
    otherwise: str | None


@dataclass(frozen=True)
class End:
    key: str
    reason: str


Step = Send | Wait | WaitUntil | Branch | End


@dataclass(frozen=True)
class Goal:
    """A guest books within so many days of a message of the journey."""

    event: str
    within: timedelta


@dataclass(frozen=True)
class Journey:
    key: str
    name: str
    purpose: Purpose
    priority: int
    entry: Entry
    re_entry: ReEntry
    holdout: int
    goal: Goal | None
    exits: tuple[Exit, ...]
    steps: tuple[Step, ...]

    @property
    def lane(self) -> Lane:
        return Lane.MARKETING if self.purpose is Purpose.MARKETING else Lane.STAY

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each step by its key."""
        return {step.key: place for place, step in enumerate(self.steps)}

    @cached_property
    def exits_on_leaving(self) -> bool:
        return any(isinstance(exit_, LeftAudience) for exit_ in self.exits)

    @property
    def audience(self) -> str | None:
        """The audience by which guests enter."""
        return None if isinstance(self.entry, StayEntry) else self.entry.audience

    @property
    def lets_in(self) -> bool:
        """Whether somebody is inside before the launch and may be let in; a recurring date comes by itself."""
        return isinstance(self.entry, AudienceEntry) and self.entry.entered

    @cached_property
    def useful_for(self) -> timedelta:
        """How long after its instant an entry is still worth an enrolment: as long as the first send."""
        return next((step.useful_for for step in self.steps if isinstance(step, Send)), timedelta.max)

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The audiences the journey listens to."""
        found = {step.condition.audience for step in self.tests if isinstance(step.condition, InAudience)}
        if not isinstance(self.entry, StayEntry):
            found.add(self.entry.audience)
        return tuple(sorted(found))

    @cached_property
    def happenings(self) -> frozenset[str]:
        """The events, other than its entry, that the journey asks about."""
        return frozenset((*self.exit_events, *self.branch_events))

    @cached_property
    def exit_events(self) -> tuple[str, ...]:
        return tuple(exit_.event for exit_ in self.exits if isinstance(exit_, Happened))

    @cached_property
    def branch_events(self) -> tuple[str, ...]:
        return tuple(step.condition.event for step in self.tests if isinstance(step.condition, Happened))

    @property
    def tests(self) -> tuple[Branch, ...]:
        return tuple(step for step in self.steps if isinstance(step, Branch))

    def hour_before(self, place: int) -> str | None:
        """The «HH:MM» that the step at `place` was waited for, where it was."""
        for step in reversed(self.steps[:place]):
            if isinstance(step, WaitUntil):
                return step.hour.strftime("%H:%M")
            if isinstance(step, Wait):
                return None
        return None
