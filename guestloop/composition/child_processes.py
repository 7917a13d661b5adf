"""The processes beside a supervisor. Each ends when its standard input does, so that none outlives its supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

KEEP_GOING = "--keep-going"
"""Told to an engine that nobody waits for: an error of one of its roles ends no other."""


@dataclass
class Child:
    """`python -m <module> <arguments>` with this environment; started again where it died."""

    name: str
    module: str
    environment: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    _started: list[float] = field(default_factory=list, init=False)  # seconds of the monotonic clock
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        everything = {**self.environment, **same_modules()}
        command = [sys.executable, "-m", self.module, *self.arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env=everything)
        self._started.append(time.monotonic())

    @property
    def starts_of_this_hour(self) -> int:
        self._started = [at for at in self._started if at > time.monotonic() - 3600]
        return len(self._started)

    @property
    def died(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def stop(self, within: float | None = None) -> None:
        """Close its input, so that it finishes what it is doing; by force once `within` seconds have passed."""
        if self._process is None:
            return
        try:
            self._process.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def same_modules() -> dict[str, str]:
    """The variable that lets a child find what this process found, wherever it was started."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def when_abandoned(act: Callable[[], None]) -> None:
    """Run `act` in a thread once standard input ends: the supervisor has ended or closes it."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):  # unbuffered: a buffer's lock held by a daemon thread aborts the exit
            pass
        act()

    threading.Thread(target=watch, daemon=True).start()


def leave_interrupts_to_supervisor() -> None:
    """Ctrl-C reaches every process of a terminal; the supervisor alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
