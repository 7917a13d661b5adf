"""What a running service is made of: steps that do one set of work, and clocks that know when they are due."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from shared.database.pool import Database

if TYPE_CHECKING:
    from shared.bus.subscriptions import Subscription

IDLE_PAUSE = 0.05  # seconds: whoever found nothing rests so long at least
MOST_COUNTED = 100_000  # of what waits: more is «many»


class Step(Protocol):
    """Something that works in sets."""

    @property
    def name(self) -> str: ...

    def step(self, now: datetime) -> int:
        """Do one set of work as of `now`; how much was done, 0 where there was nothing to do."""
        ...


class Timed(Step, Protocol):
    """A step that becomes due at an instant."""

    def next_due(self) -> datetime | None:
        """The earliest instant at which `step` has something to do; None where nothing is planned."""
        ...


@runtime_checkable
class Awaited(Protocol):
    """A step with a message in its hands that somebody waits for."""

    rests_at_most: float
    """Seconds until it looks again, also where it found nothing for long."""


@runtime_checkable
class Interruptible(Protocol):
    """A step that may work for long."""

    def stop_on(self, stop: threading.Event) -> None:
        """Once `stop` is set, `step` returns soon, with nothing half done."""
        ...


@dataclass(frozen=True)
class Backlog:
    """What waits in a service's own tables, as gauges: `sql` gives rows (gauge, lane or null, value) as of `%(now)s`,
    by index alone; `meanings` names each gauge."""

    meanings: Mapping[str, str] = field(default_factory=dict)
    sql: str = ""


@dataclass(frozen=True)
class Service:
    """One service, built by its manifest."""

    name: str
    database: Database
    subscriptions: tuple[Subscription, ...]
    clocks: tuple[Timed, ...]
    migrations: Path
    backlog: Backlog = Backlog()
