"""A journey's document as the rules read it. Values are true already: `schemas` let them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from services.campaigns.rules.goals import Goal
from services.campaigns.steps import Step
from services.campaigns.steps.early_exits import EarlyExit, LeftAudience
from services.campaigns.steps.entries import AudienceEntry, CalendarEntry, DateEntry, Entry, StayDateEntry, StayEntry
from services.campaigns.steps.events import Happened
from services.campaigns.steps.not_while import NotWhile
from services.campaigns.steps.send import Send
from services.campaigns.steps.split import Split
from services.campaigns.steps.warning_entry import WarningEntry
from shared.events.dictionary import Lane
from shared.vocabulary.purpose import Purpose


class ReEntry(StrEnum):
    EACH_OCCURRENCE = "each_occurrence"
    ONCE = "once"  # once a guest, whatever the occurrence
    AFTER_DAYS = "after_days"  # on each occasion, so many days after the last one that counts


@dataclass(frozen=True)
class Room:
    """How many may enter; None: as many as come."""

    a_day: int | None = None
    in_all: int | None = None

    def left(self, today: int, ever: int) -> int:
        """How many more may enter, where so many did."""
        limits = [(self.a_day, today), (self.in_all, ever)]
        return max(0, min(limit - entered for limit, entered in limits if limit is not None))


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
    exits: tuple[EarlyExit, ...]
    steps: tuple[Step, ...]
    again_after: timedelta | None = None
    room: Room | None = None
    further_goals: tuple[Goal, ...] = ()
    not_while: frozenset[NotWhile] = frozenset()

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The chief one first."""
        return (*((self.goal,) if self.goal else ()), *self.further_goals)

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
    def follows_own_date(self) -> bool:
        """Whether who enters by one of the house's own dates is planned anew when it moves, and leaves with it."""
        return isinstance(self.entry, DateEntry) and self.entry.is_own

    @property
    def only_newest(self) -> bool:
        """Whether only a guest's newest change in its audience counts."""
        return self.exits_on_leaving or self.follows_own_date

    @property
    def audience(self) -> str | None:
        """The audience by which guests enter."""
        return self.entry.audience if isinstance(self.entry, AudienceEntry | DateEntry) else None

    @property
    def lets_in(self) -> bool:
        """Whether somebody is inside before the launch and may be let in; a recurring date comes by itself."""
        return isinstance(self.entry, AudienceEntry) and self.entry.entered

    @property
    def follows_stays(self) -> bool:
        """Whether it is planned by the dates of stays."""
        return isinstance(self.entry, StayDateEntry) or (isinstance(self.entry, StayEntry) and self.waits_for_dates)

    @cached_property
    def waits_for_dates(self) -> bool:
        """Whether a step waits for a date, so that one that moves is planned again."""
        return any(step.anchors for step in self.steps)

    @cached_property
    def useful_for(self) -> timedelta:
        """How long after its instant an entry is still worth an enrolment: as long as the first send."""
        return next((step.useful_for for step in self.steps if isinstance(step, Send)), timedelta.max)

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The audiences the journey listens to."""
        entry = (self.audience,) if self.audience else ()
        of_calendar = (self.entry.audience, *self.entry.left_out) if isinstance(self.entry, CalendarEntry) else ()
        of_warning = (self.entry.audience,) if isinstance(self.entry, WarningEntry) else ()
        return tuple(sorted({*entry, *of_calendar, *of_warning, *self.step_audiences}))

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """Those that its steps send."""
        return _distinct(step.template for step in self.steps if isinstance(step, Send))

    @cached_property
    def happenings(self) -> frozenset[str]:
        """The events, other than its entry, that the journey asks about."""
        return frozenset((*self.exit_events, *self.step_events))

    @cached_property
    def exit_events(self) -> tuple[str, ...]:
        return tuple(exit_.event for exit_ in self.exits if isinstance(exit_, Happened))

    @cached_property
    def step_audiences(self) -> tuple[str, ...]:
        return _distinct(audience for step in self.steps for audience in step.audiences)

    @cached_property
    def step_events(self) -> tuple[str, ...]:
        return _distinct(event for step in self.steps for event in step.events)

    @cached_property
    def awaited(self) -> tuple[str, ...]:
        """The happenings its steps wait for."""
        return _distinct(what for step in self.steps for what in step.awaited)

    @cached_property
    def asks_scores(self) -> bool:
        return any(step.asks_scores for step in self.steps)

    @cached_property
    def asks_clicks(self) -> bool:
        return any(step.asks_clicks for step in self.steps)

    @cached_property
    def asks_answers(self) -> bool:
        return any(step.asks_answers for step in self.steps)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        return tuple(step for step in self.steps if isinstance(step, Split))

    def hour_before(self, place: int) -> str | None:
        """The «HH:MM» that the step at `place` was waited for, where it was."""
        return next((step.hour for step in reversed(self.steps[:place]) if step.takes_time), None)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
