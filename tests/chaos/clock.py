"""The clock of a fleet: the machine's, moved to an hour at which hotels may write. All its processes share one file."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

TUESDAY = datetime(2026, 5, 5, 9, 30, tzinfo=UTC)  # 10:30 in Lisbon, and no holiday near


class MovedClock:
    """`file` holds by how many seconds the machine's clock is moved; whoever made it may move it on."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._moved = mmap.mmap(opened.fileno(), 8)

    @classmethod
    def starting_at(cls, instant: datetime, file: Path) -> MovedClock:
        file.write_bytes(struct.pack("d", (instant - datetime.now(UTC)).total_seconds()))
        return cls(file)

    def now(self) -> datetime:
        (seconds,) = struct.unpack("d", self._moved[:8])
        return datetime.now(UTC) + timedelta(seconds=seconds)

    def move_on(self, by: timedelta) -> None:
        (seconds,) = struct.unpack("d", self._moved[:8])
        self._moved[:8] = struct.pack("d", seconds + by.total_seconds())
