"""Bring an export into the lasting home: import it, and let every service hear of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from guestloop.composition import Group, build_group, prepare_databases
from guestloop.engine import apart
from guestloop.opening import Opening, Places, open_house
from services.segments.config import Config
from services.segments.imports.columns import ImportMapping
from services.segments.imports.run import Imported, Progress, import_reservations
from services.segments.imports.table import Table
from shared.clock import Clock, SystemClock
from shared.home import Home


@contextmanager
def open_home(home: Home, environment: Mapping[str, str], clock: Clock) -> Iterator[Group]:
    """The services of the lasting home, its databases migrated."""
    home.open()
    with home.postgres() as server:
        group = build_group(prepare_databases(server, home.keyring(), clock.now()), clock, environment)
        try:
            yield group
        finally:
            group.close()


def bring(
    export: Path,
    mapping: ImportMapping,
    places: Places,
    *,
    rejects: Path,
    environment: Mapping[str, str],
    progress: Progress | None = None,
) -> Imported:
    """Import a file and wait until every outbox and mailbox is empty."""
    clock = SystemClock()
    home = Home.from_environment(environment)
    with open_home(home, environment, clock) as group, apart(group, home.with_keys(environment)) as engine:
        open_house(group, Opening.for_export(properties_in(export, mapping), places), clock.now())
        engine.wait_until_idle()  # the properties are known before the first row
        done = import_reservations(
            group.database("segments"),
            export,
            mapping,
            clock.now(),
            agency_domains=Config.read(environment).agency_domains,
            rejects=rejects,
            progress=progress,
        )
        engine.wait_until_idle()
    return done


def properties_in(export: Path, mapping: ImportMapping) -> list[str]:
    """The property codes a file names."""
    table = Table(export)
    place = mapping.places(table.header)["property"]
    return sorted({record.cells[place].strip() for record in table.records() if not record.problem})
