"""`guestloop up`: the whole installation on one machine, until Ctrl-C.

One supervisor with three children: PostgreSQL, the engine (every role but the web) and the web. An engine or a web that
dies is started again; without its database it all ends; a supervisor that dies takes its children along.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from guestloop.composition.child_processes import KEEP_GOING, Child
from guestloop.composition.first_admin import first_administrator
from guestloop.composition.services import Group, build_group, prepare_databases, settings_of
from guestloop.demo.home import DemoHome
from guestloop.demo.make import make
from shared.clock import SystemClock
from shared.embedded.home import Home
from shared.embedded.server import EmbeddedPostgres
from shared.errors import GuestloopError, SettingError
from shared.outgoing.inside import Unanswered, ask_inside
from shared.settings.installation import BIND, DEMO, GATEWAY, HOME, ORIGIN, PORT, origin_of

STARTED_WITHIN = 300.0  # a busy machine takes its time; a part that dies is seen at once
STOPPED_WITHIN = 30.0
MOST_STARTS = 5  # within an hour
CHILDREN = {"engine": ("guestloop.supervisor.engine", KEEP_GOING), "web": ("guestloop.supervisor.web",)}
LOOK_EVERY = 0.5


class NotServing(GuestloopError):
    """The pages did not come up; what went wrong stands above."""


@dataclass(frozen=True)
class LocalAddress:
    """The address of the installation on this machine."""

    port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> LocalAddress:
        return cls(PORT.read(environment))

    @property
    def bind(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def check_free(self) -> None:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise SettingError(
                    f"port {self.port} is taken: stop what uses it, or choose another one (GUESTLOOP_PORT=8081)"
                ) from error


def up(environment: Mapping[str, str], *, demo: bool) -> int:
    """Runs until Ctrl-C or SIGTERM. Raises `GuestloopError` in one sentence where it cannot start."""
    address = LocalAddress.from_environment(environment)
    address.check_free()
    home = Home.from_environment(environment)
    home.open()
    demo_home = demo_in(home, environment, wanted=demo)  # until here Ctrl-C interrupts; a half-made demo is made anew
    stop = stop_on_signals()
    with home.postgres(progress=print_status) as server:
        group = build_group(prepare_databases(server, home.keyring(), SystemClock().now()), SystemClock(), environment)
        with contextlib.closing(group):
            sign_in = demo_home.sign_in if demo_home else first_administrator(group, SystemClock().now())
            surroundings = _surroundings(environment, home, group, address, is_demo=demo_home is not None)
        children = [Child(name, module, surroundings, tuple(more)) for name, (module, *more) in CHILDREN.items()]
        with running(children):
            try:
                wait_until_served(address, children, stop)
            except NotServing:
                print_sign_in(sign_in)  # the accounts are there, and this password is printed only once
                raise
            print_address(address, sign_in)
            supervise(server, children, stop)
    return 0


def demo_in(home: Home, environment: Mapping[str, str], *, wanted: bool) -> DemoHome | None:
    """The demo group of this home, made where it is wanted and nothing else is there."""
    found = DemoHome(home)
    if wanted and not found.is_ready and found.can_be_made:
        make(found, SystemClock().now(), environment)
    return found if found.is_ready else None


def _surroundings(
    environment: Mapping[str, str], home: Home, group: Group, address: LocalAddress, *, is_demo: bool
) -> dict[str, str]:
    """What the engine and the web find in their environment."""
    ours = settings_of(group)
    ours |= {BIND.name: address.bind, GATEWAY.name: address.origin, HOME.name: str(home.path)}
    ours |= {ORIGIN.name: origin_of(environment)}
    return {**home.with_keys(environment), **ours, **({DEMO.name: "1"} if is_demo else {})}


@contextlib.contextmanager
def running(children: Sequence[Child]) -> Iterator[None]:
    """The children run within the block; they end in reverse order, whatever happened."""
    try:
        for child in children:
            child.start()
        yield
    finally:
        for child in reversed(children):
            child.stop(STOPPED_WITHIN)


def wait_until_served(address: LocalAddress, children: Sequence[Child], stop: threading.Event) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while not stop.is_set():
        with contextlib.suppress(Unanswered):
            if ask_inside(f"{address.origin}/health", patience=5)[0] == HTTPStatus.OK:
                return
        if any(child.died for child in children) or time.monotonic() > deadline:
            raise NotServing()
        stop.wait(0.1)


def supervise(server: EmbeddedPostgres, children: Sequence[Child], stop: threading.Event) -> None:
    """Restart children that died, until `stop` is set; a child that dies five times within an hour, or a lost
    database, ends it all."""
    while not stop.wait(LOOK_EVERY):
        if not server.is_running:
            raise GuestloopError("the database ended by itself; its log is in the home, postgres/postgres.log")
        for child in children:
            if child.died:
                if (starts := child.starts_of_this_hour) >= MOST_STARTS:
                    raise GuestloopError(
                        f"the {child.name} process died {starts} times within an hour; its messages stand above"
                    )
                print_status(f"the {child.name} process died and is started again")
                child.start()


def print_address(address: LocalAddress, sign_in: tuple[str, str] | None) -> None:
    print(f"\nGuestloop is up: {address.origin}")
    print_sign_in(sign_in)
    print("Ctrl-C ends it; the data stay.", flush=True)


def print_sign_in(sign_in: tuple[str, str] | None) -> None:
    if sign_in:
        email, password = sign_in
        print(f"Sign in as {email} with the password {password}", flush=True)


def print_status(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
