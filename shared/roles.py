"""What a service is made of when it runs: steps that do one set of work, and clocks that know when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from shared.database import Database

if TYPE_CHECKING:
    from shared.hearing import Concern


class Step(Protocol):
    """Something that works in sets."""

    @property
    def name(self) -> str: ...

    def step(self, now: datetime) -> int:
        """Do one set of work as of `now`; how much was done, 0 where there was nothing to do."""
        ...


class Timed(Step, Protocol):
    """A step that time itself makes due."""

    def next_due(self) -> datetime | None:
        """The earliest instant at which `step` has something to do; None where nothing is planned."""
        ...


@dataclass(frozen=True)
class Service:
    """One service, put together by its `app.build`."""

    name: str
    database: Database
    concerns: tuple[Concern, ...]
    clocks: tuple[Timed, ...]
    migrations: Path
