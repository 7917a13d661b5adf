"""All roles of all services on a virtual clock, as discrete events.

Time stands still while anything moves: an input is handed in, relays and consumers are drained round and round until
nothing is under way, then each clock does what is due, with a drain after each. Then time jumps to the next input or
the next due instant. There is no tick and no sleep, so the same input gives the same result, byte for byte.

Services that got messages consume them side by side: each writes to its own database alone, and what it publishes
there is relayed when all have done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from shared.bus.roles import Step, Timed
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.errors import GuestloopError

STATISTICS_AT = frozenset(64 * 4**power for power in range(5))  # instants
T = TypeVar("T")


class Stuck(GuestloopError):
    """A clock reports something due and then does nothing; time cannot go on."""


class Role(Step, Protocol):
    """A step that holds something open."""

    def close(self) -> None: ...


@dataclass
class World:
    """The roles by service. `relays` and `consumers` are drained; `clocks` know when they are due. The events of a
    service without a relay stay in its outbox.

    `addressed` names the services that got messages since its last call, so that only those are stepped; without it
    (a broker does not know) all are.

    Not every event is delivered at once. `listeners`, which publish nothing in return, consume once a day; `unhurried`
    services, whose events change nothing that the others do, publish once a day; and of a pair in `readers`
    (publisher, subscriber) the subscriber consumes when it next acts or gets events of another service.
    """

    clock: VirtualClock
    relays: Mapping[str, Role]
    consumers: Mapping[str, Role]
    clocks: Sequence[tuple[str, Timed]]
    addressed: Callable[[], Collection[str]] | None = None
    listeners: Collection[str] = ()
    unhurried: Collection[str] = ()
    readers: Collection[tuple[str, str]] = ()
    _unsent: set[str] = field(default_factory=set)
    _unread: set[str] = field(default_factory=set)
    _due: dict[str, datetime | None] = field(default_factory=dict)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(thread_name_prefix="world"))

    def play(self, inputs: Iterator[tuple[datetime, Callable[[datetime], str]]], until: datetime) -> Iterator[datetime]:
        """Play inputs (instant, act) in order and all that follows from them, up to and with `until`.

        An act changes one service's state at that instant and returns the service's name. Yields each instant reached.
        """
        upcoming = next(inputs, None)
        while True:
            instants = [due for due in self._due_instants() if due is not None]
            if upcoming is not None:
                instants.append(upcoming[0])
            if not instants or min(instants) > until:
                self.end_day()
                while self._unsent.intersection(self.relays):
                    self.end_day()
                return
            now = max(min(instants), self.clock.now())
            if now.date() > self.clock.now().date():
                self.end_day()
            self.clock.advance_to(now)
            while upcoming is not None and upcoming[0] <= now:
                self.mark_changed(upcoming[1](now))
                self.drain(now)
                upcoming = next(inputs, None)
            self.settle(now)
            yield now

    def mark_changed(self, service: str) -> None:
        """That service's state has changed: its outbox may hold events, and its clocks may be due earlier."""
        self._unsent.add(service)
        for name, timed in self.clocks:
            if name == service:
                self._due.pop(timed.name, None)

    def settle(self, now: datetime) -> None:
        """Everything due at `now`, and all that follows from it."""
        self.drain(now)
        self._due_instants()
        moved = True
        while moved:
            moved = False
            for service, timed in self.clocks:
                while self._is_due(timed, now) and self._act(service, timed, now):  # all of it, before the next
                    moved = True
                    self.mark_changed(service)
                    self.drain(now)
        for _, timed in self.clocks:
            if self._is_due(timed, now):
                raise Stuck(f"{timed.name} is due at {self._due[timed.name]} and did nothing at {now}")

    def drain(self, now: datetime) -> None:
        """Relay and consume until nothing is under way that is delivered at once."""
        while hurried := sorted(self._unsent.intersection(self.relays).difference(self.unhurried)):
            self._unsent.difference_update(hurried)
            waiting = set()
            for publisher in hurried:
                subscribers = self._relay(publisher, now).difference(self.listeners)
                waiting |= {subscriber for subscriber in subscribers if (publisher, subscriber) not in self.readers}
            self._consume(waiting, now)

    def end_day(self) -> None:
        """Every service consumes all that is published by now."""
        now = self.clock.now()
        self.drain(now)
        for service in sorted(self._unsent.intersection(self.unhurried)):
            self._unsent.discard(service)
            self._relay(service, now)
        self._consume(self._unread, now)
        self.drain(now)

    def close(self) -> None:
        """Another world may take over from here: relays release their locks."""
        self._threads.shutdown()
        for role in (*self.relays.values(), *self.consumers.values()):
            role.close()

    def _act(self, service: str, timed: Timed, now: datetime) -> int:
        if service in self._unread:
            self._consume({service}, now)
            self.drain(now)
        return timed.step(now) if self._is_due(timed, now) else 0

    def _relay(self, service: str, now: datetime) -> set[str]:
        """Publish the service's events; the services that got some."""
        if not until_idle(self.relays[service], now):
            return set()
        subscribers = set(self.addressed() if self.addressed else self.consumers)
        self._unread |= subscribers.intersection(self.consumers)
        return subscribers

    def _consume(self, services: Collection[str], now: datetime) -> None:
        names = [service for service in self.consumers if service in services]
        self._unread.difference_update(names)
        done = self._side_by_side([partial(until_idle, self.consumers[name], now) for name in names])
        for name, moved in zip(names, done, strict=True):
            if moved:
                self.mark_changed(name)

    def _is_due(self, timed: Timed, now: datetime) -> bool:
        if timed.name not in self._due:
            self._due[timed.name] = timed.next_due()
        due = self._due[timed.name]
        return due is not None and due <= now

    def _due_instants(self) -> list[datetime | None]:
        """Of every clock; those of several services are asked side by side."""
        asked: dict[str, list[Timed]] = {}
        for service, timed in self.clocks:
            if timed.name not in self._due:
                asked.setdefault(service, []).append(timed)
        told = self._side_by_side([partial(_told, clocks) for clocks in asked.values()])
        for of_service in told:
            self._due.update(of_service)
        return [self._due[timed.name] for _, timed in self.clocks]

    def _side_by_side(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """The results in the order of the tasks. All have ended when one raises."""
        if len(tasks) < 2:
            return [task() for task in tasks]
        under_way = [self._threads.submit(task) for task in tasks]
        wait(under_way)
        return [each.result() for each in under_way]


def _told(clocks: Sequence[Timed]) -> dict[str, datetime | None]:
    return {one.name: one.next_due() for one in clocks}


def until_idle(step: Step, now: datetime) -> int:
    """Step until nothing is left; a role that knows that it saw all there was is not asked again."""
    done = 0
    while moved := step.step(now):
        done += moved
        if getattr(step, "drained", False):
            break
    return done


def play(instants: Iterator[datetime], databases: Sequence[Database], progress: Callable[[datetime], object]) -> None:
    """Play a world instant by instant to its end. Tables that grow from nothing are planned for as empty until
    PostgreSQL has looked at them: it does so now and then."""
    for number, instant in enumerate(instants):
        if number in STATISTICS_AT:
            for database in databases:
                with database.transaction() as tx:
                    tx.execute("analyze")
        progress(instant)
