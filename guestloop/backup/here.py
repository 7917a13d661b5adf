"""Which server, folder and keys an environment means: those it names, else the home's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from guestloop.backup.folder import BackupFolder
from guestloop.backup.house import House
from guestloop.backup.keeping import Keeping
from guestloop.backup.role import BackupRole
from shared.clock import Clock
from shared.crypto.streams import StreamKeys
from shared.embedded.home import Home, with_both_names
from shared.embedded.lockfile import InUse
from shared.embedded.running import NotRunning, RunningPostgres
from shared.errors import SettingError
from shared.private_files import keep_private
from shared.settings.backups import BACKUP_DATABASE, BACKUP_HOUR, BACKUP_KEYS, BACKUP_PROGRAMS
from shared.settings.installation import DATABASES

KEY = "backup.1"
KEYS_FILE = "backup_keys"

Environment = Mapping[str, str]


def keys_here(environment: Environment) -> StreamKeys:
    """Of the setting; else of the file `backup_keys` in the home, made the first time. Raises `SettingError`."""
    if text := BACKUP_KEYS.read(environment):
        return _parsed(text)
    home = Home.from_environment(environment).path
    if BACKUP_DATABASE.read(environment) or not home.is_dir():
        raise SettingError(f"{BACKUP_KEYS.name} is not set: backups are sealed by it")
    if not (file := home / KEYS_FILE).exists():
        new = home / f"{KEYS_FILE}.{os.getpid()}"
        keep_private(new, f"{StreamKeys.fresh(KEY)}\n".encode())
        if os.geteuid() == 0:
            os.chown(new, home.stat().st_uid, home.stat().st_gid)
        with_both_names(new, file)
    return _parsed(file.read_text(encoding="utf-8"))


def _parsed(text: str) -> StreamKeys:
    try:
        return StreamKeys.parse(text)
    except SettingError as error:
        raise SettingError(f"{BACKUP_KEYS.name}: {error}") from error


@contextmanager
def house_here(environment: Environment) -> Iterator[House]:
    """The server that is named; else the home's own, which is started for it where it does not run."""
    if BACKUP_DATABASE.read(environment):
        yield House.from_environment(environment)
        return
    home = Home.from_environment(environment)
    if not (home.path / "postgres").exists():
        raise SettingError(f"{BACKUP_DATABASE.name} is not set, and there is no home in {home.path}")
    try:
        with home.postgres() as server:
            yield House(server.admin_dsn(), BACKUP_PROGRAMS.read(environment))
    except InUse:
        yield running_house(environment)


def running_house(environment: Environment) -> House:
    """The server of the home, which another process runs."""
    home = Home.from_environment(environment)
    return House(RunningPostgres(home.path / "postgres").admin_dsn(), BACKUP_PROGRAMS.read(environment))


def role_here(house: House, environment: Environment, clock: Clock) -> BackupRole:
    """Raises `SettingError`."""
    return BackupRole(
        house,
        BackupFolder.of(environment),
        keys_here(environment),
        clock,
        Keeping.from_environment(environment),
        BACKUP_HOUR.read(environment),
        console_here(environment),
    )


def console_here(environment: Environment) -> str:
    """The console's database, which is told of backups: the one that is named, else the running home's, else none."""
    if named := DATABASES["console"].read(environment):
        return named
    try:
        return RunningPostgres(Home.from_environment(environment).path / "postgres").dsn("guestloop_console")
    except NotRunning:
        return ""
