"""What befalls a fleet, in an order that the seed settles; every blow is struck while the campaign is under way."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import psycopg

from tests.chaos.cluster import Cluster
from tests.chaos.fleet import Fleet, Role
from tests.chaos.parted import PartedCluster

STOPPED_FOR = 12.0  # seconds: past the lease and the provider's lag
SILENT_FOR = 3.0
OTHERS = {"stop": 4, "cut": 3, "silence": 1, "sessions": 2, "stop_and_database": 1}


@dataclass(frozen=True)
class Ground:
    """What there is beside the roles, one broker and the database, and can be hit too. `parted`: the cluster's nodes
    have networks of their own."""

    cluster: bool = False
    parted: bool = False
    pooled: bool = False
    replica: bool = False


def plan(seed: int, kills: int, ground: Ground) -> list[str]:
    """So many kills, one in fifteen the broker's, one in ten the database's and the replica's and, where there is one,
    one in five the pooler's, and half as many blows that kill nobody; the broker was killed once already, while its
    queues were young. A cluster loses a node more often, its nodes sleep and, where they can be, are cut off."""
    chance = Random(f"plan {seed}")
    blows = ["broker"] * (kills // (5 if ground.cluster else 15)) + ["database"] * (kills // 10)
    blows += ["pooler"] * (kills // 5 if ground.pooled else 0) + ["standby"] * (kills // 10 if ground.replica else 0)
    others = list(OTHERS)[: kills // 2]
    others += chance.choices(list(OTHERS), list(OTHERS.values()), k=kills // 2 - len(others))
    others += ["partition"] * (max(2, kills // 10) if ground.parted else 0)
    kills_in_others = others.count("stop_and_database") + others.count("partition")
    others += ["node_asleep"] * (max(2, kills // 10) if ground.cluster else 0)
    others += ["standby_held"] * (max(2, kills // 10) if ground.replica else 0)
    blows += ["role"] * max(kills - 1 - len(blows) - kills_in_others, 0) + others
    chance.shuffle(blows)
    return blows


@dataclass
class Striker:
    """Strikes, and sets right again what a supervisor would. `struck`: how often of each kind."""

    fleet: Fleet
    seed: int
    struck: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    _stopped: list[tuple[float, Role]] = field(default_factory=list)
    _held_until: float | None = None

    def __post_init__(self) -> None:
        self._chance = Random(f"blows {self.seed}")
        self._targets = self._deck()

    @property
    def kills(self) -> int:
        return sum(self.killed.values())

    def strike(self, blow: str) -> None:
        self.struck[blow] += 1
        getattr(self, f"_{blow}")()

    def let_go_on(self) -> None:
        """Whoever was stopped long enough goes on, an hour older than it thinks."""
        now = time.monotonic()
        for due, role in list(self._stopped):
            if due <= now:
                role.signal(signal.SIGCONT)
                self._stopped.remove((due, role))
        if self.fleet.standby and self._held_until is not None and self._held_until <= now:
            self.fleet.standby.resume()
            self._held_until = None

    def let_all_go_on(self, within: float) -> None:
        deadline = time.monotonic() + within
        while (self._stopped or self._held_until is not None) and time.monotonic() < deadline:
            time.sleep(0.1)
            self.let_go_on()

    def _role(self) -> None:
        role = next(self._targets)
        self.fleet.kill(role)
        self.killed[role.name] += 1
        self._stopped = [(due, one) for due, one in self._stopped if one is not role]
        time.sleep(self._chance.uniform(0, 0.5))
        self.fleet.start_role(role)

    def _broker(self) -> None:
        self.fleet.kill_broker()
        self.killed["broker"] += 1
        self.fleet.start_broker()

    def _node_asleep(self) -> None:
        assert isinstance(self.fleet.broker, Cluster)
        self.fleet.broker.sleep()

    def _partition(self) -> None:
        """While a node is cut off somebody dies, and has to find their way to the others."""
        assert isinstance(self.fleet.broker, PartedCluster)
        with self.fleet.broker.parted():
            self._role()

    def _database(self) -> None:
        self.fleet.kill_database()
        self.killed["database"] += 1
        time.sleep(self._chance.uniform(0, 1))
        self.fleet.start_database()

    def _pooler(self) -> None:
        assert self.fleet.pooler
        self.fleet.pooler.kill()
        self.killed["pooler"] += 1
        time.sleep(self._chance.uniform(0, 1))
        self.fleet.pooler.start()

    def _standby(self) -> None:
        assert self.fleet.standby
        self.fleet.standby.kill()
        self.killed["standby"] += 1
        time.sleep(self._chance.uniform(0, 1))
        self.fleet.standby.start()

    def _standby_held(self) -> None:
        """It shows no more of what is written, until it is let go on."""
        assert self.fleet.standby
        self.fleet.standby.pause()
        self._held_until = time.monotonic() + STOPPED_FOR

    def _stop(self) -> None:
        role = next(self._targets)
        role.signal(signal.SIGSTOP)
        self._stopped.append((time.monotonic() + STOPPED_FOR, role))

    def _stop_and_database(self) -> None:
        """The sender sleeps, and the database forgets meanwhile that it holds the lock on its claims."""
        for role in self.fleet.roles:
            if role.name == "sender" and role.number == 1:
                role.signal(signal.SIGSTOP)
                self._stopped.append((time.monotonic() + STOPPED_FOR, role))
        self._database()

    def _cut(self) -> None:
        self._chance.choice(self.fleet.lines).cut()

    def _silence(self) -> None:
        line = self._chance.choice(self.fleet.lines)
        line.fall_silent()
        time.sleep(SILENT_FOR)
        line.speak_again()

    def _sessions(self) -> None:
        """One service loses every connection to its database."""
        service = self._chance.choice(sorted(self.fleet.group.services))
        with psycopg.connect(self.fleet.postgres.admin_dsn(), autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [f"guestloop_{service}"]
            )

    def _deck(self) -> Iterator[Role]:
        """Who carries the campaign comes first; then every process before one comes again, those of them more often."""
        yield from (role for name in BUSY for role in self.fleet.roles if (role.name, role.number) == (name, 1))
        while True:
            deck = [role for role in self.fleet.roles for _ in range(BUSY.get(role.name, 1))]
            self._chance.shuffle(deck)
            yield from deck


BUSY = {"sender": 6, "timers": 3, "consumer": 2, "relay": 2, "reconcile": 3, "mail": 2, "web": 2}
