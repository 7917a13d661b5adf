"""Where tests keep their files: in memory where there is room, since they make and remove very many of them."""

from __future__ import annotations

import os
from pathlib import Path

PLACE = Path("/dev/shm")
ROOM = 4 * 2**30  # a whole run needs a third of it


def memory_disk() -> Path | None:
    """A folder in memory that can hold the files of a test run, programs among them; None where there is none."""
    try:
        seen = os.statvfs(PLACE)
    except OSError:
        return None
    roomy = min(seen.f_bavail * seen.f_frsize, _free_memory()) >= ROOM
    runs_programs = not seen.f_flag & os.ST_NOEXEC
    return PLACE if roomy and runs_programs and os.access(PLACE, os.W_OK | os.X_OK) else None


def _free_memory() -> int:
    """Bytes that may be used without swapping."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return 0
