"""Every role of every service in several processes over a real broker and a real database, each of which can be hit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from guestloop.composition.child_processes import same_modules
from guestloop.composition.services import Group, settings_of
from shared.bus.rabbit.consumer import BROKER_ERRORS
from shared.bus.rabbit.topology import declare
from shared.embedded.server import CannotStart, EmbeddedPostgres
from tests.chaos.cluster import Cluster
from tests.chaos.line import Line
from tests.loopback import free_ports
from tests.pooler import PgBouncer
from tests.rabbit import RabbitNode
from tests.standby import Standby

Environment = Mapping[str, str]
Broker = RabbitNode | Cluster
MAIL = "mail"  # the role to which a mail server hands over what comes back


@dataclass
class Role:
    """One process of a role. `line`: which way it takes to the broker."""

    service: str
    name: str
    number: int
    process: int = 0
    bind: str = ""  # where a web role answers, and one that takes mail

    def __str__(self) -> str:
        return f"{self.service} {self.name} {self.number}"

    @property
    def lives(self) -> bool:
        with suppress(psutil.NoSuchProcess):
            return self.process != 0 and psutil.Process(self.process).status() != psutil.STATUS_ZOMBIE
        return False

    def signal(self, number: signal.Signals) -> None:
        """Not to process 0, which would be everybody of our own group: this role has not started."""
        if self.process == 0:
            return
        with suppress(ProcessLookupError):
            os.kill(self.process, number)


def roles_of(group: Group, copies: int, webs: Collection[str]) -> Iterator[Role]:
    """`webs`: the services whose pages are served."""
    for service in group.services.values():
        clocks = [clock.name.split()[-1] for clock in service.clocks]
        for name in ("relay", "consumer", *clocks):
            binds = [f"127.0.0.1:{port}" for port in free_ports(copies)] if name == MAIL else [""] * copies
            yield from (Role(service.name, name, number, bind=bind) for number, bind in enumerate(binds, 1))
        for number, port in enumerate(free_ports(copies) if service.name in webs else (), 1):
            yield Role(service.name, "web", number, bind=f"127.0.0.1:{port}")


class Fleet:
    def __init__(
        self,
        group: Group,
        postgres: EmbeddedPostgres,
        broker: Broker,
        folder: Path,
        environment: Environment,
        pooler: PgBouncer | None = None,
        standby: Standby | None = None,
    ) -> None:
        self.group, self.postgres, self.broker, self._folder = group, postgres, broker, folder
        self.pooler, self.standby = pooler, standby
        places = broker.places if isinstance(broker, Cluster) else [broker.place]
        self.lines = (Line(places), Line(places[1:] + places[:1]))
        self._environment = {**environment, **settings_of(group)}
        self.roles: list[Role] = []
        command = [sys.executable, "-m", "tests.chaos.roles", str(folder / "clock"), *group.services]
        self._forge = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **same_modules()}
        )

    # starting and ending

    def start(self, copies: int, webs: Collection[str] = ()) -> None:
        self.declare()
        self.roles = list(roles_of(self.group, copies, webs))
        for role in self.roles:
            self.start_role(role)

    def start_role(self, role: Role) -> None:
        assert self._forge.stdin and self._forge.stdout
        line = self.lines[role.number % len(self.lines)]
        own = {"GUESTLOOP_BROKER": f"amqp://guest:guest@127.0.0.1:{line.port}/%2F"}
        own |= {"GUESTLOOP_MAIL_LISTEN" if role.name == MAIL else "GUESTLOOP_BIND": role.bind}
        log = self._folder / "logs" / f"{role.service}-{role.name}-{role.number}.log"
        log.parent.mkdir(exist_ok=True)
        order = {"service": role.service, "role": role.name, "environment": {**self._environment, **own}}
        self._forge.stdin.write(json.dumps({**order, "log": str(log)}) + "\n")
        self._forge.stdin.flush()
        role.process = int(self._forge.stdout.readline())

    def pages_of(self, service: str) -> list[str]:
        return [role.bind for role in self.roles if role.service == service and role.name == "web"]

    @property
    def mail_doors(self) -> list[str]:
        return [role.bind for role in self.roles if role.name == MAIL]

    def close(self) -> None:
        for role in self.roles:
            role.signal(signal.SIGKILL)
        self._forge.communicate(timeout=20)
        for line in self.lines:
            line.close()

    def died(self) -> list[Role]:
        """Roles that ended by themselves."""
        return [role for role in self.roles if not role.lives]

    def declare(self) -> None:
        """What the broker's import of its definitions does at each boot."""
        declare(self.broker.url, {service.name: service.subscriptions for service in self.group.services.values()})

    # blows

    def kill(self, role: Role) -> None:
        role.signal(signal.SIGKILL)

    def kill_broker(self) -> None:
        self.broker.kill()

    def start_broker(self) -> None:
        """RabbitMQ 3.10 may come back with a young queue that has no leader; started once more, it finds one."""
        self.broker.start()
        try:
            self.declare()
        except BROKER_ERRORS:
            self.broker.kill()
            self.broker.start()
            self.declare()

    def kill_database(self) -> None:
        """The whole server at once, as if the power went."""
        assert self.postgres.pid
        postmaster = psutil.Process(self.postgres.pid)
        for process in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def start_database(self) -> None:
        """As a supervisor does, again where it does not start: a process born while the others were killed may live on
        for a moment."""
        for _ in range(2):
            self.postgres.stop()
            with suppress(CannotStart):
                self.postgres.start()
                return
            time.sleep(1)
        self.postgres.stop()
        self.postgres.start()
