"""Import an export into the lasting home, and wait until every service has handled its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from guestloop.composition.seed import Places, Setup, apply_setup
from guestloop.composition.services import Group, build_group, prepare_databases
from guestloop.supervisor.engine import engine_process
from services.segments.config import Config
from services.segments.imports.chunks import Imported
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import Progress, import_reservations, open_table
from services.segments.imports.survey import Survey, survey
from shared.clock import Clock, SystemClock
from shared.database.pool import Tx
from shared.embedded.home import Home
from shared.telemetry.gc import tune_garbage_collector

Settle = Callable[[Tx], ImportMapping]


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


def import_file(
    export: Path,
    mapping: ImportMapping,
    places: Places,
    *,
    rejects: Path,
    environment: Mapping[str, str],
    progress: Progress | None = None,
    settle: Settle | None = None,
    phase: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Import a file and wait until every outbox and mailbox is empty. `settle`: gives the mapping by what the home has
    saved; the file is looked through by `mapping` while the home starts, and once more where they differ. `phase` is
    told «ready» when the services run and «empty» before they stop."""
    clock = SystemClock()
    home = Home.from_environment(environment)
    with (
        surveying(export, mapping) as surveyed,
        open_home(home, environment, clock) as group,
        engine_process(group, home.with_keys(environment)) as engine,
    ):
        if settle:
            with group.database("segments").transaction() as tx:
                settled = settle(tx)
        else:
            settled = mapping
        found = surveyed.result() if settled == mapping else survey(open_table(export, settled), settled)
        apply_setup(group, Setup.for_export(sorted(found.properties), places), clock.now())
        engine.wait_until_idle()  # the properties are known before the first row
        tune_garbage_collector()
        phase("ready")
        done = import_reservations(
            group.database("segments"),
            export,
            settled,
            clock.now(),
            agency_domains=Config.read(environment).agency_domains,
            surveyed=found,
            rejects=rejects,
            progress=progress,
            clock=clock,
        )
        engine.wait_until_idle()
        phase("empty")
    return done


@contextmanager
def surveying(export: Path, mapping: ImportMapping) -> Iterator[Future[Survey]]:
    """Reads the file a first time while the database and the engine start."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(lambda: survey(open_table(export, mapping), mapping))
