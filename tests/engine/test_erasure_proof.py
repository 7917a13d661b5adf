"""Planted strings are searched for through a running home, its files and its log, and through RabbitMQ's queues."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kombu import Connection

from guestloop.composition.services import SERVICES, Group, build_group, prepare_databases, world_of
from guestloop.composition.virtual_world import World
from guestloop.generated.export import HEADER, write_export
from guestloop.operations.connect import connect
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.segments.commands.guests.care import Profile, change_profile
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.guests.look_up import guests_meant
from services.segments.commands.reservations.book import book
from shared.bus.rabbit.consumer import RabbitConsumer
from shared.bus.rabbit.publisher import PikaPublisher
from shared.bus.rabbit.topology import all_queues, declare
from shared.bus.relay import Relay
from shared.clock import SystemClock, VirtualClock
from shared.crypto.sealing import KeyRing
from shared.embedded.home import Home, throw_away_home
from shared.vocabulary.channel import Channel
from tests.cast import FILIPA
from tests.command_line import guestloop
from tests.conftest import KEYS
from tests.engine.planted import Search
from tests.engine.test_up import up
from tests.engine.zephyrine import BEGAN, ERASED, GUEST, PLANTS, TO_COME, ZEPHYRINE, act, live, search
from tests.loopback import free_port
from tests.rabbit import RabbitNode

pytestmark = pytest.mark.proof
ROWS = 400
PLANTED_HERE = (
    "Zephyrine",
    "Quillfeather",
    "zephyrine.q@example.com",
    "447700900987",
    "RES-ZQ-77",
    "quinces",
    "parrot",
)


def write_planted_export(path: Path) -> None:
    write_export(path, rows=ROWS)
    with path.open(encoding="utf-8", newline="") as file:
        model = next(row for row in csv.DictReader(file) if row["email"] and row["status"] == "checked_out")
    planted = {
        **model, "reservation_no": "RES-ZQ-77", "first_name": "Zephyrine", "last_name": "Quillfeather",
        "email": "zephyrine.q@example.com", "phone": "+447700900987", "special_requests": "",
    }  # fmt: skip
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, HEADER.split(","), lineterminator="\n").writerow(planted)


def speak(home: Path) -> None:
    """The desk notes something, and the guest writes back."""
    now = SystemClock().now()
    environment = {**os.environ, "GUESTLOOP_HOME": str(home)}
    with connect(environment, SystemClock()) as installation:
        with installation.group.database("segments").transaction() as tx:
            (guest,) = guests_meant(tx, "zephyrine.q@example.com")
            version = tx.execute("select version from guest where id = %s", [guest]).fetchone()
            assert version is not None
            change_profile(tx, guest, version[0], Profile("en", [], "allergic to quinces"), FILIPA.name, now)
        with installation.group.database("feedback").transaction() as tx:
            point = tx.keyring.index("sms", "+447700900987")
            receive_reply(tx, Reply(ref="r1", channel=Channel.SMS, point=point, text="the parrot called"), now)


def searched(home: Path) -> Search:
    environment = {**os.environ, "GUESTLOOP_HOME": str(home)}
    with connect(environment, SystemClock()) as installation:
        databases = {name: installation.group.database(name) for name in SERVICES}
        return Search(PLANTED_HERE, Home(home).keyring()).through(databases)


def in_files(home: Path) -> tuple[dict[str, int], int, int]:
    """Hits by file, those in PostgreSQL's own files apart; how many bytes were read."""
    ours: dict[str, int] = {}
    of_postgres = size = 0
    for path in home.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        size += len(content)
        hits = sum(content.count(plant.encode()) for plant in PLANTED_HERE)
        if path.is_relative_to(home / "postgres" / "data"):
            of_postgres += hits
        elif hits:
            ours[str(path)] = hits
    return ours, of_postgres, size


