"""The embedded PostgreSQL: what may have happened before the start, and what others may do to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from shared.embedded.lockfile import InUse
from shared.embedded.server import CannotStart, EmbeddedPostgres
from shared.errors import GuestloopError
from tests.databases import SERVICES
from tests.ground.supervisor import PATIENCE


@contextmanager
def supervisor(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process with a running server of its own, ended at the latest at the end of the block."""
    command = [sys.executable, "-m", "tests.ground.supervisor", *arguments]
    process = subprocess.Popen(command, cwd=SERVICES.parent, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()


def throw_away(folder: Path) -> EmbeddedPostgres:
    """A server that does not wait for the disk."""
    return EmbeddedPostgres(folder, durable=False, start_within=PATIENCE, stop_within=PATIENCE)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split("\n")[0])


def kept(server: EmbeddedPostgres) -> list[tuple[str]]:
    with psycopg.connect(server.admin_dsn()) as connection:
        return connection.execute("select line from kept").fetchall()


@pytest.mark.parametrize(
    "wishes", [["durable"], ["server outlives us"]], ids=["the server dies too", "the server lives on"]
)
def test_after_a_killed_supervisor_the_next_start_works_and_has_what_was_committed(
    tmp_path: Path, wishes: list[str]
) -> None:
    with supervisor(str(tmp_path), *wishes) as process:
        assert first_line(process)
        process.kill()
        with throw_away(tmp_path) as server:
            assert kept(server) == [("written before",)]


def test_a_server_that_outlived_its_supervisor_is_gone_before_the_next_one_starts(tmp_path: Path) -> None:
    with supervisor(str(tmp_path), "server outlives us") as process:
        assert first_line(process)
        process.kill()
        process.wait()
        orphan = server_pid(tmp_path)
        os.kill(orphan, 0)  # still there
        with throw_away(tmp_path) as server:
            assert server.pid == server_pid(tmp_path) != orphan


def test_a_number_in_the_pid_file_that_now_is_another_process_harms_nobody(tmp_path: Path) -> None:
    with throw_away(tmp_path):
        pass
    with subprocess.Popen(["sleep", "60"]) as bystander:
        (tmp_path / "data" / "postmaster.pid").write_text(f"{bystander.pid}\n{tmp_path}\n")
        with throw_away(tmp_path):
            assert bystander.poll() is None
        bystander.kill()


def test_a_second_start_in_the_same_folder_is_refused_with_the_number_of_the_first(tmp_path: Path) -> None:
    with supervisor(str(tmp_path)) as process:
        assert first_line(process)
        with pytest.raises(InUse, match=rf"in use by process {process.pid}\.") as refusal:
            throw_away(tmp_path).start()
        assert len(str(refusal.value).splitlines()) == 1


def test_ctrl_c_ends_supervisor_and_server_in_order(tmp_path: Path) -> None:
    with supervisor(str(tmp_path)) as process:
        assert first_line(process)
        pid = server_pid(tmp_path)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not (tmp_path / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_a_throw_away_home_is_gone_after_it_was_interrupted(word: signal.Signals) -> None:
    with supervisor("throw away") as process:
        home = Path(first_line(process))
        assert home.exists()
        process.send_signal(word)
        process.wait(PATIENCE)
    assert not home.exists()


def test_a_first_start_that_was_interrupted_is_made_good_by_the_next(tmp_path: Path) -> None:
    half = tmp_path / "data.new1"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with throw_away(tmp_path) as server, psycopg.connect(server.admin_dsn()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert not list(tmp_path.glob("data.new*"))


def test_a_first_start_killed_while_it_makes_the_cluster_is_made_good_by_the_next(tmp_path: Path) -> None:
    with supervisor(str(tmp_path)) as process:
        while not list(tmp_path.glob("data*")):  # or it is made already, on a machine that let us sleep
            time.sleep(0.001)
        process.kill()
    with throw_away(tmp_path) as server, psycopg.connect(server.admin_dsn()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_home_with_a_path_too_long_for_a_socket_works_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 15) / ("longer-" * 15)
    with throw_away(folder) as server:
        run = Path((folder / "run").read_text())
        assert list((run / "socket").glob(".s.PGSQL.*"))
        with psycopg.connect(server.admin_dsn()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not run.exists()


def test_it_listens_on_no_port_and_its_folder_is_closed_to_others(cluster: EmbeddedPostgres) -> None:
    with psycopg.connect(cluster.admin_dsn()) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        (folders,) = connection.execute("show unix_socket_directories").fetchone() or ("",)
    for folder in (cluster.folder, Path(folders)):
        assert folder.stat().st_mode & 0o077 == 0
    assert (cluster.folder / "passwords.json").stat().st_mode & 0o077 == 0


def test_each_service_has_its_own_role_that_enters_no_other_database(cluster: EmbeddedPostgres) -> None:
    for _ in range(2):  # the second time changes nothing
        cluster.create_databases(["guestloop_one", "guestloop_two"])
    with psycopg.connect(cluster.dsn("guestloop_one")) as connection:
        connection.execute("create table mine (id int)")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(cluster.dsn("guestloop_one"), dbname="guestloop_two")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.dsn("guestloop_one"), password="guessed")


def test_the_log_keeps_what_guests_told_us_to_itself(cluster: EmbeddedPostgres) -> None:
    with psycopg.connect(cluster.admin_dsn(), autocommit=True) as connection:
        connection.execute("create temp table guest (email text primary key)")
        for _ in range(2):
            try:
                connection.execute("insert into guest values ('ana@example.com')")
            except psycopg.errors.UniqueViolation as error:
                assert "ana@example.com" in str(error)
    log = (cluster.folder / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "ana@example.com" not in log


def test_without_waiting_for_the_disk_only_where_the_home_is_thrown_away(tmp_path: Path) -> None:
    for durable, word in ((True, "on"), (False, "off")):
        with EmbeddedPostgres(tmp_path, durable=durable) as server, psycopg.connect(server.admin_dsn()) as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                assert connection.execute(f"show {setting}").fetchone() == (word,)


def test_text_sorts_and_folds_by_code_point_in_utf8(cluster: EmbeddedPostgres) -> None:
    with psycopg.connect(cluster.admin_dsn()) as connection:
        row = connection.execute("select 'Z' < 'a', lower('ÁÉ'), pg_encoding_to_char(encoding) from pg_database")
        assert row.fetchone() == (True, "áé", "UTF8")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one_sentence(throw_away(tmp_path / "file" / "postgres"), "cannot be made")


def test_a_folder_of_somebody_else_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 4711)
    one_sentence(throw_away(tmp_path), "belongs to somebody else")


def test_a_damaged_data_folder_is_one_sentence_with_the_servers_own_words(tmp_path: Path) -> None:
    with throw_away(tmp_path):
        pass
    (tmp_path / "data" / "PG_VERSION").write_text("9.6\n")
    one_sentence(throw_away(tmp_path), "incompatible with server")


def one_sentence(server: EmbeddedPostgres, part: str) -> None:
    with pytest.raises(CannotStart, match=part) as refusal:
        server.start()
    assert isinstance(refusal.value, GuestloopError)
    assert len(str(refusal.value).splitlines()) == 1
    assert server.pid is None
