"""Runs one role of one service as a process: live on the machine's clock, or driven from outside, step by step.

`python -m services.<name> <role>`; roles: `web`, `relay`, `consumer`, the service's clocks by name (`sweep`, `timers`,
`sender`), or `migrate`. With `--driven` the process reads one command a line from standard input and answers each on
standard output: `step <instant>` → how much was done, `due` → the next due instant or `-`. So a virtual clock can drive
real processes and a real broker.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TextIO, runtime_checkable

import psycopg
import structlog
from prometheus_client import REGISTRY

from shared.bus.backlog import Waiting
from shared.bus.rabbit.consumer import RabbitConsumer
from shared.bus.rabbit.publisher import PikaPublisher
from shared.bus.relay import Relay
from shared.bus.roles import IDLE_PAUSE, Awaited, Interruptible, Service, Step
from shared.clock import Clock, SystemClock
from shared.database.dedicated_connection import is_passing, unavailable
from shared.database.pool import Database
from shared.errors import BrokerUnavailable, DatabaseUnavailable, GuestloopError
from shared.service import Manifest
from shared.settings.environment import read_setting_files, warn_of_unknown_settings
from shared.settings.installation import SIDE_BIND
from shared.settings.role import Settings
from shared.telemetry.admin_port import open_admin_port
from shared.telemetry.gc import tune_garbage_collector
from shared.telemetry.health import RoleHealth, database_check
from shared.telemetry.logs import logs_to_stderr
from shared.telemetry.metrics import STEP_SECONDS, STEP_WORK
from shared.telemetry.tracing import start_tracing, step_span

if TYPE_CHECKING:
    from shared.web.config import WebConfig

LINGERS = 2.0  # seconds for which pages are answered by a process that is no longer ready
LONGEST_PAUSE, LONGEST_REST = 0.4, 1.0
# A worker asks one thing at a time; pages ask side by side, and an import holds its locks meanwhile.
MOST_CONNECTIONS, MOST_OF_A_WORKER = 4, 2
TROUBLE_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)

log = structlog.get_logger()


@runtime_checkable
class Closing(Protocol):
    """A step that holds something open."""

    def close(self) -> None: ...


def main(manifest: Manifest, arguments: list[str] | None = None) -> int:
    """The whole of a service's `__main__`. Returns the exit status; a `GuestloopError` becomes one line on stderr."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{manifest.name}")
    parser.add_argument("role", help="web, relay, consumer, migrate, or one of the service's clocks")
    parser.add_argument("--driven", action="store_true", help="take each step from standard input")
    given = parser.parse_args(arguments)
    logs_to_stderr(manifest.name, given.role)
    clock = SystemClock()
    try:
        read_setting_files(os.environ)
        warn_of_unknown_settings(os.environ)
        settings = Settings.read(manifest.name, os.environ)
        config = manifest.read_config(os.environ)
        most = MOST_CONNECTIONS if given.role in ("web", "imports") else MOST_OF_A_WORKER
        database = Database(
            settings.database,
            service=manifest.name,
            keyring=settings.keyring,
            most=most,
            direct=settings.direct,
            partitions=settings.partitions,
            replica=settings.replica if given.role == "web" else "",
            most_behind=settings.most_behind,
        )
        if given.role == "web":
            from shared.web.config import WebConfig  # workers do not carry the web's modules

            web = WebConfig.read(os.environ)
            serve(manifest.build_web(config, database, clock, web), web, database)
            return 0
        service = manifest.build(config, database, clock)
        if given.role == "migrate":
            manifest.migrate(database.direct, clock.now())
        elif given.driven:
            drive(role_named(given.role, service, settings), sys.stdin, sys.stdout)
        else:
            live(given.role, service, settings, clock)
    except GuestloopError as error:
        print(f"{manifest.name} {given.role}: {error}", file=sys.stderr)
        return 1
    return 0


def serve(app: Any, web: WebConfig, database: Database) -> None:
    """The pages, on the address the settings name."""
    from shared.web.access_log import keep  # workers carry neither pages nor a web server
    from shared.web.replica_figures import ReplicaFigures
    from shared.web.server import Server

    SIDE_BIND.read(os.environ)  # a malformed one is reported here: nobody reads the output of the process that answers
    keep(app)
    health = RoleHealth(database.service, "web", checks=[database_check(database.dsn)])

    def start_beside() -> None:
        """In the process that answers requests: threads do not survive a fork."""
        start_tracing(os.environ, health.service, health.role)
        if database.replica:
            REGISTRY.register(ReplicaFigures(database.service, database.replica))
        open_admin_port(os.environ, health)
        log.info("at work", role=health.role)

    Server(
        app,
        web.address,
        started=start_beside,
        stopping=health.stop.set,
        lingers=LINGERS,
        is_behind_proxy=web.proxies > 0,
    ).run()


