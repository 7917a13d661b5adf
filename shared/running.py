"""Running one role of one service as a process: live on the machine's clock, or driven from outside, step by step.

`python -m services.<name> <role>`; roles: `web`, `relay`, `consumer`, the service's clocks by name (`sweep`, `timers`,
`sender`), or `migrate`. With `--driven` the process reads one order a line from standard input and answers each on
standard output: `step <instant>` → how much was done, `due` → the next due instant or `-`. So a virtual clock runs
over real processes and a real broker.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TextIO

import structlog

from shared.clock import Clock, SystemClock
from shared.database import Database
from shared.errors import BrokerUnavailable, DatabaseUnavailable, GuestloopError
from shared.migrate import SHARED_MIGRATIONS, migrate
from shared.publishers.rabbit import PikaPublisher
from shared.rabbit_consumer import RabbitConsumer
from shared.relay import Relay
from shared.roles import Service, Step
from shared.settings import Settings, needed

Build = Callable[[Database, Clock], Service]
BuildWeb = Callable[[Database, Clock], Any]

IDLE_PAUSE, LONGEST_REST = 0.05, 1.0
TROUBLE_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)

log = structlog.get_logger()


def main(service_name: str, build: Build, build_web: BuildWeb, arguments: list[str] | None = None) -> int:
    """The whole of a service's `__main__`. Returns the exit status; a `GuestloopError` becomes one line on stderr."""
    logs_to_stderr()
    parser = argparse.ArgumentParser(prog=f"python -m services.{service_name}")
    parser.add_argument("role", help="web, relay, consumer, migrate, or one of the service's clocks")
    parser.add_argument("--driven", action="store_true", help="take each step from standard input")
    given = parser.parse_args(arguments)
    try:
        settings = Settings.read(service_name, os.environ)
        database = Database(settings.database, service=service_name, keyring=settings.keyring)
        if given.role == "web":
            serve(build_web(database, SystemClock()))
            return 0
        service = build(database, SystemClock())
        if given.role == "migrate":
            migrate(settings.database, [SHARED_MIGRATIONS, service.migrations], SystemClock().now())
            return 0
        if given.role == "consumer" and not given.driven:
            RabbitConsumer(service, settings.broker).run(stop_on_signals())
            return 0
        step = role_named(given.role, service, settings.broker)
        if given.driven:
            obey(step, sys.stdin, sys.stdout)
        else:
            work(step, SystemClock(), stop_on_signals())
    except GuestloopError as error:
        print(f"{service_name} {given.role}: {error}", file=sys.stderr)
        return 1
    return 0


def serve(app: Any) -> None:
    """The pages, on GUESTLOOP_BIND (host:port)."""
    from shared.web.serving import Server  # workers do not carry a web server

    Server(app, needed(os.environ, "GUESTLOOP_BIND")).run()


def role_named(role: str, service: Service, broker: str) -> Step:
    if role == "relay":
        return Relay(service.database, PikaPublisher(broker), service=service.name)
    if role == "consumer":
        return RabbitConsumer(service, broker)
    clocks = {clock.name.split()[-1]: clock for clock in service.clocks}
    if role not in clocks:
        known = ", ".join(["relay", "consumer", *clocks, "migrate"])
        raise GuestloopError(f"no such role; {service.name} has {known}")
    return clocks[role]


class Bell:
    """Rung by whoever moved something, so that the others of its process look at once; else they look once a second.

    Whoever found nothing rests `IDLE_PAUSE` at least, however often it is rung.
    """

    def __init__(self) -> None:
        self._rung, self._heard = 0, threading.Condition()

    @property
    def rung(self) -> int:
        return self._rung

    def ring(self) -> None:
        with self._heard:
            self._rung += 1
            self._heard.notify_all()

    def wait(self, since: int) -> None:
        """Returns when it was rung since `rung` said so many, or after a second."""
        with self._heard:
            self._heard.wait_for(lambda: self._rung != since, LONGEST_REST)


def work(step: Step, clock: Clock, stop: threading.Event, bell: Bell | None = None) -> None:
    """Step until told to stop. A lost database or broker is waited for, longer each time."""
    trouble = 0
    while not stop.is_set():
        rung = bell.rung if bell else 0
        try:
            done = step.step(clock.now())
        except (DatabaseUnavailable, BrokerUnavailable) as error:
            pause = TROUBLE_PAUSES[min(trouble, len(TROUBLE_PAUSES) - 1)]
            trouble += 1
            log.warning("waiting", role=step.name, reason=str(error), seconds=pause)
            stop.wait(pause)
            continue
        trouble = 0
        if not done:
            stop.wait(IDLE_PAUSE)
        if bell and done:
            bell.ring()
        elif bell:
            bell.wait(rung)


def obey(step: Step, orders: Iterable[str], answers: TextIO) -> None:
    """Do what each line orders; ends with the input."""
    for line in orders:
        verb, _, argument = line.strip().partition(" ")
        if verb == "step":
            print(step.step(datetime.fromisoformat(argument)), file=answers, flush=True)
        elif verb == "due":
            due = step.next_due() if hasattr(step, "next_due") else None
            print(due.isoformat() if due else "-", file=answers, flush=True)
        else:
            raise GuestloopError(f"unknown order {verb!r}")


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM or SIGINT sets, so that a batch is finished before the process ends."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def logs_to_stderr() -> None:
    """JSON lines on standard error; standard output belongs to answers."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
