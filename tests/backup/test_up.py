"""`guestloop up` backs its home up where a folder is named: a thread of the engine, no process more of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guestloop.backup.folder import BackupFolder
from guestloop.backup.here import running_house
from guestloop.backup.wal import SLOT_OF_A_COMMAND
from shared.errors import DatabaseUnavailable
from tests.command_line import guestloop
from tests.engine.test_up import Run, command_of, gone, undeclared, up
from tests.loopback import free_port, until


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("GUESTLOOP_BACKUPS", str(tmp_path / "backups"))
    with up(tmp_path / "home", free_port()) as run:
        run.wait_until_up()
        yield run


def test_a_home_that_runs_is_backed_up_by_a_thread_and_a_command_takes_another_beside_it(
    run: Run, tmp_path: Path
) -> None:
    folder = BackupFolder(tmp_path / "backups")
    until(lambda: folder.newest_verified() is not None)
    commands = {command_of(one) for one in run.family()}
    modules = {found[0] for one in commands if (found := re.findall(r"-m (\S+)", one))}
    assert modules == {"guestloop.supervisor.engine", "guestloop.supervisor.web"}
    assert any("pg_receivewal" in one for one in commands) and not any("password=" in one for one in commands)

    done = guestloop(tmp_path, "backup", "take", GUESTLOOP_BACKUPS=str(folder.path))
    assert done.returncode == 0, done.stderr
    first, second = folder.notes()
    assert second.parent == first.name and second.verified
    slots = asked({"GUESTLOOP_HOME": str(tmp_path / "home")})
    assert SLOT_OF_A_COMMAND not in slots and len(slots) == 1
    assert undeclared(tmp_path / "home") == []

    family = run.family()
    said = run.end()
    assert run.process.returncode == 0, said
    assert gone(family) and "role failed" not in said
    assert json.loads((folder.path / second.name / "note.json").read_text())["problem"] == ""


def asked(environment: dict[str, str]) -> list[str]:
    try:
        with running_house(environment).connect() as connection:
            return [row[0] for row in connection.execute("select slot_name from pg_replication_slots")]
    except (DatabaseUnavailable, psycopg.Error) as error:
        raise AssertionError("the home does not run") from error
