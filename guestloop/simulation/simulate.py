"""Play a PMS export through the real engine on the virtual clock, in a home of its own that is thrown away.

Journeys are live from the start; a guest who entered before `first` (by the guest's calendar, by the property's for a
survey) is not enrolled. The ledger holds the gate's decisions whose local day lies in the period.
"""

from __future__ import annotations

import base64
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from guestloop.composition.seed import NOWHERE_ELSE, Places, Setup, apply_setup
from guestloop.composition.services import SERVICES, Group, Wrap, as_it_is, build_group, prepare_databases, world_of
from guestloop.composition.virtual_world import World, play
from guestloop.simulation.guests import AnsweringGuests
from guestloop.simulation.history import PLAIN_MAPPING, Heading, acts_of, read_history
from guestloop.simulation.multiprocess_world import multiprocess_world
from guestloop.simulation.pipelined import (
    DOWNSTREAM,
    Orders,
    downstream_world,
    handle_returned_events,
    segments_process,
)
from services.messaging.queries.guests.ledger import ledger
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.seen import RefusedReason
from services.segments.queries.published import count_guests, guests_as_of_now
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database, Tx
from shared.embedded.home import throw_away_home
from shared.embedded.server import EmbeddedPostgres
from shared.errors import InputError
from shared.localtime import local_instant
from shared.private_files import write_private
from shared.telemetry.gc import tune_garbage_collector

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
    reasons: tuple[RefusedReason, ...] = ()


@dataclass(frozen=True)
class Run:
    """What is played, from where to where."""

    export: Path
    mapping: ImportMapping
    places: Places
    period: Period
    seed: int
    progress: Progress
    rejects: Path | None = None

    @property
    def end(self) -> datetime:
        """The period is over everywhere."""
        return local_instant(self.period.last + timedelta(days=1), time(0), WESTERNMOST)

    @property
    def keys(self) -> str:
        return keys_from(self.seed)


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
    rejects: Path | None = None,
) -> Result:
    """With a `broker` (amqp:// URL) each role is a process of its own; without one, and where nobody answers, segments
    is. `rejects`: where the list of refused rows goes. Raises `InputError` for an unreadable export.
    """
    run = Run(export, mapping or PLAIN_MAPPING, places, period, seed, progress, rejects)
    with throw_away_home() as home, home.postgres() as server:
        if answers or broker or wrap is not as_it_is:
            stage = play_in_one_world(run, server, answers=answers, wrap=wrap, broker=broker)
        else:
            stage = play_downstream(run, server)
        with closing(stage.group):
            return write_result(stage, period, ledger_path, guests_path)


@dataclass(frozen=True)
class Stage:
    """Where a history is played: new databases, and what is set up in them."""

    heading: Heading
    group: Group
    clock: VirtualClock
    setup: Setup


def stage_for(run: Run, heading: Heading, server: EmbeddedPostgres) -> Stage:
    start = local_instant(heading.first_day, time(0), "Etc/GMT-14")
    databases = prepare_databases(server, KeyRing.parse(run.keys), start)
    clock = VirtualClock(start)
    setup = Setup.for_export(heading.properties, run.places, entries_from=run.period.first)
    return Stage(heading, build_group(databases, clock, {}), clock, setup)


def play_in_one_world(run: Run, server: EmbeddedPostgres, *, answers: bool, wrap: Wrap, broker: str | None) -> Stage:
    history = read_history(run.export, run.mapping, run.rejects, run.places)
    tune_garbage_collector()
    stage = stage_for(run, history.heading, server)
    group = stage.group
    with _world(stage, wrap, broker, run.keys) as world:
        set_up_and_settle(stage, world)
        relax_delivery(world, answers=answers)
        if answers:
            world.clocks = [*world.clocks, ("feedback", AnsweringGuests(group.database("feedback"), seed=run.seed))]
        acts = acts_of(history, group.database("segments"), stage.setup.zones, run.period.last)
        play(world.play(acts, run.end), [group.database(name) for name in SERVICES], run.progress)
    return stage


def _world(stage: Stage, wrap: Wrap, broker: str | None, keys: str) -> AbstractContextManager[World]:
    if broker:
        return multiprocess_world(stage.group, stage.clock, broker=broker, keys=keys)
    return closing(world_of(stage.group, stage.clock, wrap))


def play_downstream(run: Run, server: EmbeddedPostgres) -> Stage:
    with segments_process(run.export, run.mapping, run.rejects, run.places) as segments:
        stage = stage_for(run, segments.heading(), server)
        group, clock = stage.group, stage.clock
        with closing(world_of(group, clock)) as world:
            set_up_and_settle(stage, world)
        dsns = {name: group.database(name).dsn for name in SERVICES}
        sent = segments.play(Orders(dsns, run.keys, clock.now(), run.end, stage.setup.zones, run.period.last))
        with closing(downstream_world(segments, group, clock)) as world:
            relax_delivery(world, answers=False)
            play(world.play(sent, run.end), [group.database(name) for name in DOWNSTREAM], run.progress)
    handle_returned_events(group.services["segments"], run.end)
    return stage


def relax_delivery(world: World, *, answers: bool) -> None:
    """Services that need not consume at once: facts are for the gate, which decides when something is due; where no
    guest answers, the outcome of a message changes nothing else."""
    world.readers = [("segments", "messaging")]
    world.listeners = ["console"] if answers else ["console", "feedback"]
    world.unhurried = ["console"] if answers else ["console", "feedback", "messaging"]


def set_up_and_settle(stage: Stage, world: World) -> None:
    """The properties, segments and journeys exist, and every service knows of them."""
    for service in apply_setup(stage.group, stage.setup, stage.clock.now()):
        world.mark_changed(service)
    world.settle(stage.clock.now())


def write_result(stage: Stage, period: Period, ledger_path: Path | None, guests_path: Path | None) -> Result:
    result = Result(rejects=stage.heading.rejects, reasons=stage.heading.reasons)
    lines = (line for line in all_decisions(stage.group.database("messaging")) if period.holds(line["local"]))
    with write_private(ledger_path or Path(os.devnull)) as file:
        for line in lines:
            result.decisions[line["journey"], line["state"], line["reason"]] += 1
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    with stage.group.database("segments").transaction() as tx:
        result.guests = write_guests(tx, guests_path) if guests_path else count_guests(tx)
    return result


def write_guests(tx: Tx, path: Path) -> int:
    written = 0
    with write_private(path) as file:
        for guest in guests_as_of_now(tx):
            written += 1
            file.write(json.dumps(guest, ensure_ascii=False) + "\n")
    return written


def all_decisions(messaging: Database) -> Iterator[dict[str, Any]]:
    with messaging.transaction() as tx:
        yield from ledger(tx)


def keys_from(seed: int) -> str:
    """The key ring of a home that is thrown away, as text: of the seed, so that the same run makes the same indexes."""
    parts = {name: sha256(f"guestloop simulate {seed} {name}".encode()).digest() for name in ("index", "k1")}
    return ",".join(f"{name}={base64.b64encode(key).decode()}" for name, key in parts.items())
