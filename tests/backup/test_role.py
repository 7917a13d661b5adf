"""The role by the clock, and a restore to an instant of what it received."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from guestloop.backup.folder import FULL, INCREMENTAL, BackupFolder
from guestloop.backup.keeping import Keeping
from guestloop.backup.restore import chosen, restore
from guestloop.backup.role import BackupRole
from guestloop.backup.told import BackupFigures, age_of, problem_of
from guestloop.backup.wal import SLOT
from shared.embedded.server import EmbeddedPostgres
from shared.errors import DatabaseUnavailable, InputError, NotFound
from tests.backup.conftest import KEYS, Backups
from tests.loopback import until


def role_of(backups: Backups, folder: BackupFolder | None = None) -> BackupRole:
    return BackupRole(backups.house, folder or backups.folder, KEYS, backups.clock, Keeping(), hour=2)


@pytest.fixture
def role(backups: Backups) -> Iterator[BackupRole]:
    with closing(role_of(backups)) as made:
        yield made


def test_a_backup_is_taken_at_once_then_once_a_day_and_everything_once_a_week(
    backups: Backups, role: BackupRole
) -> None:
    kinds, began = [], backups.clock.now()
    for day in (0, 1, 2, 7):
        backups.clock.advance_to(began + timedelta(days=day))
        role.step(backups.clock.now())
        kinds = [one.kind for one in backups.folder.notes()]
        role.step(backups.clock.now())  # the same day
        assert [one.kind for one in backups.folder.notes()] == kinds
        backups.stay()
    assert kinds == [FULL, INCREMENTAL, INCREMENTAL, FULL]
    assert all(one.verified for one in backups.folder.notes())


def test_what_fails_is_tried_again_an_hour_later(backups: Backups, role: BackupRole) -> None:
    started = backups.clock.now()
    role.step(started)
    (note,) = backups.folder.notes()
    backups.clock.advance_to(started + timedelta(days=1))
    (backups.folder.path / note.name / "manifest").write_bytes(b"damaged")  # what changed since cannot be asked for
    assert role.step(backups.clock.now()) == 0
    assert len(backups.folder.notes()) == 1
    shutil.rmtree(backups.folder.path / note.name)
    role.step(backups.clock.now() + timedelta(minutes=59))
    assert backups.folder.notes() == []
    role.step(backups.clock.now() + timedelta(minutes=61))
    assert len(backups.folder.notes()) == 1


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), TypeError("nobody foresaw it")])
def test_whatever_fails_ends_neither_the_role_nor_the_receiving_of_the_log(
    backups: Backups, role: BackupRole, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("guestloop.backup.role.verify", fails)
        assert role.step(backups.clock.now()) == 0 and role.is_receiving
        assert role.step(backups.clock.now() + timedelta(minutes=59)) == 0
        assert len(backups.folder.notes()) == 1  # begun once, not at every step
    backups.clock.advance_to(backups.clock.now() + timedelta(minutes=61))
    role.step(backups.clock.now())
    assert backups.folder.newest_verified()


def test_a_second_role_waits_and_says_why(backups: Backups, role: BackupRole) -> None:
    role.step(backups.clock.now())
    with closing(role_of(backups, BackupFolder(backups.folder.path))) as second:
        assert second.step(backups.clock.now()) == 0
        assert "being received into" in str(second.not_ready_reason())
    assert len(backups.folder.notes()) == 1


def test_a_database_that_is_away_is_waited_for(backups: Backups, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "elsewhere", archived=True) as server:
        server.create_databases(["guestloop_segments"])
        with closing(role_of(replace(backups, server=server))) as role:
            assert role.step(backups.clock.now())
            server.stop()

            def is_noticed() -> bool:
                try:
                    role.step(backups.clock.now())
                except DatabaseUnavailable as error:
                    return "cannot be reached" in str(error)
                return False

            until(is_noticed)


def test_a_log_that_the_server_gave_up_begins_anew_with_a_backup_at_once(backups: Backups) -> None:
    with closing(role_of(backups)) as role:
        role.step(backups.clock.now())
    backups.asks("postgres", "select pg_drop_replication_slot(%s)", SLOT)
    backups.clock.advance_to(backups.clock.now() + timedelta(seconds=2))
    backups.stay(10)
    with closing(role_of(backups)) as role:
        role.step(backups.clock.now())
    first, second = backups.folder.notes()
    assert first.kind == FULL and second.verified


def test_an_instant_is_restored_and_a_server_starts_from_it(backups: Backups, role: BackupRole, tmp_path: Path) -> None:
    role.step(backups.clock.now())
    backups.stay(5)
    ((between,),) = backups.asks("postgres", "select clock_timestamp()")
    backups.stay(3)
    ((later,),) = backups.asks("postgres", "select clock_timestamp()")
    backups.stay(1)
    until(lambda: b"guest 1" in b"".join(one.read_bytes() for one in backups.folder.incoming.iterdir()))
    until(lambda: arrived(backups))

    for instant, guests in ((between, 1005), (later, 1008), (None, 1009)):
        to = tmp_path / "new" / "data"
        to.parent.mkdir()
        done = restore(backups.recovering, chosen(backups.folder, instant), to, instant)
        assert done.counts["guestloop_segments"]["guest"] == guests
        shutil.copy(backups.server.folder / "passwords.json", to.parent)
        with EmbeddedPostgres(to.parent) as server, psycopg.connect(server.admin_dsn("guestloop_segments")) as found:
            assert found.execute("select count(*), pg_is_in_recovery() from guest").fetchone() == (guests, False)
        shutil.rmtree(to.parent)


def arrived(backups: Backups) -> bool:
    query = "select flush_lsn >= pg_current_wal_lsn() from pg_stat_replication"
    return backups.asks("postgres", query) == [(True,)]


def test_an_instant_past_the_log_or_before_every_backup_is_refused_in_words(
    backups: Backups, role: BackupRole, tmp_path: Path
) -> None:
    role.step(backups.clock.now())
    note, to = backups.folder.notes()[0], tmp_path / "restored"
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(InputError, match="the log that is kept here ends before"):
        restore(backups.recovering, note, to, tomorrow)
    with pytest.raises(NotFound, match="no verified backup from before"):
        chosen(backups.folder, note.at - timedelta(seconds=1))
    with pytest.raises(InputError, match="after that instant: take an older one"):
        chosen(backups.folder, note.at - timedelta(seconds=1), note.name)
    assert list(tmp_path.glob("restored*")) == []


def test_what_is_there_is_not_written_over(backups: Backups, tmp_path: Path) -> None:
    note = backups.takes()
    (tmp_path / "kept").touch()
    with pytest.raises(InputError, match="is not empty"):
        restore(backups.recovering, note, tmp_path, None)


def test_the_alerts_ask_for_figures_that_the_role_tells(backups: Backups) -> None:
    rules = (Path(__file__).parents[2] / "deploy" / "prometheus" / "neighbours.yaml").read_text("utf-8")
    told = {one.name for one in BackupFigures(backups.folder, lambda: True).collect()}
    assert set(re.findall(r"\bguestloop_backup\w+", rules)) == told - {"guestloop_backup_bytes"}


def test_the_age_is_told(backups: Backups) -> None:
    now = datetime.now(UTC)
    figures = BackupFigures(backups.folder, lambda: False)
    assert [sample.value for one in figures.collect() for sample in one.samples] == [0, 0]
    assert "there is no verified backup" in str(problem_of(backups.folder, now))
    note = backups.takes()
    values = {sample.name: sample.value for one in figures.collect() for sample in one.samples}
    assert values["guestloop_backup_completed_timestamp_seconds"] == note.at.timestamp()
    assert values["guestloop_backup_bytes"] == note.bytes
    assert problem_of(backups.folder, note.at + timedelta(hours=25)) is None
    late = note.at + timedelta(hours=27)
    assert "27.0 hours old" in age_of(backups.folder, late)
    assert "run guestloop backup take" in str(problem_of(backups.folder, late))
