"""The embedded engine: every role but the web as a thread of one process, on the machine's clock.

`engine_process` runs it as a process of its own, so that an import and the consumers of its events do not share one
interpreter. It ends when its standard input does, whatever becomes of the caller.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, repeat

import structlog

from guestloop.backup.here import role_here, running_house
from guestloop.composition.child_processes import KEEP_GOING, Child, leave_interrupts_to_supervisor, when_abandoned
from guestloop.composition.services import Group, databases_from, live_group, mailbox_publisher, settings_of
from guestloop.demo.home import SEED, DemoHome
from guestloop.demo.hotel_life import life_of
from shared.bus.dead_letters import reason_of
from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.relay import Relay
from shared.bus.roles import Interruptible, Step
from shared.clock import Clock, SystemClock
from shared.embedded.home import Home
from shared.errors import GuestloopError
from shared.process import Closing, WakeUp, work
from shared.settings.backups import BACKUPS
from shared.settings.environment import read_setting_files
from shared.settings.installation import DEMO
from shared.telemetry.gc import tune_garbage_collector
from shared.telemetry.logs import logs_to_stderr

PAUSE = 0.05
PAUSES = (1.0, 5.0, 20.0, 60.0)  # after an error of a role, the last one again and again
WORKED_WELL = 600.0  # seconds without an error, after which the pauses begin anew
UNDER_WAY = """
    select exists (select from outbox where published_at is null) or exists (select from mailbox)
"""

log = structlog.get_logger()


class EngineDied(GuestloopError):
    """The engine ended while it was needed; its messages are on standard error."""


class Engine:
    """Threads that relay, consume and keep time. Each role has connections of its own."""

    def __init__(self, group: Group, clock: Clock, more: Sequence[Step] = (), *, keeps_going: bool = False) -> None:
        """`more`: what works beside the services' own roles. `keeps_going`: an error of one role ends no other; it is
        logged, and the role begins anew after a pause, longer each time until it has worked for ten minutes without an
        error. Else it ends the engine: somebody waits."""
        self._group, self._clock, self._more, self._keeps_going = group, clock, more, keeps_going
        self._stop, self._wake_up = threading.Event(), WakeUp()
        self._failures: list[BaseException] = []

    def run(self, until: threading.Event) -> None:
        """Works until the event is set; then every thread finishes its batch. Raises what a role raised."""
        for role in self._more:
            if isinstance(role, Interruptible):
                role.stop_on(self._stop)
        threads = [threading.Thread(target=self._work, args=[role], name=role.name) for role in self._roles()]
        for thread in threads:
            thread.start()
        while not until.wait(PAUSE) and not self._failures:
            pass
        self._stop.set()
        self._wake_up.notify()
        for thread in threads:
            thread.join()
        for role in self._more:
            if isinstance(role, Closing):
                role.close()
        if self._failures:
            raise self._failures[0]

    def _roles(self) -> list[Step]:
        services = list(self._group.services.values())
        roles: list[Step] = [*self._more]
        for service in services:
            roles.append(Relay(service.database, mailbox_publisher(services), service=service.name))
            roles.append(MailboxConsumer(service.database, service.subscriptions))
            roles.extend(service.clocks)
        return roles

    def _work(self, role: Step) -> None:
        pauses = _pauses()
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                work(role, self._clock, self._stop, self._wake_up)
            except BaseException as error:
                if not self._keeps_going or not isinstance(error, Exception):  # a thread cannot raise: `run` does
                    self._failures.append(error)
                    return
                if time.monotonic() - began >= WORKED_WELL:
                    pauses = _pauses()
                pause = next(pauses)
                log.error("role failed", role=role.name, reason=reason_of(error), seconds=pause)
                self._stop.wait(pause)


def _pauses() -> Iterator[float]:
    return chain(PAUSES, repeat(PAUSES[-1]))


class EngineProcess:
    """The engine in its own process, as its caller sees it."""

    def __init__(self, group: Group, process: Child) -> None:
        self._group, self._process = group, process

    def wait_until_idle(self) -> None:
        """Returns when nothing is under way: every outbox is published, every mailbox empty."""
        pause = threading.Event()
        while any(self._under_way(name) for name in self._group.services):
            if self._process.died:
                raise EngineDied()
            pause.wait(PAUSE)

    def _under_way(self, service: str) -> bool:
        with self._group.database(service).glance() as tx:
            row = tx.execute(UNDER_WAY).fetchone()
        return bool(row and row[0])


@contextmanager
def engine_process(group: Group, environment: Mapping[str, str]) -> Iterator[EngineProcess]:
    """The engine over the group's databases; `environment` holds the key ring. It has ended when the block has."""
    process = Child("engine", "guestloop.supervisor.engine", {**environment, **settings_of(group)})
    process.start()
    try:
        yield EngineProcess(group, process)
    finally:
        process.stop()


def _life_of_demo(group: Group, environment: Mapping[str, str]) -> Sequence[Step]:
    """Where the home holds the demo group, its hotels and guests go on living."""
    demo = DemoHome(Home.from_environment(environment))
    if not DEMO.read(environment) or not demo.is_ready:
        return ()
    return life_of(group, demo.export, demo.played_to, SEED)


def _backups(environment: Mapping[str, str], clock: Clock) -> Sequence[Step]:
    """Of the home's own server, where a folder for them is named; a thread like the others."""
    if BACKUPS.read(environment) is None or KEEP_GOING not in sys.argv:
        return ()  # an engine that a command runs ends with it
    return (role_here(running_house(environment), environment, clock),)


def main() -> int:
    logs_to_stderr()
    environment, clock = os.environ, SystemClock()
    leave_interrupts_to_supervisor()
    abandoned = threading.Event()
    when_abandoned(abandoned.set)
    try:
        read_setting_files(environment)
        group = live_group(databases_from(environment), clock, environment)
        tune_garbage_collector()
        more = [*_life_of_demo(group, environment), *_backups(environment, clock)]
        Engine(group, clock, more, keeps_going=KEEP_GOING in sys.argv).run(abandoned)
    except GuestloopError as error:
        print(f"engine: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
