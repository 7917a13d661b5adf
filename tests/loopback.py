"""Stand-ins on loopback for what answers outside: they keep everybody waiting in line, however busy the machine is."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 60.0  # seconds that a test gives a peer; a busy machine is no failure
LOOKED_EVERY = 0.02  # seconds, at whether it is to end


class LoopbackServer(ThreadingHTTPServer):
    """The standard library's line is five long: whoever connects sixth is turned away, or is kept waiting a second."""

    daemon_threads = True
    request_queue_size = 128


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler], host: str = "127.0.0.1") -> Iterator[int]:
    """Another service as `handler` answers for it, in threads of this process: its port."""
    with LoopbackServer((host, 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(LOOKED_EVERY,), daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


@contextmanager
def nobody_listens() -> Iterator[int]:
    """A port that refuses whoever connects, and that nobody else is given meanwhile."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        yield port


def until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.01)