def test_a_running_home_holds_nothing_of_an_erased_guest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_planted_export(tmp_path / "reservations.csv")
    assert guestloop(tmp_path, "import", str(tmp_path / "reservations.csv")).returncode == 0
    with up(home, free_port()) as run:
        log = run.wait_until_up()
        speak(home)
        before = searched(home)
        assert {plant for _, plant in before.hits} == set(PLANTED_HERE)
        proof = json.loads(guestloop(tmp_path, "erase", "zephyrine.q@example.com", "--yes", "--json").stdout)
        assert set(proof["done"]) == set(SERVICES)
        after = searched(home)
        checkpoint(home)
        ours, of_postgres, size = in_files(home)
        log += run.end()
    print(
        f"\n{before.rows:,} rows searched before: {sum(before.hits.values())} hits; {after.rows:,} after: "
        f"{sum(after.hits.values())} hits; {size:,} bytes of files: {sum(ours.values())} hits in ours, {of_postgres} "
        "left in free parts of PostgreSQL's pages and its write-ahead log"
    )
    assert after.hits == {} and ours == {}
    assert not any(plant in log for plant in PLANTED_HERE)


def checkpoint(home: Path) -> None:
    environment = {**os.environ, "GUESTLOOP_HOME": str(home)}
    with connect(environment, SystemClock()) as installation:
        for name in SERVICES:
            with psycopg.connect(installation.group.database(name).dsn, autocommit=True) as connection:
                connection.execute("vacuum")


@pytest.fixture
def over_rabbitmq(rabbitmq: RabbitNode) -> Iterator[tuple[Group, World, str]]:
    clock = VirtualClock(BEGAN)
    with throw_away_home() as home, home.postgres() as server:
        group = build_group(prepare_databases(server, KeyRing.parse(KEYS), BEGAN), clock, {})
        subscriptions = {name: service.subscriptions for name, service in group.services.items()}
        with Connection(rabbitmq.url) as connection, connection.channel() as channel:
            for queue in all_queues(subscriptions):
                queue(channel).delete()
        declare(rabbitmq.url, subscriptions)
        world = World(
            clock=clock,
            relays={
                name: Relay(one.database, PikaPublisher(rabbitmq.url), service=name)
                for name, one in group.services.items()
            },
            consumers={name: RabbitConsumer(one, rabbitmq.url) for name, one in group.services.items()},
            clocks=world_of(group, clock).clocks,
        )
        with closing(group), closing(world):
            yield group, world, rabbitmq.url


def in_queues(group: Group, url: str, found: Search) -> int:
    """Looks at every message of every queue, dead ones included, and leaves it there; how many there are."""
    subscriptions = {name: service.subscriptions for name, service in group.services.items()}
    count = 0
    with Connection(url) as connection, connection.channel() as channel:
        for queue in all_queues(subscriptions):
            bound: Any = queue(channel)
            while (message := bound.get(no_ack=False)) is not None:
                found.look(queue.name, bytes(message.body) if isinstance(message.body, bytes) else message.body)
                count += 1
    return count


@pytest.mark.rabbitmq
def test_what_waits_in_rabbitmq_leaves_nothing_behind(over_rabbitmq: tuple[Group, World, str]) -> None:
    """Messaging and feedback stand still during the erasure: their queues hold the guest until they have passed."""
    group, world, url = over_rabbitmq
    live(group, world)
    asleep = {name: world.consumers[name] for name in ("messaging", "feedback")}
    for consumer in asleep.values():
        consumer.close()
    world.consumers = {name: one for name, one in world.consumers.items() if name not in asleep}
    act(group, "segments", lambda tx: book(tx, [TO_COME], ERASED), world)
    world.settle(ERASED)
    with group.database("segments").transaction() as tx:
        erase_guest(tx, GUEST, "Ada", ERASED, lambda _: None)
    world.mark_changed("segments")
    world.settle(ERASED)
    waiting = Search(PLANTS, KeyRing.parse(KEYS))
    held = in_queues(group, url, waiting)
    assert waiting.hits != {}, "nothing of the guest waits, so nothing is proven"
    for consumer in asleep.values():
        while consumer.step(ERASED):
            pass
    world.consumers = {**world.consumers, **asleep}
    for name in asleep:
        world.mark_changed(name)
    world.settle(ERASED)
    after, queued = search(group), Search(PLANTS, KeyRing.parse(KEYS))
    left = in_queues(group, url, queued)
    print(
        f"\n{held} messages waited in RabbitMQ with {sum(waiting.hits.values())} hits; afterwards {left} messages and "
        f"{after.rows:,} rows searched: {sum(queued.hits.values()) + sum(after.hits.values())} hits"
    )
    assert after.hits == {} and queued.hits == {}
    assert ZEPHYRINE.key().guest_id() == GUEST
