"""Rows of a long file are made ready in a process of their own while the chunk before them is entered.

Both are work of the interpreter, of which one process has one: in a thread the one would wait for the other. The
process starts while the file is still read, and ends when its pipe closes, at the latest with the import.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TypeAlias
from uuid import UUID

from services.segments.commands.reservations.enter import EntryOptions
from services.segments.commands.reservations.prepared import ReadyRow
from services.segments.imports.chunks import chunks
from services.segments.imports.prefetch import prefetched
from services.segments.imports.refused import Reject
from shared.child_modules import same_modules
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.errors import GuestloopError
from shared.telemetry.gc import collector_at_rest
from shared.telemetry.logs import logs_to_stderr

LONG = 10_000  # rows: of fewer the process would take longer to start than it saves

Chunk: TypeAlias = "tuple[list[ReadyRow], list[Reject]]"
Ready: TypeAlias = Callable[[UUID, EntryOptions], Iterator[Chunk]]


class ReaderDied(GuestloopError):
    """The process that makes an import's rows ready has ended; begun again, the import enters the rest."""


@dataclass(frozen=True)
class Orders:
    """What the process needs to know. `keys`: the text form of the service's key ring."""

    dsn: str
    service: str
    keys: str
    run_id: UUID
    options: EntryOptions


@contextmanager
def made_ready(database: Database, rows: int) -> Iterator[Ready]:
    """What makes the chunks of a run ready, one ahead of whoever enters them; of a file of so many rows."""
    if rows < LONG:
        yield lambda run_id, options: prefetched(chunks(database, run_id, options))
        return
    ours, theirs = Pipe()
    command = [sys.executable, "-m", __name__, str(theirs.fileno())]
    environment = {**os.environ, **same_modules()}
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=environment)
    theirs.close()
    try:
        yield lambda run_id, options: _received(ours, database, run_id, options)
    finally:
        ours.close()
        process.wait()


def _received(pipe: Connection, database: Database, run_id: UUID, options: EntryOptions) -> Iterator[Chunk]:
    try:
        pipe.send(Orders(database.dsn, database.service, database.keyring.text(), run_id, options))
        while chunk := pipe.recv():
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
    except (EOFError, BrokenPipeError, ConnectionResetError) as error:
        raise ReaderDied() from error


def make_ready(pipe: Connection) -> None:
    """What the process does. It is one chunk ahead: the pipe takes the next one when the last was entered."""
    orders: Orders = pipe.recv()
    database = Database(orders.dsn, service=orders.service, keyring=KeyRing.parse(orders.keys), most=1)
    try:
        for chunk in chunks(database, orders.run_id, orders.options):
            pipe.send(chunk)
        pipe.send(None)
    except (EOFError, OSError):
        raise
    except Exception as error:  # whoever enters the rows is told
        pipe.send(error)
    finally:
        database.close()


def main() -> int:
    logs_to_stderr()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the import too, and it closes the pipe
    try:
        with collector_at_rest():
            make_ready(Connection(int(sys.argv[1])))
    except (EOFError, OSError):  # the import has ended
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
