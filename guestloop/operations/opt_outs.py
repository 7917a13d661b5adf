"""Close the addresses and numbers of people who objected in another tool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guestloop.operations.connect import Environment, Installation
from guestloop.supervisor.engine import engine_process
from services.feedback.commands.list_objections import Closed
from services.feedback.commands.read_opt_outs import OptOutList
from services.feedback.rules.files.days import DayOrder
from shared.clock import Clock
from shared.embedded.home import Home
from shared.errors import InputError
from shared.table_files.reading import Reading
from shared.vocabulary.optout import OptOutScope

BY = "the command line"


@dataclass(frozen=True)
class Brought:
    opened: OptOutList
    closed: Closed


def look_at_list(
    installation: Installation,
    path: Path,
    reading: Reading,
    region: str | None,
    scope: OptOutScope,
    order: DayOrder | None,
) -> Brought:
    """What the file would close; nothing is closed. Raises `InputError` where it is no list."""
    found = Brought(OptOutList(path, reading, region, order), Closed())
    for chunk in found.opened.chunks():
        with installation.group.database("feedback").transaction() as tx:
            found.closed.look(tx, chunk, scope)
    return found


def close_list(
    installation: Installation,
    path: Path,
    reading: Reading,
    region: str | None,
    scope: OptOutScope,
    order: DayOrder | None,
    *,
    environment: Environment,
    clock: Clock,
) -> Brought:
    """Closes what the file names, in chunks, and waits until all services know it where no other process runs them.

    The same file again closes nothing twice. Raises `InputError` where it is no list, or leaves open which table it is
    or how its dates are read.
    """
    found = Brought(OptOutList(path, reading, region, order), Closed())
    if found.opened.asked:
        raise InputError(None, {f"--{one.subject}": str(one) for one in found.opened.asked})
    with _at_work(installation, environment):
        for chunk in found.opened.chunks():
            with installation.group.database("feedback").transaction() as tx:
                found.closed.close(tx, chunk, scope, path.name, clock.now(), BY)
    return found


@contextmanager
def _at_work(installation: Installation, environment: Environment) -> Iterator[None]:
    if installation.is_running:
        yield
        return
    home = Home.from_environment(environment)
    with engine_process(installation.group, home.with_keys(environment)) as engine:
        yield
        engine.wait_until_idle()
