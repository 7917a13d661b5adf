"""A backup is taken, sealed, and verified by a restore; half a backup is none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import psycopg
import pytest

from guestloop.backup import take as taking_module
from guestloop.backup.check import NotAsCounted, verify
from guestloop.backup.folder import FULL, INCREMENTAL, BackupFolder, DiscFull
from guestloop.backup.house import CannotBackUp, House
from guestloop.backup.recover import CannotRecover
from guestloop.backup.take import take
from guestloop.backup.wal import Receiver
from shared.crypto.streams import CannotOpenStream, StreamKeys
from shared.embedded.lockfile import InUse
from shared.embedded.server import EmbeddedPostgres
from shared.errors import Conflict, DatabaseUnavailable
from tests.backup.conftest import KEYS, Backups

NAME = b"a guest whom nobody else is called"


def test_a_backup_is_verified_by_a_server_that_holds_what_was_counted(backups: Backups) -> None:
    note = backups.takes()
    assert note.kind == FULL and note.verified and not note.problem
    assert note.counts["guestloop_segments"]["guest"] == 1000 and note.counts["guestloop_messaging"]["guest"] == 0
    assert backups.folder.notes() == [note]
    assert not (backups.folder.path / "check").exists()


def test_the_next_one_holds_what_changed_and_is_verified_together_with_the_first(backups: Backups) -> None:
    with receiving(backups):
        full = backups.takes()
        backups.stay(7)
        second = backups.takes()
    assert (second.kind, second.parent) == (INCREMENTAL, full.name) and second.verified
    assert second.counts["guestloop_segments"]["guest"] == 1007
    assert second.bytes < full.bytes


@contextmanager
def receiving(backups: Backups) -> Iterator[None]:
    """The log is received all the while, as the role does."""
    receiver, stop = Receiver(backups.house, backups.folder, KEYS), threading.Event()
    with backups.folder.receiving():
        receiver.start()
        thread = threading.Thread(target=lambda: [receiver.pump() for _ in iter(lambda: stop.wait(0.05), True)])
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            receiver.stop()


def test_rows_are_counted_at_one_moment_while_others_write(backups: Backups) -> None:
    with writing(backups, 3):
        note = backups.takes()
    assert note.verified and note.counts["guestloop_segments"]["guest"] > 1000


@contextmanager
def writing(backups: Backups, writers: int) -> Iterator[None]:
    """Guests come and go, each in a transaction."""
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(backups.server.admin_dsn("guestloop_segments"), autocommit=True) as connection:
            while not stop.is_set():
                connection.execute("insert into guest (name) select 'x' from generate_series(1, 3)")
                connection.execute("delete from guest where id = (select max(id) from guest)")

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        stop.set()
        for one in threads:
            one.join()


def test_nothing_of_a_guest_can_be_read_in_a_backup(backups: Backups) -> None:
    backups.asks("guestloop_segments", "insert into guest (name) values (%s)", NAME.decode())
    backups.takes()
    files = [path for path in backups.folder.path.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert len(files) > 4 and not [path for path in files if NAME in path.read_bytes()]


def test_a_backup_that_was_altered_is_not_verified_and_says_so(backups: Backups) -> None:
    note = take(backups.taking)
    base = backups.folder.path / note.name / "base"
    content = bytearray(base.read_bytes())
    content[len(content) // 2] ^= 1
    base.write_bytes(content)
    with pytest.raises(CannotOpenStream, match="altered"):
        verify(backups.recovering, note, backups.clock.now())
    (kept,) = backups.folder.notes()
    assert kept.verified is None and "altered" in kept.problem and backups.folder.newest_verified() is None


def test_a_restored_server_that_lacks_rows_is_told_by_table(backups: Backups) -> None:
    note = take(backups.taking)
    counted = {**note.counts, "guestloop_segments": {"guest": 1001}}
    with pytest.raises(NotAsCounted, match=r"guestloop_segments\.guest: 1001 rows were counted, 1000 are there"):
        verify(backups.recovering, replace(note, counts=counted), backups.clock.now())
    assert backups.folder.newest_verified() is None


def test_a_backup_whose_log_does_not_come_to_its_point_is_not_verified(backups: Backups) -> None:
    note = take(backups.taking)
    with pytest.raises(CannotRecover, match="recovery ended before"):
        verify(backups.recovering, replace(note, point="a point that nobody wrote"), backups.clock.now())


def test_another_key_opens_nothing(backups: Backups) -> None:
    note = take(backups.taking)
    keys = StreamKeys.parse(StreamKeys.fresh("backup.7"))
    with pytest.raises(CannotOpenStream, match=r"backup\.1"):
        verify(replace(backups.recovering, keys=keys), note, backups.clock.now())


def test_two_at_once_are_refused_in_words(backups: Backups) -> None:
    other = BackupFolder(backups.folder.path)
    with other.taking(), pytest.raises(InUse, match=r"A backup is being taken or checked in .* by process \d+"):
        take(backups.taking)
    assert take(backups.taking)


def test_a_full_disc_is_told_and_nothing_of_the_backup_stays(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    backups.takes()

    def nowhere(_: Path) -> BinaryIO:
        return Path("/dev/full").open("wb")

    with monkeypatch.context() as patched:
        patched.setattr(taking_module, "write_private_bytes", nowhere)
        with pytest.raises(DiscFull, match="1 older backups stay"):
            take(backups.taking)
    assert len(backups.folder.notes()) == 1 and not list(backups.folder.path.glob("*.part"))


def test_what_a_killed_process_left_is_no_backup_and_goes_with_the_next(backups: Backups) -> None:
    left = backups.folder.open().path / "20200101T020000Z.part"
    left.mkdir()
    (left / "base").write_bytes(b"half of it")
    assert backups.folder.notes() == []
    note = take(backups.taking)
    assert backups.folder.notes() == [note] and not left.exists()


def test_an_interrupted_backup_leaves_nothing(backups: Backups) -> None:
    taking = backups.taking
    taking.stop.set()
    with pytest.raises(Exception, match="interrupted"):
        take(taking)
    assert backups.folder.notes() == [] and not list(backups.folder.path.glob("*.part"))


def test_a_server_that_is_away_is_told_in_words(backups: Backups, tmp_path: Path) -> None:
    away = replace(backups.taking, house=House(f"host={tmp_path} user=postgres"))
    with pytest.raises(DatabaseUnavailable, match=f"the server {tmp_path} cannot be reached: .*No such file"):
        take(away)


def test_a_server_that_keeps_no_log_says_what_to_set(backups: Backups, cluster: EmbeddedPostgres) -> None:
    with pytest.raises(CannotBackUp, match=r"wal_level is minimal.*set wal_level to replica"):
        take(replace(backups.taking, house=House(cluster.admin_dsn())))


def test_a_user_who_may_not_replicate_is_told_so(backups: Backups) -> None:
    with suppress(psycopg.Error):
        backups.asks("postgres", "create role plain login password 'plain'")
    plain = backups.server.admin_dsn().replace("user=postgres", "user=plain").split("password=")[0] + "password=plain"
    with pytest.raises(CannotBackUp, match="alter role plain replication"):
        take(replace(backups.taking, house=House(f"{plain} dbname=postgres")))


def test_a_server_whose_own_database_has_no_encoding_is_backed_up(backups: Backups) -> None:
    without = "template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'"
    backups.asks("postgres", f"create database without_encoding {without}")
    note = take(replace(backups.taking, house=House(backups.server.admin_dsn("without_encoding"))))
    assert verify(backups.recovering, note, backups.clock.now()).verified is not None


def test_a_folder_is_of_one_server(backups: Backups) -> None:
    backups.folder.is_of("7580000000000000000")
    with pytest.raises(Conflict, match="holds the backups of another server"):
        take(backups.taking)


def test_programs_of_another_version_are_refused(backups: Backups) -> None:
    older = House(backups.server.admin_dsn(), backups.house.programs_here(Path.cwd()).folder.with_name("pginstall"))
    with pytest.raises(CannotBackUp, match="is PostgreSQL 18, and the programs here are of 16"):
        take(replace(backups.taking, house=older))


def test_a_server_keeps_nothing_for_a_command_that_has_ended(backups: Backups) -> None:
    backups.takes()
    assert backups.asks("postgres", "select slot_name from pg_replication_slots") == []
