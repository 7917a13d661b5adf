"""A replica as operators reach it: by TLS, behind a pooler of its own, several of them by one address."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guestloop.operations.doctor import replica_of
from services.segments.service import SERVICE
from shared.crypto.sealing import KeyRing
from shared.database import replica as replicas
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.database.replica import Because, Figures
from shared.embedded.server import EmbeddedPostgres
from tests.databases import MIGRATED_AT
from tests.engine.replicated import NAME
from tests.loopback import until
from tests.messaging.certificates import make_certificate
from tests.pooler import SERVER, WHY_NOT, PgBouncer
from tests.standby import Standby

NAMES = ("one", "other")


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("primary") / "postgres", durable=False, archived=True) as server:
        server.create_databases([NAME])
        migrate(server.dsn(NAME), [SHARED_MIGRATIONS, SERVICE.migrations], MIGRATED_AT)
        with psycopg.connect(server.dsn(NAME)) as connection:
            connection.execute("create table seen (n int)")
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def standbys(primary: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Standby]]:
    made = [Standby(tmp_path_factory.mktemp(name) / "postgres", primary, {"cluster_name": name}) for name in NAMES]
    with made[0], made[1]:
        yield made


@pytest.fixture(autouse=True)
def _tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicas, "TRIED_AGAIN_AFTER", 0.05)


@contextmanager
def process(
    primary: EmbeddedPostgres, keyring: KeyRing, replica: str, *, dsn: str = "", most_behind: float = 3600
) -> Iterator[Database]:
    """What one process has of the database; `dsn`: of the pooler before the primary."""
    direct = primary.dsn(NAME)
    made = Database(
        dsn or direct,
        service="segments",
        keyring=keyring,
        direct=direct if dsn else "",
        replica=replica,
        most_behind=timedelta(seconds=most_behind),
    )
    with closing(made):
        yield made


def at(database: Database) -> str:
    """The name of the server where what is read now is read; nothing for the primary."""
    with database.reading() as tx:
        ((where,),) = tx.execute("select current_setting('cluster_name')").fetchall()
    return str(where)


def is_there(database: Database) -> bool:
    """Whether what is read now is read at a standby."""
    with database.reading() as tx:
        return tx.execute("select pg_is_in_recovery()").fetchone() == (True,)


def figures(of: Database) -> Figures:
    assert of.replica is not None
    return of.replica.figures


@contextmanager
def poolers(
    primary: EmbeddedPostgres, standby: Standby, certificate: tuple[Path, Path], folder: Path
) -> Iterator[tuple[PgBouncer, PgBouncer]]:
    """One before each, in transaction mode, with two sessions of the server; the standby's is on another machine, so to
    say, and takes nobody without TLS."""
    if SERVER is None:
        pytest.skip(WHY_NOT)
    made = list[PgBouncer]()
    try:
        for name, dsn, tls in (("primary", primary.dsn(NAME), None), ("standby", standby.dsn(NAME), certificate)):
            (folder / name).mkdir()
            made.append(PgBouncer(folder / name, [dsn], tls=tls))
            made[-1].start()
        yield made[0], made[1]
    finally:
        for each in made:
            each.kill()


def test_behind_a_pooler_and_by_tls_it_is_read_and_measured_and_done_without_when_one_of_them_is_gone(
    primary: EmbeddedPostgres, standbys: list[Standby], certificate: tuple[Path, Path], keyring: KeyRing, tmp_path: Path
) -> None:
    standby, _ = standbys
    with poolers(primary, standby, certificate, tmp_path) as (before, behind):
        dsn, by_tls = before.dsn(primary.dsn(NAME)), verified(behind, primary, certificate[0])
        with process(primary, keyring, by_tls, dsn=dsn, most_behind=0.5) as database:
            until(lambda: is_there(database))
            went = behind.transactions()
            until(lambda: is_there(database) and behind.transactions() > went)
            assert replica_of("segments", database).problem is None
            standby.pause()
            writes(primary)
            until(lambda: not is_there(database))
            assert figures(database).because is Because.BEHIND and (figures(database).behind or 0) > 0.5
            standby.resume()
            standby.catches_up()
            until(lambda: is_there(database))
            for server in (standby, behind):
                server.kill()
                assert not is_there(database) and figures(database).because is Because.AWAY
                server.start()
                until(lambda: is_there(database))


def test_one_that_shows_another_certificate_is_not_read(
    primary: EmbeddedPostgres, standbys: list[Standby], certificate: tuple[Path, Path], keyring: KeyRing, tmp_path: Path
) -> None:
    strange, _ = make_certificate(tmp_path)
    with poolers(primary, standbys[0], certificate, tmp_path) as (before, behind):
        right = verified(behind, primary, certificate[0])
        for told in ({"sslrootcert": str(strange)}, {"host": "localhost"}, {"sslmode": "disable"}):
            wrong = make_conninfo(right, **told)
            with process(primary, keyring, wrong, dsn=before.dsn(primary.dsn(NAME))) as database:
                assert not is_there(database), told
                assert figures(database).because is Because.AWAY, told


def test_one_that_takes_the_question_and_never_answers_is_not_waited_for(
    primary: EmbeddedPostgres, standbys: list[Standby], keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped, on a machine that acknowledges what comes for it."""
    with process(primary, keyring, standbys[0].dsn(NAME)) as database:
        until(lambda: is_there(database))
        with database.reading() as tx:
            ((its,),) = tx.execute("select pg_backend_pid()").fetchall()
        monkeypatch.setattr(replicas, "ANSWERS_WITHIN", 0.2)
        os.kill(its, signal.SIGSTOP)
        try:
            assert not is_there(database)
            assert figures(database).because is Because.AWAY
        finally:
            os.kill(its, signal.SIGCONT)
        monkeypatch.undo()
        until(lambda: is_there(database))


def test_of_several_by_one_address_one_that_is_there_is_read(
    primary: EmbeddedPostgres, standbys: list[Standby], keyring: KeyRing
) -> None:
    """In their order, as libpq tries them; `load_balance_hosts` changes that."""
    one, other = standbys
    with process(primary, keyring, together(one, other)) as database:
        until(lambda: at(database) == NAMES[0])
        one.kill()
        until(lambda: at(database) == NAMES[1])
        one.start()
        assert at(database) == NAMES[1]


def test_of_several_by_one_address_that_which_was_promoted_is_passed_over(
    primary: EmbeddedPostgres, standbys: list[Standby], keyring: KeyRing
) -> None:
    several = together(primary, standbys[1])
    with process(primary, keyring, several) as database:
        assert not is_there(database)
        assert figures(database).because is Because.NO_STANDBY
    with process(primary, keyring, make_conninfo(several, target_session_attrs="standby")) as database:
        until(lambda: at(database) == NAMES[1])


def verified(pooler: PgBouncer, primary: EmbeddedPostgres, authority: Path) -> str:
    return make_conninfo(pooler.dsn(primary.dsn(NAME)), sslmode="verify-full", sslrootcert=str(authority))


def together(*servers: EmbeddedPostgres) -> str:
    sockets = [str(conninfo_to_dict(one.dsn(NAME))["host"]) for one in servers]
    return make_conninfo(servers[0].dsn(NAME), host=",".join(sockets))


def writes(primary: EmbeddedPostgres) -> None:
    with psycopg.connect(primary.dsn(NAME), autocommit=True) as connection:
        connection.execute("insert into seen values (1)")
