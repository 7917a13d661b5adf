"""What a run takes place in: a house of its own, providers, a broker, a database, a fleet that is not started yet."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from guestloop.composition.child_processes import same_modules
from guestloop.composition.services import Group, build_group, database_name, prepare_databases
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database, Tx
from shared.embedded.server import EmbeddedPostgres
from shared.settings.installation import RELAY_PARTITIONS
from tests.chaos import networks
from tests.chaos.campaign import open_for_business
from tests.chaos.clock import TUESDAY, MovedClock
from tests.chaos.cluster import Cluster
from tests.chaos.fleet import Broker, Fleet
from tests.chaos.parted import PartedCluster
from tests.chaos.providers import ACCOUNT
from tests.pooler import PgBouncer
from tests.rabbit import RabbitNode
from tests.standby import Standby

Say = Callable[[str], None]
WENT_WRONG = "went-wrong"
KEYS = (
    "index=aW5kZXgta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU=,k1=c2VhbGluZy1rZXktZm9yLXRlc3RzLTMyLWJ5dGVzLS0=,"
    "erasure.1=ZXJhc3VyZS1rZXktZm9yLXRlc3RzLTMyLWJ5dGVzLS0="
)
SETTINGS = {
    "GUESTLOOP_KEYS": KEYS,
    "GUESTLOOP_CAP_CONTACTS": "1",
    "GUESTLOOP_LEASE_MINUTES": "0.07",
    "GUESTLOOP_PROVIDER_LAG_MINUTES": "0.05",
    "GUESTLOOP_CLAIM_BATCH": "100",
    "GUESTLOOP_EMAIL": "smtp",
    "GUESTLOOP_SMTP_HOST": "127.0.0.1",
    "GUESTLOOP_SMTP_SECURITY": "none",
    "GUESTLOOP_MAIL_FROM": "stay@casa.example.com",
    "GUESTLOOP_SMS": "twilio",
    "GUESTLOOP_TWILIO_ACCOUNT": ACCOUNT,
    "GUESTLOOP_TWILIO_TOKEN": "a-token-of-tests",
    "GUESTLOOP_TWILIO_SENDER": "+15005550006",
    "GUESTLOOP_ORIGIN": "https://casa.example.com",
    "GUESTLOOP_MAIL_BACK": "back@reply.example.com",
    "GUESTLOOP_TWILIO_CALLBACK": "https://casa.example.com/status",
}


@contextmanager
def house() -> Iterator[Path]:
    """A folder with a short name that PostgreSQL may enter, whoever it runs as; kept where a run went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o755)
    MovedClock.starting_at(TUESDAY, folder / "clock")
    yield folder
    if not os.environ.get("CHAOS_KEEP") and not (folder / WENT_WRONG).exists():
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def providers(folder: Path, seed: int) -> Iterator[dict[str, int]]:
    command = [sys.executable, "-m", "tests.chaos.providers", str(folder), str(seed)]
    with (folder / "providers.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **same_modules()},
        )
    try:
        assert process.stdout
        yield json.loads(process.stdout.readline())
    finally:
        process.communicate(timeout=20)


class Anew(Database):
    """A database that is connected to anew each time, past a pooler: its server may have been killed since."""

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        with _patiently(self.direct) as connection:
            yield self.tx(connection)


def _patiently(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(dsn, options="-c timezone=UTC")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _our_own(databases: Mapping[str, Database], pooler: PgBouncer | None) -> dict[str, Database]:
    """The roles find them behind the pooler, where there is one."""
    return {
        name: Anew(pooler.dsn(one.dsn) if pooler else one.dsn, service=name, keyring=one.keyring, direct=one.dsn)
        for name, one in databases.items()
    }


def _pooler(folder: Path, databases: Mapping[str, Database]) -> PgBouncer:
    (folder / "pooler").mkdir()
    pooler = PgBouncer(folder / "pooler", [one.dsn for one in databases.values()], sessions=4)
    pooler.start()
    return pooler


def _broker(folder: Path, *, cluster: bool) -> Broker:
    """The nodes of a cluster have networks of their own where those can be made."""
    return (Cluster if networks.why_not() else PartedCluster)(folder) if cluster else RabbitNode(folder)


@contextmanager
def started(
    folder: Path, ports: dict[str, int], say: Say, *, partitions: int, cluster: bool, pooled: bool, replica: bool
) -> Iterator[tuple[Group, Fleet]]:
    """Database, broker and fleet; the hotel's journeys were launched three days ago."""
    (folder / "rabbitmq").mkdir()
    broker = _broker(folder / "rabbitmq", cluster=cluster)
    postgres = EmbeddedPostgres(folder / "pg", archived=replica)
    standby = Standby(folder / "standby", postgres) if replica else None
    own = {"GUESTLOOP_SMTP_PORT": str(ports["smtp"]), "GUESTLOOP_TWILIO_ADDRESS": f"http://127.0.0.1:{ports['twilio']}"}
    environment = {**SETTINGS, **own, RELAY_PARTITIONS.name: str(partitions)}
    clock = MovedClock(folder / "clock")
    pooler: PgBouncer | None = None
    try:
        say("the broker and the database start")
        broker.start()
        postgres.start()
        databases = prepare_databases(postgres, KeyRing.parse(KEYS), clock.now())
        pooler = _pooler(folder, databases) if pooled else None
        if standby:
            standby.start()
            environment |= {f"GUESTLOOP_{name.upper()}_REPLICA": standby.dsn(database_name(name)) for name in databases}
        group = build_group(_our_own(databases, pooler), clock, environment)
        open_for_business(group, clock.now() - timedelta(days=3))
        fleet = Fleet(group, postgres, broker, folder, environment, pooler, standby)
        try:
            yield group, fleet
        finally:
            fleet.close()
            group.close()
    finally:
        broker.stop()
        if pooler:
            pooler.kill()
        if standby:
            standby.stop()
        postgres.stop()
