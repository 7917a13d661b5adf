"""One process at a time: a lock that the kernel lets go when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from shared.errors import GuestloopError


class InUse(GuestloopError):
    """Another process is at work here."""


class LockFile:
    """A file that holds the number of the process that has taken it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: int | None = None

    def take(self, otherwise: str, *, within: float = 1.0) -> None:
        """Take the lock, or raise `InUse` with the sentence `otherwise` and the holder's number.

        A holder that was killed a moment ago may still be dying: it is given `within` seconds.
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + within
        while not _locked(descriptor):
            if time.monotonic() > deadline:
                holder = os.read(descriptor, 32).decode().strip() or "unknown"
                os.close(descriptor)
                raise InUse(f"{otherwise} by process {holder}.")
            time.sleep(0.02)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._held = descriptor

    def release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
