"""A mail server that is no bottleneck: Postfix's smtp-sink, which takes everything and counts, near by or far away."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
WHY_NOT = "smtp-sink is missing: deploy/install-mail-servers installs Postfix, of which it is a part"
COUNTED = re.compile(r"mesg=(\d+)")
STARTS_WITHIN = 5.0


@dataclass(frozen=True)
class MailServer:
    port: int
    _counted: Path

    def taken(self) -> int:
        """How many mails it took."""
        counts = COUNTED.findall(self._counted.read_text())
        return int(counts[-1]) if counts else 0


@contextmanager
def mail_server(milliseconds: int = 0) -> Iterator[MailServer]:
    """So many milliseconds away, there and back."""
    if SINK is None:
        raise SystemExit(WHY_NOT)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        counted = Path(folder) / "counted"
        as_nobody = ["-u", "nobody"] if os.getuid() == 0 else []
        with counted.open("wb") as file:
            sink = subprocess.Popen([SINK, "-c", *as_nobody, f"127.0.0.1:{port}", "1000"], stdout=file)
        try:
            _await(port)
            with _line(port, milliseconds) as near:
                yield MailServer(near, counted)
        finally:
            sink.kill()
            sink.wait()


@contextmanager
def _line(port: int, milliseconds: int) -> Iterator[int]:
    if not milliseconds:
        yield port
        return
    command = [sys.executable, "-m", "tests.bench.distance", str(port), str(milliseconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as line:
        assert line.stdout is not None
        try:
            yield int(line.stdout.readline())
        finally:
            line.kill()


def _await(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
