"""A group of hotels whose days pass on a virtual clock, and its pages at a real address."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import merge
from pathlib import Path
from typing import Any, LiteralString

from werkzeug.serving import WSGIRequestHandler, make_server

from guestloop.composition.seed import Setup, apply_setup
from guestloop.composition.services import build_group, prepare_databases, world_of
from guestloop.composition.virtual_world import play
from guestloop.demo.cast import HOTELS
from guestloop.demo.make import employ
from guestloop.demo.play import ZONES, Act, between, import_past
from guestloop.simulation.history import History, acts_of
from guestloop.supervisor.gateway import build_apps, gateway
from services.messaging.commands.templates.publish import install_shipped as install_templates
from services.segments.rules.reservations import Reservation
from shared.clock import VirtualClock
from shared.database.pool import Tx
from shared.embedded.home import Home
from shared.settings.installation import GATEWAY, HEARTBEATS, ORIGIN
from tests.browser.conftest import PASSWORD
from tests.loopback import free_port
from tests.rehearsal.house import House

BEGAN = datetime(2026, 12, 7, 9, tzinfo=UTC)
"""A Monday, two months before the Spring Festival."""


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing on the terminal of who runs the tests."""


@dataclass(frozen=True)
class HouseOfStories(House):
    """`stays`: all that the hotels' systems ever told, each as it will have ended."""

    home: Path
    stays: list[Reservation] = field(default_factory=list)

    def receive(self, rows: Sequence[Reservation]) -> None:
        """The hotels are set up with guests whose stays have been, are, or will be: what is past is there at once, and
        the rest comes to pass as days are played."""
        now = self.clock.now()
        import_past(self.group.database("segments"), History(rows, 0), now)
        self.stays.extend(rows)
        self.settle()

    def settle(self) -> None:
        """Everything that is under way arrives, and what is due now is done."""
        with closing(world_of(self.group, self.clock)) as world:
            for service in self.group.services:
                world.mark_changed(service)
            world.settle(self.clock.now())

    def play_days(self, days: float, *acts: Act) -> None:
        """Until so many days from now; `acts` happen beside what the stays bring, each at its instant."""
        self.play_to(self.clock.now() + timedelta(days=days), *acts)

    def play_to(self, until: datetime, *acts: Act) -> None:
        began = self.clock.now()
        segments = self.group.database("segments")
        stays = acts_of(History(self.stays, 0), segments, ZONES, (until + timedelta(days=1)).date())
        inputs = merge(between(began, until, stays), self._heard(until), sorted(acts, key=_at), key=_at)
        with closing(world_of(self.group, self.clock)) as world:
            for service in self.group.services:
                world.mark_changed(service)  # what was done at the screen is not under way yet
            databases = [one.database for one in self.group.services.values()]
            play(world.play(inputs, until), databases, lambda _: None)
        self.clock.advance_to(until)

    def at(self, service: str, do: Callable[[Tx, datetime], object]) -> Callable[[datetime], str]:
        """An act for `play_days`: a command of a service, in a transaction of its own."""

        def act(now: datetime) -> str:
            with self.group.database(service).transaction() as tx:
                do(tx, now)
            return service

        return act

    def asked(self, service: str, statement: LiteralString, *params: Any) -> list[tuple[Any, ...]]:
        with self.group.database(service).transaction() as tx:
            return tx.execute(statement, params).fetchall()


def _at(act: Act) -> datetime:
    return act[0]


@contextmanager
def house_of_stories(path: Path) -> Iterator[tuple[HouseOfStories, str]]:
    """The house, and where its pages are. No journey runs in it."""
    home = Home(path, durable=False)
    home.open()
    clock, port = VirtualClock(BEGAN), free_port()
    origin = f"http://127.0.0.1:{port}"
    settings = {ORIGIN.name: origin, GATEWAY.name: origin, HEARTBEATS.name: "0", "GUESTLOOP_HOME": str(path)}
    with home.postgres() as server:
        group = build_group(prepare_databases(server, home.keyring(), BEGAN), clock, settings)
        with closing(group):
            apply_setup(group, Setup(HOTELS), BEGAN)
            employ(group, PASSWORD, BEGAN)
            with group.database("messaging").transaction() as tx:
                install_templates(tx, BEGAN)  # a sender does it as it starts; here it is due when there is something
            house = HouseOfStories(group, clock, path)
            house.settle()
            with served(house, port, settings):
                yield house, origin


@contextmanager
def served(house: HouseOfStories, port: int, settings: Mapping[str, str]) -> Iterator[None]:
    """By threads of this process, which read the same clock."""
    pages = gateway(build_apps(house.group, house.clock, settings))
    server = make_server("127.0.0.1", port, pages, threaded=True, request_handler=Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield
    finally:
        server.shutdown()
        serving.join()
