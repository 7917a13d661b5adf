"""A service, declared once: what runs its roles, its pages, the embedded engine and the tests all begin with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from shared.bus.roles import Backlog, Service, Timed
from shared.bus.subscriptions import Subscription
from shared.clock import Clock, VirtualClock
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.personal_data.declaration import PersonalData
from shared.personal_data.retention.run import Retention
from shared.personal_data.retention.subjects import Subject, make_months, subjects_of

if TYPE_CHECKING:
    from flask import Flask

    from shared.web.config import WebConfig

Clocks = Callable[[Database, Any, Clock], tuple[Timed, ...]]


NOTHING_COUNTED = Backlog()


def no_clocks(_database: Database, _config: Any, _clock: Clock) -> tuple[Timed, ...]:
    """For a service with no clock of its own."""
    return ()


def no_files(_config: Any) -> None:
    """For a service to which nobody brings large files."""


@dataclass(frozen=True)
class Manifest:
    """All that differs between services.

    `owns`: the nouns it decides about, for docs/services.md. `folder`: its package, with `migrations/`,
    `templates/`, `translations/`, and the modules `pages` (its `PAGES`) and `api` (its `API`), which only the web role
    loads. `read_config`: its settings from the environment. `personal_data`: what it keeps of people, every table.
    `clocks`: its roles beside web, relay, consumer and retention. `retained`: what has a term and is no table. `files`:
    the folder where files wait that people bring.
    """

    name: str
    owns: str
    folder: Path
    read_config: Callable[[Mapping[str, str]], Any]
    subscriptions: tuple[Subscription, ...]
    personal_data: PersonalData
    clocks: Clocks = no_clocks
    backlog: Backlog = NOTHING_COUNTED
    files: Callable[[Any], Path | None] = no_files
    retained: tuple[Subject, ...] = ()

    @property
    def migrations(self) -> Path:
        return self.folder / "migrations"

    def build(self, config: Any, database: Database, clock: Clock) -> Service:
        """Its roles over a database."""
        return Service(
            name=self.name,
            database=database,
            subscriptions=self.subscriptions,
            clocks=(*self.clocks(database, config, clock), *self._retention(database, clock)),
            migrations=self.migrations,
            backlog=self.backlog,
        )

    def _retention(self, database: Database, clock: Clock) -> tuple[Timed, ...]:
        """The nightly run: on the machine's clock only."""
        return () if isinstance(clock, VirtualClock) else (Retention(database, self.subjects),)

    def migrate(self, dsn: str, at: datetime) -> list[str]:
        """To the newest schema, with the months to come; the names of the files applied. Raises `MigrationError`."""
        applied = migrate(dsn, [SHARED_MIGRATIONS, self.migrations], at)
        if not any(table.by_month for table in self.personal_data.tables):
            return applied
        with suppress(psycopg.errors.LockNotAvailable), psycopg.connect(dsn, autocommit=True) as connection:
            while make_months(connection, self.personal_data, at):
                pass
        return applied

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What the nightly run drops from."""
        return subjects_of(self.personal_data, self.retained)

    def build_web(self, config: Any, database: Database, clock: Clock, web: WebConfig) -> Flask:
        """Its pages and its API; no other role carries Flask."""
        from shared.web.app import make_app
        from shared.web.site import site_of

        return make_app(
            site_of(web, database, clock, config),
            self.folder,
            import_module(f"services.{self.name}.pages").PAGES,
            secure=web.secure,
            for_programs=import_module(f"services.{self.name}.api").API,
            subscriptions=self.subscriptions,
            files=self.files(config),
        )