def live(role: str, service: Service, settings: Settings, clock: Clock) -> None:
    """Work on the machine's clock until a signal ends it; the side port reports on it."""
    step = role_named(role, service, settings, connect_within=1.0)  # it is tried again; a stop is noticed sooner
    health = RoleHealth(service.name, role, checks=list(map(database_check, service.database.places)))
    health.stop_on_signals()
    start_tracing(os.environ, service.name, role)
    if isinstance(step, Relay):
        step.open()
        health.checks.append(step.not_ready_reason)
        REGISTRY.register(Waiting(service, settings.broker, clock, is_active=lambda: step.leads))
    if isinstance(step, Interruptible):
        step.stop_on(health.stop)
    open_admin_port(os.environ, health)
    tune_garbage_collector()
    log.info("at work", role=role)
    if isinstance(step, RabbitConsumer):
        step.run(health)
    else:
        work(step, clock, health.stop, health=health)
    log.info("stopping", role=role)
    if isinstance(step, Closing):
        step.close()
    if isinstance(step, Relay):
        step.close_publisher()
    service.database.close()
    health.has_stopped()


def role_named(role: str, service: Service, settings: Settings, *, connect_within: float = 10.0) -> Step:
    if role == "relay":
        publisher = PikaPublisher(settings.broker, connect_within=connect_within)
        return Relay(service.database, publisher, service=service.name)
    if role == "consumer":
        return RabbitConsumer(service, settings.broker)
    clocks = {clock.name.split()[-1]: clock for clock in service.clocks}
    if role not in clocks:
        known = ", ".join(["relay", "consumer", *clocks, "migrate"])
        raise GuestloopError(f"no such role; {service.name} has {known}")
    return clocks[role]


class WakeUp:
    """Wakes the roles of one process when one of them did something; without it they look once a second.

    A role that found nothing rests `IDLE_PAUSE` at least, however often it is woken; and the longer, up to
    `LONGEST_PAUSE`, the more often in a row it was woken for nothing: while an import keeps a few roles busy, thirty
    others do not look for work twenty times a second.
    """

    def __init__(self) -> None:
        self._count, self._condition = 0, threading.Condition()

    @property
    def count(self) -> int:
        return self._count

    def notify(self) -> None:
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait(self, since: int) -> bool:
        """Returns on a notification since `count` was `since`, or after a second; whether there was one."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count != since, LONGEST_REST)


def work(
    step: Step,
    clock: Clock,
    stop: threading.Event,
    wake_up: WakeUp | None = None,
    health: RoleHealth | None = None,
) -> None:
    """Step until `stop` is set. A lost database or broker is waited for, with a back-off.

    Alone in its process a role that finds nothing looks less and less often, down to once a second: forty of them that
    looked twenty times a second kept a core busy with nothing to do. An `Awaited` one says itself how long it rests.
    """
    health = health or RoleHealth(step.name, step.name, stop)
    alone = step.rests_at_most if isinstance(step, Awaited) else LONGEST_REST
    longest = LONGEST_PAUSE if wake_up else alone
    seconds = STEP_SECONDS.labels(health.service, health.role)
    amount = STEP_WORK.labels(health.service, health.role)
    trouble = in_vain = 0  # in a row: steps that met trouble; that found nothing (anew after a rest nobody ended)
    while not stop.is_set():
        seen = wake_up.count if wake_up else 0
        began = time.perf_counter()
        try:
            with step_span(step.name) as noted:
                done = step.step(clock.now())
                noted.append(done)
        except (DatabaseUnavailable, BrokerUnavailable, psycopg.OperationalError) as error:
            if isinstance(error, psycopg.Error) and not is_passing(error):
                raise
            pause = TROUBLE_PAUSES[min(trouble, len(TROUBLE_PAUSES) - 1)]
            trouble += 1
            what = "broker" if isinstance(error, BrokerUnavailable) else "database"
            health.waits_for(what, sentence_of(error), pause)
            stop.wait(pause)
            continue
        trouble = 0
        health.works()
        if done:
            in_vain = 0
            seconds.observe(time.perf_counter() - began)
            amount.inc(done)
        else:
            stop.wait(min(IDLE_PAUSE * (in_vain + 1), longest))
            in_vain += 1
        if wake_up and done:
            wake_up.notify()
        elif wake_up and not wake_up.wait(seen):
            in_vain = 0


def sentence_of(error: Exception) -> str:
    """What a role waits for."""
    return str(unavailable(error) if isinstance(error, psycopg.Error) else error)


def drive(step: Step, commands: Iterable[str], answers: TextIO) -> None:
    """Run each line's command; ends with the input."""
    for line in commands:
        verb, _, argument = line.strip().partition(" ")
        if verb == "step":
            print(step.step(datetime.fromisoformat(argument)), file=answers, flush=True)
        elif verb == "due":
            due = step.next_due() if hasattr(step, "next_due") else None
            print(due.isoformat() if due else "-", file=answers, flush=True)
        else:
            raise GuestloopError(f"unknown command {verb!r}")
