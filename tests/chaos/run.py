"""One run: a fleet, a campaign, blows by a seeded plan, rest, the reckoning."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from guestloop.composition import SERVICES, Group, build_group, prepare_databases
from shared.database import Database, Tx
from shared.embedded import EmbeddedPostgres
from shared.sealing import KeyRing
from tests.chaos.answers import Answering
from tests.chaos.audit import Audit, audit
from tests.chaos.blows import STOPPED_FOR, Striker, plan
from tests.chaos.campaign import guests, hand_over, open_for_business, write_files
from tests.chaos.clock import TUESDAY, MovedClock
from tests.chaos.cluster import Cluster
from tests.chaos.fleet import Broker, Fleet
from tests.chaos.poison import Poison
from tests.chaos.providers import ACCOUNT
from tests.chaos.replay import effects, say_all_again
from tests.chaos.rest import Rest
from tests.rabbit import RabbitNode

KEYS = "index=aW5kZXgta2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGU=,k1=c2VhbGluZy1rZXktZm9yLXRlc3RzLTMyLWJ5dGVzLS0="
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
    "GUESTLOOP_TWILIO_CALLBACK": "https://casa.example.com/status",
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Given:
    """What a run is asked for. `pace`: seconds to wait at most for the campaign before each blow."""

    seed: int
    guests: int
    kills: int
    copies: int = 2
    cluster: bool = False
    webs: tuple[str, ...] = SERVICES
    pace: float = 6.0
    rest_within: float = 900.0


def run(given: Given, say: Say) -> Audit:
    began = time.monotonic()
    with (
        house() as folder,
        providers(folder, given.seed) as ports,
        started(given, folder, ports, say) as (group, fleet),
    ):
        clock = MovedClock(folder / "clock")
        striker = Striker(fleet, given.seed)
        everybody = list(guests(given.guests))
        fleet.start(given.copies, given.webs)
        say(f"{len(fleet.roles)} processes are at work")
        if given.kills:
            say("blow 1: broker, while its queues are young")
            striker.strike("broker")
        rest = Rest(group, clock, folder, say, given.rest_within)
        rest.wait()  # the hotel is known before its guests come
        poison = Poison()
        say(f"{poison.spread(group, fleet.broker.url)} poisonous messages stand in the queues")
        answering = Answering(folder, KeyRing.parse(KEYS), fleet.pages_of("feedback"))
        under_fire(given, folder, fleet, striker, clock, say)
        rest.wait()
        answering.end()
        rest.wait()
        before = effects(group, folder)
        said_again = say_all_again(group)
        say(f"all {said_again:,} messages are said again")
        rest.wait()
        done = audit(group, folder, everybody, answering.given, poison)
        done.figures["said again at the end"] = said_again
        done.wrong["second effects of what was said again"] = len(before ^ effects(group, folder))
        done.wrong["roles that ended by themselves"] = len(fleet.died())
        done.figures |= {f"killed: {name}": count for name, count in sorted(striker.killed.items())}
        done.figures |= {name: count for name, count in sorted(striker.struck.items()) if name not in striker.killed}
        done.figures |= {"kills": striker.kills, "seconds": round(time.monotonic() - began)}
        return done


def under_fire(given: Given, folder: Path, fleet: Fleet, striker: Striker, clock: MovedClock, say: Say) -> None:
    """The guests come in many files; each blow waits until the campaign has come its share of the way."""
    blows = plan(given.seed, given.kills, cluster=given.cluster)
    everybody = list(guests(given.guests))
    files = write_files(folder / "files", everybody, max(2, len(blows) // 2), clock.now())
    expected = sum(1 + guest.offers for guest in everybody)
    for number, blow in enumerate(blows):
        while files and number >= (len(blows) - 2 * len(files)):
            hand_over(fleet.group, files.pop(0), clock.now())
        _await_share(folder, 0.7 * expected * number / len(blows), given.pace)
        say(f"blow {number + 1} of {len(blows)}: {blow}; {_taken(folder):,} of some {expected:,} messages taken")
        striker.strike(blow)
        striker.let_go_on()
    for file in files:
        hand_over(fleet.group, file, clock.now())
    time.sleep(STOPPED_FOR / 2)
    striker.let_go_on(all_of_them=True)


def _await_share(folder: Path, share: float, within: float) -> None:
    deadline = time.monotonic() + within
    while _taken(folder) < share and time.monotonic() < deadline:
        time.sleep(0.1)


def _taken(folder: Path) -> int:
    files = (folder / "mails.jsonl", folder / "texts.jsonl")
    return sum(file.read_bytes().count(b"\n") for file in files if file.exists())


@contextmanager
def house() -> Iterator[Path]:
    """A folder with a short name that PostgreSQL may enter, whoever it runs as; kept where a run went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o755)
    MovedClock.starting_at(TUESDAY, folder / "clock")
    yield folder
    if not os.environ.get("CHAOS_KEEP"):
        subprocess.run(["rm", "-rf", str(folder)], check=False)


@contextmanager
def providers(folder: Path, seed: int) -> Iterator[dict[str, int]]:
    command = [sys.executable, "-m", "tests.chaos.providers", str(folder), str(seed)]
    with (folder / "providers.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    try:
        assert process.stdout
        yield json.loads(process.stdout.readline())
    finally:
        process.communicate(timeout=20)


class Anew(Database):
    """A database that is connected to anew each time: its server may have been killed since."""

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        with _patiently(self.dsn) as connection:
            yield Tx(connection, self.service, self.keyring)


def _patiently(dsn: str) -> psycopg.Connection[tuple[Any, ...]]:
    deadline = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(dsn, options="-c timezone=UTC")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _our_own(databases: Mapping[str, Database]) -> dict[str, Database]:
    return {name: Anew(one.dsn, service=name, keyring=one.keyring) for name, one in databases.items()}


@contextmanager
def started(given: Given, folder: Path, ports: dict[str, int], say: Say) -> Iterator[tuple[Group, Fleet]]:
    """Database, broker and fleet; the hotel's journeys were launched three days ago."""
    (folder / "rabbitmq").mkdir()
    broker: Broker = (Cluster if given.cluster else RabbitNode)(folder / "rabbitmq")
    postgres = EmbeddedPostgres(folder / "pg")
    own = {"GUESTLOOP_SMTP_PORT": str(ports["smtp"]), "GUESTLOOP_TWILIO_ADDRESS": f"http://127.0.0.1:{ports['twilio']}"}
    environment = {**SETTINGS, **own}
    clock = MovedClock(folder / "clock")
    try:
        say("the broker and the database start")
        broker.start()
        postgres.start()
        group = build_group(_our_own(prepare_databases(postgres, KeyRing.parse(KEYS), clock.now())), clock, environment)
        open_for_business(group, clock.now() - timedelta(days=3))
        fleet = Fleet(group, postgres, broker, folder, environment)
        try:
            yield group, fleet
        finally:
            fleet.close()
            group.close()
    finally:
        broker.stop()
        postgres.stop()
