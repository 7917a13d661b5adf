"""Erase a guest in all services, and wait until each has done it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import sql

from guestloop.composition.services import MANIFEST, SERVICES, Group
from guestloop.operations.connect import Environment, Installation
from guestloop.supervisor.engine import engine_process
from services.console.queries.erasures import Forgotten, forgotten
from services.segments.commands.guests.erase import Consequence, consequence_of, erase_for_good
from services.segments.commands.guests.look_up import guests_meant
from shared.clock import Clock
from shared.embedded.home import Home
from shared.errors import GuestloopError, InputError
from shared.personal_data.declaration import OnErasure
from shared.personal_data.erasures import ErasureList

PATIENCE = 600.0  # seconds without another service's word
PAUSE = 0.1
BY = "the command line"


class Unfinished(GuestloopError):
    """Not every service has erased the guest yet; those that run later will. Run the command again to see."""


@dataclass(frozen=True)
class Certificate:
    """`rows`: by service and table, how many were erased. `done`: when each service was. `stays`: what is kept of an
    erased guest's rows and why, by service and table."""

    guests: Sequence[UUID]
    erased_at: datetime
    rows: Mapping[str, Mapping[str, int]]
    done: Mapping[str, datetime]
    stays: Mapping[str, Mapping[str, str]]


def find_guest(group: Group, text: str) -> Consequence:
    """Raises `InputError` where nobody is meant, or several are: it names them."""
    with group.database("segments").transaction() as tx:
        meant = guests_meant(tx, text)
        if not meant:
            raise InputError(f"nobody is known by {text!r}: give a guest's number, an exact address or a reservation")
        if len(meant) > 1:
            raise InputError(f"{len(meant)} guests are meant by {text!r}: name one, {', '.join(map(str, meant))}")
        return consequence_of(tx, meant[0])


def erase(
    installation: Installation,
    guest: UUID,
    environment: Environment,
    clock: Clock,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Certificate:
    """Erases the guest, waits for all services and vacuums what they wrote. Raises `Unfinished`."""
    group, listed = installation.group, ErasureList.of(environment)
    done = erase_for_good(group.database("segments"), guest, BY, clock.now(), listed)
    guests = [one.guest_id for one in done]
    with _at_work(installation, environment):
        said = _wait(group, guests, progress)
    found = certificate(guests, max(one.erased_at for one in done), said)
    for service, tables in found.rows.items():
        vacuum(group.database(service).direct, [*tables, "outbox", "mailbox"])
    return found


def certificate(guests: Sequence[UUID], erased_at: datetime, said: Sequence[Forgotten]) -> Certificate:
    rows: dict[str, dict[str, int]] = {service: {} for service in SERVICES}
    done: dict[str, datetime] = {}
    for one in said:
        for table, count in one.rows.items():
            rows[one.service][table] = rows[one.service].get(table, 0) + count
        done[one.service] = max(one.forgotten_at, done.get(one.service, one.forgotten_at))
    return Certificate(guests, erased_at, rows, done, {service: what_stays(service) for service in SERVICES})


def what_stays(service: str) -> dict[str, str]:
    """By table why a row of an erased guest is kept, without what says who it was."""
    kept = (OnErasure.BLANKED, OnErasure.STAYS)
    tables = MANIFEST[service].personal_data.tables
    return {table.what: table.why for table in tables if table.guests and table.on_erasure in kept}


@contextmanager
def _at_work(installation: Installation, environment: Environment) -> Iterator[None]:
    """The services' roles run: they do, or they do for as long as it takes."""
    if installation.is_running:
        yield
        return
    with engine_process(installation.group, Home.from_environment(environment).with_keys(environment)):
        yield


def _wait(group: Group, guests: Sequence[UUID], progress: Callable[[int, int], None]) -> list[Forgotten]:
    wanted, seen, since = len(guests) * len(SERVICES), -1, time.monotonic()
    while True:
        with group.database("console").transaction() as tx:
            said = forgotten(tx, guests)
        if len(said) != seen:
            seen, since = len(said), time.monotonic()
            progress(seen, wanted)
        if seen == wanted:
            return said
        if time.monotonic() - since > PATIENCE:
            missing = sorted(set(SERVICES) - {one.service for one in said})
            raise Unfinished(f"{Unfinished.__doc__} Not done: {', '.join(missing)}.")
        time.sleep(PAUSE)


def vacuum(dsn: str, tables: Sequence[str]) -> None:
    """Gives back the place of rows that were deleted or rewritten, so that their old text is not left in the files."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in tables:
            connection.execute(sql.SQL("vacuum {}").format(sql.Identifier(table)))
