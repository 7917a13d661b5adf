"""What a restore made comes in the place of the server's own folder, which is set aside and not lost."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.roles import DEPLOY


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name, version, word in (("data", "18", "old"), ("restored", "18", "new")):
        (tmp_path / name / "base").mkdir(parents=True)
        (tmp_path / name / "PG_VERSION").write_text(f"{version}\n")
        (tmp_path / name / "base" / "1").write_text(word)
    return tmp_path


def put_back(place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    told = {"NEW": str(place / "restored"), "PGDATA": str(place / "data"), "OWNER": f"{os.getuid()}:{os.getgid()}"}
    script = str(DEPLOY / "postgres" / "put-back")
    return subprocess.run(["sh", script], env={**os.environ, **told, **more}, capture_output=True, text=True)


def test_the_restored_server_is_there_and_what_was_there_is_set_aside(place: Path) -> None:
    done = put_back(place)
    assert done.returncode == 0, done.stderr
    assert (place / "data" / "base" / "1").read_text() == "new" and (place / "data").stat().st_mode & 0o777 == 0o700
    (aside,) = place.glob("data.before-*")
    assert (aside / "base" / "1").read_text() == "old" and str(aside) in done.stderr
    assert not (place / "restored").exists() and not (place / "data.new").exists()


def test_where_the_disc_was_lost_there_is_nothing_to_set_aside(place: Path) -> None:
    (place / "data").rename(place / "elsewhere")
    assert put_back(place).returncode == 0
    assert (place / "data" / "base" / "1").read_text() == "new"


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("data/postmaster.pid", "1", "stop postgres first"),
        ("restored/PG_VERSION", "17\n", "is of PostgreSQL 17"),
        ("restored/PG_VERSION", None, "there is no restored server"),
    ],
)
def test_what_must_not_be_is_refused_and_nothing_is_moved(place: Path, file: str, text: str | None, says: str) -> None:
    (place / file).write_text(text) if text else (place / file).unlink()
    done = put_back(place)
    assert done.returncode == 1 and says in done.stderr
    assert (place / "data" / "base" / "1").read_text() == "old" and (place / "restored").exists()


def test_a_server_that_crashed_is_replaced_where_somebody_says_so(place: Path) -> None:
    (place / "data" / "postmaster.pid").write_text("1")
    assert put_back(place, ANYWAY="1").returncode == 0
