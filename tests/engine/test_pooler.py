"""The services behind PgBouncer in transaction mode: whoever asks next may find another session of the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from guestloop.composition.services import SERVICES, Group, build_group, settings_of, world_of
from guestloop.composition.virtual_world import World
from services.segments.imports.uploads.folder import UploadsInFolder
from services.segments.imports.worker import work_next
from services.segments.service import SERVICE as SEGMENTS
from shared.clock import VirtualClock
from shared.database.dedicated_connection import DedicatedConnection
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.settings.installation import DIRECT
from shared.telemetry.health import database_check
from tests.chaos.campaign import guests, hand_over, open_for_business, write_files
from tests.conftest import MakeDatabase
from tests.loopback import until
from tests.pooler import SERVER, WHY_NOT, PgBouncer

NOW = datetime(2016, 5, 24, 10, tzinfo=UTC)
GUESTS, ALL_SAID = 60, timedelta(days=1)
SENT = "select count(*), count(distinct (guest_id, journey)) from delivery where state = 'sent'"


@pytest.fixture
def pooler(cluster: EmbeddedPostgres, tmp_path: Path) -> Iterator[PgBouncer]:
    """Before the databases of all tests, each of which has two sessions behind it."""
    if SERVER is None:
        pytest.skip(WHY_NOT)
    folder = tmp_path / "pooler"
    folder.mkdir()
    pooler = PgBouncer(folder, [cluster.admin_dsn()])
    pooler.start()
    try:
        yield pooler
    finally:
        pooler.kill()


def pooled(database: Database, pooler: PgBouncer) -> Database:
    return Database(pooler.dsn(database.dsn), service=database.service, keyring=database.keyring, direct=database.dsn)


@pytest.fixture
def segments(make_database: MakeDatabase, pooler: PgBouncer) -> Iterator[Database]:
    with closing(pooled(make_database("segments"), pooler)) as database:
        yield database


def test_a_campaign_behind_the_pooler_reaches_everybody_once_though_the_pooler_dies(
    make_database: MakeDatabase, pooler: PgBouncer, tmp_path: Path
) -> None:
    """`tests.chaos` has real processes behind it, which go on by themselves; these begin anew."""
    databases = {name: make_database(name) for name in SERVICES}
    first, second = write_files(tmp_path / "files", list(guests(GUESTS)), 2, NOW)
    uploads = UploadsInFolder(tmp_path / "imports")
    with at_work(databases, pooler) as (group, world):
        open_for_business(group, NOW - timedelta(days=3))
        settle(world)
        hand_over(group, first, NOW)
        assert work_next(group.database("segments"), uploads, world.clock, frozenset()) == 1
        settle(world)
        assert sent(group)[0] > 0 < pooler.transactions()
        hand_over(group, second, NOW)
        pooler.kill()
        pooler.start()
        with pytest.raises(psycopg.OperationalError):  # by a connection to the one that was killed
            work_next(group.database("segments"), uploads, world.clock, frozenset())
    with at_work(databases, pooler) as (group, world):
        assert work_next(group.database("segments"), uploads, world.clock, frozenset()) == 1
        settle(world)
        list(world.play(iter(()), NOW + ALL_SAID))
        asked_for = GUESTS + sum(guest.offers for guest in guests(GUESTS))
        assert sent(group) == (asked_for, asked_for)
        behind = [row["database"] for row in pooler.told("show servers")]
        assert len(set(behind)) >= 4  # the console has no clock that is due
        assert max(map(behind.count, behind)) <= 2


@contextmanager
def at_work(databases: Mapping[str, Database], pooler: PgBouncer) -> Iterator[tuple[Group, World]]:
    """All roles, behind the pooler."""
    clock = VirtualClock(NOW)
    group = build_group({name: pooled(one, pooler) for name, one in databases.items()}, clock, {})
    with closing(group), closing(world_of(group, clock)) as world:
        yield group, world


def settle(world: World) -> None:
    for name in SERVICES:
        world.mark_changed(name)
    world.settle(NOW)


def sent(group: Group) -> tuple[int, int]:
    with group.database("messaging").transaction() as tx:
        count, different = tx.execute(SENT).fetchone() or (0, 0)
    return count, different


def test_many_who_ask_at_once_share_few_sessions_and_none_finds_what_another_left(segments: Database) -> None:
    """The hour is told in UTC wherever the server is, and no statement is prepared in a session that others get."""
    with psycopg.connect(segments.direct, autocommit=True) as direct:
        name = sql.Identifier(str(conninfo_to_dict(segments.direct)["dbname"]))
        direct.execute(sql.SQL("alter database {} set timezone to 'Asia/Tokyo'").format(name))
    found, everybody = list[tuple[object, ...]](), threading.Barrier(6)

    def ask() -> None:
        own = Database(segments.dsn, service="segments", keyring=segments.keyring, direct=segments.direct)
        with closing(own):
            everybody.wait(60)
            for number in range(20):
                with own.transaction() as tx:
                    tx.execute("set local work_mem = '1MB'")
                    found.extend(tx.execute("select %s::int, timestamptz '2016-05-24T10:00Z'::text", [number]))
                with own.glance() as tx:
                    found.extend(tx.execute("select %s::int, current_setting('TimeZone')", [number]))

    threads = [threading.Thread(target=ask) for _ in range(everybody.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 * 40
    assert {answer for _, answer in found} == {"2016-05-24 10:00:00+00", "UTC"}


def test_a_database_that_ends_its_sessions_is_waited_for_behind_the_pooler_too(segments: Database) -> None:
    """The pooler may answer twice to one statement: what the server's session said last, and that it is gone. Roles
    wait for a database that is lost (`OperationalError`), and end where an error is anything else."""
    for _ in range(40):
        with suppress(psycopg.OperationalError), segments.transaction() as tx:
            assert tx.execute("select 1").fetchone() == (1,)
        with psycopg.connect(segments.direct, autocommit=True) as direct:
            direct.execute(END_ALL_OTHERS)
    until(lambda: answers(segments))


def answers(database: Database) -> bool:
    with suppress(psycopg.OperationalError), database.transaction() as tx:
        return tx.execute("select 1").fetchone() == (1,)
    return False


END_ALL_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""


def test_what_needs_a_session_goes_past_the_pooler(segments: Database, pooler: PgBouncer) -> None:
    with closing(DedicatedConnection(segments, "relay", settings="-c enable_seqscan=off")) as session:
        session.connection().execute("select pg_advisory_lock(1)")
        with segments.transaction() as tx:
            assert tx.execute("select pg_try_advisory_xact_lock(1)").fetchone() == (False,)
        pooler.kill()
        assert session.connection().execute("show enable_seqscan").fetchone() == ("off",)
        assert migrate(segments.direct, [SHARED_MIGRATIONS], NOW) == []
        assert [database_check(place)() is None for place in segments.places] == [False, True]


def test_another_process_is_told_of_both_ways(segments: Database) -> None:
    service = SEGMENTS.build(SEGMENTS.read_config({}), segments, VirtualClock(NOW))
    told = settings_of(Group({"segments": service}))
    assert told["GUESTLOOP_SEGMENTS_DATABASE"] == segments.dsn
    assert DIRECT["segments"].read(told) == segments.direct != segments.dsn
