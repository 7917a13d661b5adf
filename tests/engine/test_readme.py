"""Every command of the README runs."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from guestloop.generated.export import write_export
from tests.command_line import guestloop

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
COMMANDS = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a newcomer stands: a folder with an export in it."""
    write_export(tmp_path / "reservations.csv", rows=150)
    (tmp_path / "gone.csv").write_text("email\nnobody@example.com\n", encoding="utf-8")
    (tmp_path / "reviews.csv").write_text("date,rating,text\n2026-03-01,4/5,Good\n", encoding="utf-8")
    (tmp_path / "ecb.csv").write_text("Date,USD,CNY\n2016-03-01,1.08,7.1\n", encoding="utf-8")
    return tmp_path


def run(command: str, folder: Path) -> str:
    program, *arguments = shlex.split(command)
    assert program == "guestloop"
    done = guestloop(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_names_these_commands() -> None:
    assert {command.split()[0] + " " + command.split()[1] for command in COMMANDS} == {
        "make run",
        "make test",
        "guestloop up",
        "guestloop import",
        "guestloop opt-outs",
        "guestloop reviews",
        "guestloop status",
        "guestloop check",
        "guestloop export",
        "guestloop retention",
        "guestloop rates",
        "guestloop figures",
        "guestloop report",
        "guestloop rehearse",
        "guestloop senders",
        "guestloop republish",
        "guestloop migrate",
        "guestloop simulate",
    }


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make")])
def test_make_knows_what_the_readme_names(command: str) -> None:
    done = subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "guestloop up --demo" in done.stdout or "pytest" in done.stdout


@pytest.mark.parametrize("to", ["2016-01-31", pytest.param("2016-12-31", marks=pytest.mark.proof)])
def test_the_simulation_of_the_readme_writes_a_ledger_and_guests(folder: Path, to: str) -> None:
    """The year of the README is left to `make proof`."""
    (command,) = [command for command in COMMANDS if command.startswith("guestloop simulate")]
    assert "--to 2016-12-31" in command
    said = run(command.replace("2016-12-31", to), folder)
    lines = [json.loads(line) for line in (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines and all(line["local"][:4] == "2016" for line in lines)
    assert f"{len((folder / 'guests.jsonl').read_text().splitlines()):,} guests" in said


def test_the_commands_of_an_installation_work_one_after_another(folder: Path) -> None:
    """`guestloop up`, which runs until Ctrl-C, has tests of its own."""
    (bring, *others) = [
        command
        for command in COMMANDS
        if command.startswith("guestloop ") and command.split()[1] not in ("up", "simulate")
    ]
    assert "150 new stays" in run(bring, folder)
    for command in others:
        assert run(command, folder)
    assert "nothing changed" in run(bring, folder)
