"""Connect to an installation from the command line: on servers, in a running home, or in one started for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from guestloop.composition.services import SERVICES, Group, build_group, database_name, databases_from
from guestloop.operations.import_file import open_home
from shared.clock import Clock
from shared.database.pool import Database
from shared.embedded.home import Home
from shared.embedded.lockfile import InUse
from shared.embedded.running import RunningPostgres
from shared.errors import SettingError
from shared.settings.installation import DATABASES

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Installation:
    """`is_running`: other processes are at work on it, relaying and consuming."""

    group: Group
    is_running: bool


class NoHome(SettingError):
    """There is no installation here: name its home in GUESTLOOP_HOME, or its databases in GUESTLOOP_…_DATABASE."""


@contextmanager
def connect(environment: Environment, clock: Clock) -> Iterator[Installation]:
    """Raises `GuestloopError` in one sentence where there is no installation."""
    if on_servers(environment):
        with closing(build_group(databases_from(environment), clock, environment)) as group:
            yield Installation(group, is_running=True)
        return
    home = Home.from_environment(environment)
    if not (home.path / "postgres").exists():
        raise NoHome()
    try:
        with open_home(home, environment, clock) as group:
            yield Installation(group, is_running=False)
    except InUse:
        with closing(build_group(_of_running(home), clock, environment)) as group:
            yield Installation(group, is_running=True)


def on_servers(environment: Environment) -> bool:
    return any(one.read(environment) for one in DATABASES.values())


def _of_running(home: Home) -> dict[str, Database]:
    running, keyring = RunningPostgres(home.path / "postgres"), home.keyring()
    return {name: Database(running.dsn(database_name(name)), service=name, keyring=keyring) for name in SERVICES}
