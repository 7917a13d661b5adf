"""`guestloop up`: one command, one address; whatever happened before, it works or says one clear sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

import psutil
import pytest

from shared.personal_data.installation import HOME
from tests.command_line import guestloop
from tests.loopback import free_port

STARTED_WITHIN = 300.0  # seconds; a busy machine is no failure


class Run:
    """`guestloop up` as somebody at a terminal started it."""

    def __init__(self, home: Path, port: int, *arguments: str) -> None:
        self.port = port
        self._environment = {**os.environ, "GUESTLOOP_HOME": str(home), "GUESTLOOP_PORT": str(port)}
        self._command = [str(Path(sys.executable).parent / "guestloop"), "up", *arguments]
        self.start()

    def start(self) -> None:
        """Also again, after it has ended."""
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_until_up(self) -> str:
        """What it printed by then."""
        said, deadline = "", time.monotonic() + STARTED_WITHIN
        assert self.process.stdout is not None
        while "Ctrl-C ends it" not in said:
            line = self.process.stdout.readline()
            assert line and time.monotonic() < deadline, self.process.stderr and self.process.stderr.read()
            said += line
        return said

    def health(self) -> dict[str, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
            assert answer.status == 200
            states: dict[str, str] = json.load(answer)
            return states

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def engines(self) -> list[int]:
        """The numbers of the living engine processes."""
        return [one.pid for one in self.family() if "guestloop.supervisor.engine" in command_of(one)]

    def end(self, number: int = signal.SIGINT) -> str:
        """Its last words on standard error."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=STARTED_WITHIN)[1]


def command_of(process: psutil.Process) -> str:
    """Nothing of one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def up(home: Path, port: int, *arguments: str) -> Iterator[Run]:
    run = Run(home, port, *arguments)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.communicate(timeout=STARTED_WITHIN)


def gone(processes: list[psutil.Process], within: float = STARTED_WITHIN) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=within)
    return not alive


def undeclared(home: Path) -> list[str]:
    """Files of a home that no declaration of personal data speaks of."""
    paths = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
    return [path for path in paths if not any(fnmatch(path, store.name) for store in HOME)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house") / "home"


@pytest.fixture(scope="module")
def run(home: Path) -> Iterator[Run]:
    """One that the first tests share: one kills it and starts it again, the last of them ends it."""
    with up(home, free_port()) as run:
        yield run


def test_it_serves_all_services(run: Run, home: Path) -> None:
    said = run.wait_until_up()
    assert "with the password" in said
    assert set(run.health().values()) == {"ready"}
    assert len(run.family()) >= 4
    assert undeclared(home) == []


def test_after_a_kill_it_starts_again_with_the_same_data_and_no_second_password(run: Run) -> None:
    family = run.family()
    run.end(signal.SIGKILL)
    assert gone(family)
    run.start()
    assert "with the password" not in run.wait_until_up()


def test_a_home_in_use_and_a_taken_port_are_one_sentence_each(run: Run, home: Path) -> None:
    with up(home, run.port) as other:
        assert f"port {run.port} is taken" in other.process.communicate(timeout=STARTED_WITHIN)[1]
    with up(home, free_port()) as other:
        assert "is in use" in other.process.communicate(timeout=STARTED_WITHIN)[1]


def test_a_part_that_dies_is_started_again_and_ctrl_c_ends_every_process(run: Run) -> None:
    (engine,) = run.engines()
    os.kill(engine, signal.SIGKILL)
    deadline = time.monotonic() + STARTED_WITHIN
    while not set(run.engines()) - {engine}:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    family = run.family()
    assert "the engine process died and is started again" in run.end()
    assert run.process.returncode == 0
    assert gone(family)


@pytest.mark.parametrize("text", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    done = guestloop(tmp_path, "up", GUESTLOOP_PORT=text)
    assert done.returncode == 1
    assert "GUESTLOOP_PORT must be a number" in done.stderr
