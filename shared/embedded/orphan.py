"""A server that outlived its supervisor is stopped before another starts in its place."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def stop_orphan(data: Path, *, within: float) -> None:
    """Wait for the server whose data folder this is to end; it is asked once more, then ever more firmly.

    A process is taken for that server only where it works inside `data`, so that no other
    process with the same number is ended.
    """
    for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        pid = _running_in(data)
        if pid is None:
            _forget(data)
            return
        os.kill(pid, word)
        _wait(data, pid, within / 3)


def _running_in(data: Path) -> int | None:
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        inside = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return pid if inside == data.resolve() else None


def _forget(data: Path) -> None:
    """Remove the number of a server that is gone: PostgreSQL would take the process that has it now for that server."""
    if Path("/proc/self/cwd").exists():  # else it cannot be known
        (data / "postmaster.pid").unlink(missing_ok=True)


def _wait(data: Path, pid: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and _running_in(data) == pid:
        time.sleep(0.02)
