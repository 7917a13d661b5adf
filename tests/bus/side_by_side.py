"""Relays of one service side by side over a publisher that remembers what it took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random

import orjson

from shared.bus.outbox import publish
from shared.bus.partitions.turns import LOOKS_EVERY
from shared.bus.publisher import OutboxRow, Published
from shared.bus.relay import Relay
from shared.database.pool import Database
from shared.errors import BrokerUnavailable
from shared.events.dictionary import Lane, chunk_of
from tests.bus.toy import NOON, booked
from tests.loopback import until


class Heard:
    """What a broker took, subject by subject, in its order; and of which a relay never heard so."""

    holds_back = False

    def __init__(self) -> None:
        self.connections = 0
        self.versions: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.fails = Random(0)
        self.failures = 0.0

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        """The batch, or its beginning, is taken; then the answer may be lost."""
        is_lost = bool(batch) and self.fails.random() < self.failures
        taken = batch[: self.fails.randint(0, len(batch))] if is_lost else batch
        for row in taken:
            columns = orjson.loads(row.body)
            for subject, version in zip(columns["stay_id"], columns["version"], strict=True):
                self.versions[row.lane, subject].append(version)
        if is_lost:
            raise BrokerUnavailable
        return Published([row.id for row in batch])

    def close(self) -> None: ...


def of(database: Database, partitions: int) -> Database:
    """The same, for roles that are told another number."""
    return Database(database.dsn, service=database.service, keyring=database.keyring, partitions=partitions)


def write(database: Database, *versions: tuple[int, int], lane: Lane | None = None) -> None:
    """Stays by number, each with its version, in one transaction."""
    with database.transaction() as tx:
        publish(tx, chunk_of([booked(number, version) for number, version in versions]), at=NOON, lane=lane)


def waiting(database: Database) -> int:
    with database.glance() as tx:
        found: int = (tx.execute("select count(*) from outbox where published_at is null").fetchone() or (0,))[0]
    return found


def first_times(heard: Heard) -> dict[tuple[str, str], list[int]]:
    """The versions of each subject in the order in which each was heard for the first time."""
    return {subject: list(dict.fromkeys(versions)) for subject, versions in heard.versions.items()}


class House:
    """Relays that come, die and are told other numbers; each step is a second."""

    def __init__(self, database: Database, heard: Heard) -> None:
        self.database, self._heard, self.now = database, heard, NOON
        self.relays: list[Relay] = []

    def start(self, partitions: int) -> Relay:
        relay = Relay(of(self.database, partitions), self._heard, service="segments")
        self.relays.append(relay)
        return relay

    def kill(self, place: int) -> None:
        """As its session ends with it: no lock is given back in order."""
        relay = self.relays.pop(place % len(self.relays))
        pid = relay._session.connection().info.backend_pid
        with self.database.glance() as tx:
            tx.execute("select pg_terminate_backend(%s, 60000)", [pid])

    def round(self, order: Sequence[int] = ()) -> None:
        self.now += LOOKS_EVERY
        for place in order or range(len(self.relays)):
            if place < len(self.relays):
                with suppress(BrokerUnavailable):
                    self.relays[place].step(self.now)

    def until(self, true: Callable[[], bool], order: Sequence[int] = ()) -> None:
        """Round after round."""

        def after_a_round() -> bool:
            self.round(order)
            return true()

        until(after_a_round)

    def drain(self) -> None:
        self._heard.failures = 0.0
        self.until(lambda: waiting(self.database) == 0)

    def close(self) -> None:
        for relay in self.relays:
            relay.close()


def held(house: House) -> list[tuple[int, ...]]:
    return [relay._turns.held for relay in house.relays]
