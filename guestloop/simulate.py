"""Play a PMS export through the real engine on the virtual clock, in a home of its own that is thrown away.

Journeys are live from the start; whoever entered before `first` (her calendar day, the property's for a survey) is not
enrolled. The ledger holds the gate's decisions whose local day lies in the period.
"""

from __future__ import annotations

import base64
import gc
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from guestloop.answers import AnsweringGuests
from guestloop.apart import world_apart
from guestloop.composition import Group, Wrap, as_it_is, build_group, prepare_databases, world_of
from guestloop.history import PLAIN_MAPPING, History, acts_of, read_history
from guestloop.opening import NOWHERE_ELSE, Opening, Places, open_house
from guestloop.world import World
from services.messaging.queries.ledger import ledger
from services.segments.imports.columns import ImportMapping
from services.segments.queries.guests import guests_as_of_now
from shared.clock import VirtualClock
from shared.database import Database
from shared.errors import InputError
from shared.home import throw_away_home
from shared.localtime import local_instant
from shared.sealing import KeyRing

STATISTICS_AT = frozenset(64 * 4**power for power in range(5))  # instants
WESTERNMOST = "Etc/GMT+12"  # the sign is POSIX's: twelve hours behind UTC
Progress = Callable[[datetime], None]


@dataclass(frozen=True)
class Period:
    """Calendar days, both within."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(f"--to {self.last} lies before --from {self.first}")

    def holds(self, instant: str) -> bool:
        """Whether the local day of an instant written with its offset lies within."""
        return self.first.isoformat() <= instant[:10] <= self.last.isoformat()


@dataclass
class Result:
    guests: int = 0
    decisions: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)  # journey, state, reason
    rejects: int = 0


def simulate(
    export: Path,
    period: Period,
    *,
    ledger_path: Path | None = None,
    guests_path: Path | None = None,
    mapping: ImportMapping | None = None,
    places: Places = NOWHERE_ELSE,
    seed: int = 0,
    answers: bool = True,
    wrap: Wrap = as_it_is,
    broker: str | None = None,
    progress: Progress = lambda _: None,
) -> Result:
    """With a `broker` (amqp:// URL) each role is a process of its own. Raises `InputError` for an unreadable export."""
    history = read_history(export, mapping or PLAIN_MAPPING)
    rest_collector()
    with throw_away_home() as home, home.postgres() as server:
        start = local_instant(history.first_day, time(0), "Etc/GMT-14")
        keys = keys_from(seed)
        databases = prepare_databases(server, KeyRing.parse(keys), start)
        group = build_group(databases, clock := VirtualClock(start), {})
        opening = Opening.for_export(history.properties, places, entries_from=period.first)
        with closing(group), _world(group, clock, wrap, broker, keys) as world:
            play(group, world, history, opening, period, seed=seed if answers else None, progress=progress)
            return write_result(group, history, period, ledger_path, guests_path)


def _world(
    group: Group, clock: VirtualClock, wrap: Wrap, broker: str | None, keys: str
) -> AbstractContextManager[World]:
    if broker:
        return world_apart(group, clock, broker=broker, keys=keys)
    return nullcontext(world_of(group, clock, wrap))


def play(
    group: Group,
    world: World,
    history: History,
    opening: Opening,
    period: Period,
    *,
    seed: int | None,
    progress: Progress,
) -> None:
    """Open the house and play the history to the end of the period everywhere; guests answer where there is a seed."""
    for service in open_house(group, opening, world.clock.now()):
        world.touched(service)
    world.settle(world.clock.now())
    world.listeners = ["console"] if seed is not None else ["console", "feedback"]
    if seed is not None:
        world.clocks = [*world.clocks, ("feedback", AnsweringGuests(group.database("feedback"), seed=seed))]
    acts = acts_of(history, group.database("segments"), opening.zones, period.last)
    end = local_instant(period.last + timedelta(days=1), time(0), WESTERNMOST)
    for number, instant in enumerate(world.play(acts, end)):
        if number in STATISTICS_AT:
            take_statistics(group)
        progress(instant)


def rest_collector() -> None:
    """The history stays to the end: looking through it for garbage again and again would cost a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def take_statistics(group: Group) -> None:
    """Tables that grow from nothing are planned for as empty until PostgreSQL has looked at them."""
    for service in group.services.values():
        with service.database.transaction() as tx:
            tx.execute("analyze")


def write_result(
    group: Group, history: History, period: Period, ledger_path: Path | None, guests_path: Path | None
) -> Result:
    result = Result(rejects=len(history.rejects))
    lines = (line for line in all_decisions(group.database("messaging")) if period.holds(line["local"]))
    with (ledger_path or Path(os.devnull)).open("w", encoding="utf-8") as file:
        for line in lines:
            result.decisions[line["journey"], line["state"], line["reason"]] += 1
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    with (
        group.database("segments").transaction() as tx,
        (guests_path or Path(os.devnull)).open("w", encoding="utf-8") as file,
    ):
        for guest in guests_as_of_now(tx):
            result.guests += 1
            file.write(json.dumps(guest, ensure_ascii=False) + "\n")
    return result


def all_decisions(messaging: Database) -> Iterator[dict[str, Any]]:
    with messaging.transaction() as tx:
        yield from ledger(tx)


def keys_from(seed: int) -> str:
    """The key ring of a home that is thrown away, as text: of the seed, so that the same run makes the same indexes."""
    parts = {name: sha256(f"guestloop simulate {seed} {name}".encode()).digest() for name in ("index", "k1")}
    return ",".join(f"{name}={base64.b64encode(key).decode()}" for name, key in parts.items())
