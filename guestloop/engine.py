"""The embedded engine: every role but the web as a thread of this process, on the machine's clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from guestloop.composition import Group, mailbox_publisher
from shared.clock import Clock
from shared.mailbox_consumer import MailboxConsumer
from shared.relay import Relay
from shared.roles import Step
from shared.running import work

PAUSE = 0.05
UNDER_WAY = """
    select exists (select from outbox where published_at is null) or exists (select from mailbox)
"""


class Engine:
    """Threads that relay, consume and keep time. Each role has connections of its own."""

    def __init__(self, group: Group, clock: Clock) -> None:
        self._group, self._clock = group, clock
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    @contextmanager
    def running(self) -> Iterator[Engine]:
        """Works inside the block; at its end every thread finishes its batch. Raises what a role raised."""
        for role in self._roles():
            thread = threading.Thread(target=self._work, args=[role], name=role.name, daemon=True)
            self._threads.append(thread)
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()
        self._raise_failure()

    def wait_until_idle(self) -> None:
        """Returns when nothing is under way: every outbox is published, every mailbox empty."""
        while any(self._under_way(name) for name in self._group.services):
            self._raise_failure()
            self._stop.wait(PAUSE)

    def _roles(self) -> list[Step]:
        services = list(self._group.services.values())
        roles: list[Step] = []
        for service in services:
            roles.append(Relay(service.database, mailbox_publisher(services), service=service.name))
            roles.append(MailboxConsumer(service.database, service.concerns))
            roles.extend(service.clocks)
        return roles

    def _work(self, role: Step) -> None:
        try:
            work(role, self._clock, self._stop)
        except BaseException as error:  # a thread has nobody to raise to: the one who waits for it is told
            self._failures.append(error)
            self._stop.set()

    def _under_way(self, service: str) -> bool:
        with self._group.database(service).transaction() as tx:
            row = tx.execute(UNDER_WAY).fetchone()
        return bool(row and row[0])

    def _raise_failure(self) -> None:
        if self._failures:
            raise self._failures[0]
