"""What befalls a fleet, in an order that the seed settles; every blow is struck while the campaign is under way."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import psycopg

from tests.chaos.fleet import Fleet, Role

KILLS = ("role", "broker", "database")
STOPPED_FOR = 12.0  # seconds: past the lease and the provider's lag
SILENT_FOR = 3.0


def plan(seed: int, kills: int) -> list[str]:
    """So many kills, the broker's and the database's among them, and half as many blows that kill nobody."""
    chance = Random(f"plan {seed}")
    blows = ["broker", "database"][: max(kills, 0)]
    blows += chance.choices(KILLS, (86, 6, 8), k=max(kills - len(blows), 0))
    others = ("stop", "cut", "silence", "sessions", "stop_and_database")
    blows += chance.choices(others, (4, 3, 1, 2, 1), k=max(kills, 0) // 2)
    blows += [other for other in others if kills >= 10 and other not in blows]
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

    def __post_init__(self) -> None:
        self._chance = Random(f"blows {self.seed}")
        self._targets = self._deck()

    @property
    def kills(self) -> int:
        return sum(self.killed.values())

    def strike(self, blow: str) -> None:
        self.struck[blow] += 1
        getattr(self, f"_{blow}")()

    def let_go_on(self, *, all_of_them: bool = False) -> None:
        """Whoever was stopped long enough goes on, an hour older than it thinks."""
        now = time.monotonic()
        for due, role in list(self._stopped):
            if all_of_them or due <= now:
                role.signal(signal.SIGCONT)
                self._stopped.remove((due, role))

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

    def _database(self) -> None:
        self.fleet.kill_database()
        self.killed["database"] += 1
        time.sleep(self._chance.uniform(0, 1))
        self.fleet.start_database()

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
        """Every process comes before one comes again; those that carry the campaign come thrice."""
        while True:
            busy = [role for role in self.fleet.roles if role.name in BUSY]
            deck = self.fleet.roles + busy + busy
            self._chance.shuffle(deck)
            yield from deck


BUSY = ("sender", "consumer", "relay", "campaigns.timers", "reconcile")
