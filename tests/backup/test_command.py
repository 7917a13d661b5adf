"""`guestloop backup` as an operator gives it, on a home: each command of the documents, what it says and ends with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guestloop.backup.folder import BackupFolder
from guestloop.generated.export import write_export
from guestloop.operations.connect import connect
from services.console.store.backups import newest_backup
from shared.clock import SystemClock
from tests.command_line import Done, guestloop
from tests.loopback import until

ROWS = 60


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    write_export(folder / "reservations.csv", rows=ROWS)
    assert given(folder, "import", "reservations.csv").returncode == 0
    return folder


def given(folder: Path, *arguments: str, **settings: str) -> Done:
    return guestloop(folder, *arguments, **{"GUESTLOOP_BACKUPS": str(folder / "backups"), **settings})


def figures(folder: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(given(folder, "status", "--json").stdout)
    return found


def test_taken_listed_verified_restored_and_held_to_the_list_of_erasures(imported: Path) -> None:
    nothing = given(imported, "backup", "list")
    assert nothing.returncode == 1 and "there is no verified backup" in nothing.stdout
    assert "WRONG  backups: there is no verified backup" in given(imported, "check").stdout

    taken = given(imported, "backup", "take")
    assert taken.returncode == 0, taken.stderr
    assert "counting rows" in taken.stderr and "verified" in taken.stdout
    listed = given(imported, "backup", "list")
    assert listed.returncode == 0 and "the newest verified backup is 0.0 hours old" in listed.stdout
    (note,) = (json.loads(line) for line in given(imported, "backup", "list", "--json").stdout.splitlines())
    assert note["counts"]["guestloop_segments"]["stay"] == ROWS
    assert "ok     backups" in given(imported, "check").stdout
    assert figures(imported)["backups"] == {"backups": 1, "verified": 1, "hours since the newest verified one": 0}
    assert given(imported, "backup", "verify").returncode == 0
    home = {**os.environ, "GUESTLOOP_HOME": str(imported / "home")}
    with connect(home, SystemClock()) as one, one.group.database("console").transaction() as tx:
        newest = newest_backup(tx)
    assert newest and newest.at.isoformat() == note["at"]

    before = figures(imported)["segments"]
    assert given(imported, "erase", a_reservation(imported), "--yes").returncode == 0
    after = figures(imported)["segments"]
    assert after["guests"] == before["guests"] - 1

    restored = given(imported, "backup", "restore", "--to", "restored")
    assert restored.returncode == 0, restored.stderr
    assert "rows in guestloop_segments" in restored.stdout and "guestloop restored" in restored.stdout
    data = imported / "home" / "postgres" / "data"
    data.rename(imported / "aside")
    shutil.move(imported / "restored", data)
    assert figures(imported)["segments"]["guests"] == before["guests"], "the backup is from before the erasure"
    held = given(imported, "restored")
    assert held.returncode == 0 and "1 erasures are on the list: 1 guests were back" in held.stdout
    assert figures(imported)["segments"]["guests"] == after["guests"]


def a_reservation(folder: Path) -> str:
    environment = {**os.environ, "GUESTLOOP_HOME": str(folder / "home")}
    with connect(environment, SystemClock()) as one, one.group.database("segments").transaction() as tx:
        row = tx.execute("select reservation from stay order by reservation limit 1").fetchone()
    assert row is not None
    return str(row[0])


def test_a_command_that_is_killed_leaves_no_backup(imported: Path) -> None:
    place = imported / "killed"
    told = {"GUESTLOOP_HOME": str(imported / "home"), "GUESTLOOP_BACKUPS": str(place)}
    program = str(Path(sys.executable).parent / "guestloop")
    with subprocess.Popen([program, "backup", "take"], env={**os.environ, **told}, stderr=subprocess.PIPE) as process:
        until(lambda: bool(list(place.glob("*.part/base"))) or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
    assert BackupFolder(place).notes() == [] and list(place.glob("*.part"))
    done = given(imported, "backup", "take", GUESTLOOP_BACKUPS=str(place))
    assert done.returncode == 0, done.stderr
    assert len(BackupFolder(place).notes()) == 1 and not list(place.glob("*.part"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["verify", "20200101T000000Z"], "there is no backup"),
        (["restore", "--until", "2001-01-01T00:00"], "there is no verified backup from before 2001-01-01 00:00:00"),
        (["restore", "20200101T000000Z"], "there is no backup «20200101T000000Z»"),
    ],
)
def test_what_is_not_there_is_one_sentence(imported: Path, arguments: list[str], says: str) -> None:
    done = given(imported, "backup", *arguments)
    assert done.returncode == 1 and says in done.stderr and "Traceback" not in done.stderr


def test_without_a_folder_or_a_server_one_sentence_says_what_to_set(tmp_path: Path) -> None:
    assert "GUESTLOOP_BACKUPS is not set" in guestloop(tmp_path, "backup").stderr
    done = given(tmp_path, "backup", "take")
    assert done.returncode == 1 and "GUESTLOOP_BACKUP" in done.stderr
    wrong = given(tmp_path, "backup", "restore", "--until", "yesterday")
    assert wrong.returncode == 2 and "yesterday" in wrong.stderr
    away = "postgresql://guestloop_backup:a-password@127.0.0.1:1/postgres"
    key = "backup.1=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    done = given(tmp_path, "backup", "take", GUESTLOOP_BACKUP_DATABASE=away, GUESTLOOP_BACKUP_KEYS=key)
    assert done.returncode == 1 and "the server 127.0.0.1 cannot be reached" in done.stderr
    assert "a-password" not in done.stderr
