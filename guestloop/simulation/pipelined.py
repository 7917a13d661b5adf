"""Plays segments ahead of the other services, in a process of its own, so that one history uses two cores.

Where no guest answers, the events that return to segments change nothing that it publishes: it is upstream of all
others and need not wait for them. It plays the history alone, and its events are in the subscribers' mailboxes early:
each is handled from the instant of its publication on. Once a day segments sends the others the instants at which it
published, and to whom. They play no further than that, so each handles the same events at the same instant as in one
world, and decides the same. Segments itself handles the events that returned at the very end.

Its pipe to the others closes when they end, and then it ends too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from guestloop.composition.child_processes import same_modules
from guestloop.composition.seed import NOWHERE_ELSE, Places
from guestloop.composition.services import SERVICES, Group, build_group, mailbox_publisher, world_of
from guestloop.composition.virtual_world import World, play, until_idle
from guestloop.simulation.history import Heading, acts_of, read_history
from services.segments.imports.files.columns import ImportMapping
from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.relay import Relay
from shared.bus.roles import Service
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.errors import GuestloopError
from shared.telemetry.gc import tune_garbage_collector
from shared.telemetry.logs import logs_to_stderr

MOST_DAYS_AHEAD = 5  # days
DOWNSTREAM = ("campaigns", "messaging")
ABSENT = ("feedback", "console")  # they only consume: nobody answers, and nobody reads pages
T = TypeVar("T")


class SegmentsDied(GuestloopError):
    """Segments ended before its history did; its messages are on standard error."""


class PublishedTooLate(GuestloopError):
    """Segments published because of an event that returned to it: it cannot be played ahead of the others."""


@dataclass(frozen=True)
class Orders:
    """What segments needs to play: the databases, set up and settled at `start`."""

    dsns: Mapping[str, str]
    keys: str
    start: datetime
    end: datetime
    zones: Mapping[str, str]
    last: date


class SegmentsProcess:
    """Segments in its own process, as the others see it: an input to their world, and the relay that brought it."""

    name = "segments relay"
    drained = True

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._addressed: set[str] = set()

    def heading(self) -> Heading:
        return self._receive(Heading)

    def play(self, orders: Orders) -> Iterator[tuple[datetime, Callable[[datetime], str]]]:
        """Each instant at which segments publishes, in order, as soon as it is known."""
        self._pipe.send(orders)
        while sent := self._receive(list):
            for instant, subscribers in sent:
                yield instant, partial(self._mark_published, subscribers)
            self._pipe.send(None)

    def step(self, now: datetime) -> int:
        """Events published at `now` are in the mailboxes already."""
        return len(self._addressed)

    def take_addressed(self) -> set[str]:
        addressed, self._addressed = self._addressed, set()
        return addressed

    def close(self) -> None:
        self._pipe.close()

    def _mark_published(self, subscribers: Collection[str], _: datetime) -> str:
        self._addressed.update(subscribers)
        return "segments"

    def _receive(self, kind: type[T]) -> T:
        try:
            received: Any = self._pipe.recv()
        except EOFError as error:
            raise SegmentsDied() from error
        if isinstance(received, GuestloopError):
            raise received
        assert isinstance(received, kind)
        return received


class ProgressSender:
    """The other end of the pipe: once a day, segments' events go into the mailboxes and their instants to the others.

    Segments waits where it would get too far ahead.
    """

    def __init__(self, pipe: Connection, relay: Relay, post: MailboxPublisher) -> None:
        self._pipe, self._relay, self._post = pipe, relay, post
        self._day: date | None = None
        self._days_ahead = 0

    def played(self, instant: datetime) -> None:
        """All of this instant is played."""
        if instant.date() != self._day:
            self._day = instant.date()
            self._send_progress(instant)

    def end(self, instant: datetime) -> None:
        """Returns when the others have played all of it."""
        self._send_progress(instant)
        self._pipe.send([])
        while self._days_ahead:
            self._await_others()

    def _send_progress(self, now: datetime) -> None:
        until_idle(self._relay, now)
        if sent := by_instant(self._post.take_addressed()):
            self._pipe.send(sent)
            self._days_ahead += 1
        if self._days_ahead > MOST_DAYS_AHEAD:
            self._await_others()

    def _await_others(self) -> None:
        self._pipe.recv()
        self._days_ahead -= 1


def by_instant(addressed: Mapping[str, Collection[datetime]]) -> list[tuple[datetime, list[str]]]:
    """Each instant with the services that got an event of it."""
    subscribers: dict[datetime, list[str]] = {}
    for service, instants in sorted(addressed.items()):
        for instant in instants:
            subscribers.setdefault(instant, []).append(service)
    return sorted(subscribers.items())


def downstream_world(segments: SegmentsProcess, group: Group, clock: VirtualClock) -> World:
    """The roles of campaigns and messaging; the relay of segments is the one ahead."""
    world = world_of(group, clock, of=DOWNSTREAM, absent=ABSENT)
    addressed = world.addressed
    assert addressed is not None
    world.relays = {**world.relays, "segments": segments}
    world.addressed = lambda: {*addressed(), *segments.take_addressed()}
    return world


def handle_returned_events(segments: Service, now: datetime) -> None:
    """Segments handles all events that returned to it. Raises `PublishedTooLate` where it published because of one."""
    with closing(MailboxConsumer(segments.database, segments.subscriptions)) as consumer:
        until_idle(consumer, now)
    with segments.database.glance() as tx:
        if tx.execute("select 1 from outbox where published_at is null limit 1").fetchone():
            raise PublishedTooLate()


@contextmanager
def segments_process(
    export: Path, mapping: ImportMapping, rejects: Path | None = None, places: Places = NOWHERE_ELSE
) -> Iterator[SegmentsProcess]:
    """Starts the process, which reads the export at once; it has ended when the block has."""
    ours, theirs = Pipe()
    environment = {**os.environ, **same_modules()}
    command = [sys.executable, "-m", "guestloop.simulation.pipelined", str(theirs.fileno())]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
    theirs.close()
    try:
        ours.send((export, mapping, rejects, places))
        with closing(SegmentsProcess(ours)) as segments:
            yield segments
    finally:
        process.wait()


def play_segments(pipe: Connection) -> None:
    """What the process does: see the head of this file."""
    history = read_history(*pipe.recv())
    tune_garbage_collector()
    pipe.send(history.heading)
    orders: Orders = pipe.recv()
    keyring = KeyRing.parse(orders.keys)
    databases = {name: Database(orders.dsns[name], service=name, keyring=keyring) for name in SERVICES}
    group = build_group(databases, clock := VirtualClock(orders.start), {})
    post = mailbox_publisher(group.services.values(), ABSENT)
    clocks = [("segments", timed) for timed in group.services["segments"].clocks]
    world = World(clock, relays={}, consumers={}, clocks=clocks)
    with closing(Relay(databases["segments"], post, service="segments")) as relay:
        sender = ProgressSender(pipe, relay, post)
        acts = acts_of(history, databases["segments"], orders.zones, orders.last)
        play(world.play(acts, orders.end), [databases["segments"]], sender.played)
        sender.end(orders.end)


def main() -> int:
    logs_to_stderr()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the others too, and they close the pipe
    pipe = Connection(int(sys.argv[1]))
    try:
        play_segments(pipe)
    except GuestloopError as error:
        pipe.send(error)
    except (EOFError, OSError):  # the others have ended
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
