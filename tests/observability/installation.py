"""Five services on a PostgreSQL and a RabbitMQ that may be lost and come back, and their roles as processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from kombu import Connection

from guestloop.composition.child_processes import same_modules
from guestloop.composition.services import Group, build_group, prepare_databases, settings_of
from shared.bus.rabbit.topology import all_queues, declare
from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.embedded.programs import Programs
from shared.embedded.server import EmbeddedPostgres
from tests.conftest import KEYS
from tests.observability.role import Role


class MortalPostgres(EmbeddedPostgres):
    """A server that can be killed and come back at the same address."""

    def _spawn(self, programs: Programs) -> None:
        self._known_programs = programs
        super()._spawn(programs)

    def kill(self) -> None:
        assert self._server is not None
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()

    def revive(self) -> None:
        self._spawn(self._known_programs)
        self._wait_until_ready(time.monotonic() + 60)


class Installation:
    def __init__(self, server: EmbeddedPostgres, broker: str, folder: Path, **settings: str) -> None:
        self.server, self.broker, self.folder = server, broker, folder
        databases = prepare_databases(server, KeyRing.parse(KEYS), datetime.now(UTC))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GUESTLOOP_")},
            **same_modules(),
            "GUESTLOOP_KEYS": KEYS,
            "GUESTLOOP_HOME": str(folder / "home"),
            "GUESTLOOP_BROKER": broker,
            **settings,
        }
        self.group: Group = build_group(databases, SystemClock(), self.environment)
        self.environment |= settings_of(self.group)
        self.declare_empty()
        self.started: list[Role] = []

    def declare_empty(self) -> None:
        """The broker's topology, with nothing in it of whoever was there before."""
        subscriptions = {service.name: service.subscriptions for service in self.group.services.values()}
        declare(self.broker, subscriptions)
        with Connection(self.broker) as connection:
            for queue in all_queues(subscriptions):
                queue(connection.default_channel).purge()

    def start(self, service: str, role: str, more: Mapping[str, str] | None = None) -> Role:
        made = Role(service, role, {**self.environment, **(more or {})}, self.folder)
        self.started.append(made)
        return made

    def all_roles(self) -> list[tuple[str, str]]:
        """Every role that there is."""
        return [
            (service.name, role)
            for service in self.group.services.values()
            for role in ("web", "relay", "consumer", *(clock.name.split()[-1] for clock in service.clocks))
        ]

    def start_all(self) -> list[Role]:
        return [self.start(*one) for one in self.all_roles()]

    def forget_connections(self) -> None:
        """The test's own are dead after the server was; a role finds that out by itself."""
        for service in self.group.services.values():
            for _ in range(4):
                with suppress(psycopg.OperationalError), service.database.transaction() as tx:
                    tx.execute("select 1")

    def count(self, service: str, query: str) -> int:
        with self.group.database(service).transaction() as tx:
            row = tx.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        for role in self.started:
            role.close()
        self.group.close()
