"""Every role whose database does not answer says so in the house's own sentence: the database's may quote a row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from guestloop.composition.services import MANIFEST, mailbox_publisher
from services.messaging.service import SERVICE as MESSAGING
from services.messaging.service import configured_by
from shared.bus.mailbox.consumer import MailboxConsumer
from shared.bus.relay import Relay
from shared.bus.roles import Service, Step
from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.database import pool
from shared.database.pool import Database
from shared.process import work
from shared.telemetry.health import RoleHealth
from tests.loopback import nobody_listens

SENTENCE = "The database does not answer; it is tried again by itself."
KINDS = ("", " (OperationalError)", " (PoolTimeout)")
ASKS_NOBODY = "mail"
"""The role of feedback's mailbox, where none is set up."""


class Once(threading.Event):
    """Ends a role's work at its first pause."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture(params=sorted(MANIFEST))
def service(request: pytest.FixtureRequest, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(pool, "PATIENCE", 0.01)
    manifest = MANIFEST[request.param]
    if manifest is MESSAGING:  # its messages may really leave
        manifest = replace(manifest, clocks=configured_by({}))
    with nobody_listens() as port:
        database = Database(f"host=127.0.0.1 port={port}", service=manifest.name, keyring=keyring)
        with closing(database):
            yield manifest.build(manifest.read_config({}), database, SystemClock())


def test_every_role_says_that_its_database_does_not_answer(service: Service) -> None:
    roles: list[Step] = [
        *(clock for clock in service.clocks if clock.name != ASKS_NOBODY),
        Relay(service.database, mailbox_publisher([service]), service=service.name),
        MailboxConsumer(service.database, service.subscriptions),
    ]
    for role in roles:
        stop = Once()
        health = RoleHealth(service.name, role.name, stop)
        work(role, SystemClock(), stop, health=health)
        assert health.trouble in [SENTENCE + kind for kind in KINDS], role.name
