"""Strangers who mean harm, as a process of their own: slow clients, and large bodies sent to whoever listens.

`python -m tests.observability.flood HOST PORT SECONDS PATH…`: bodies go to the paths, unsigned and signed out.
"""

from __future__ import annotations

import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle

SLOW, LARGE = 200, 50
LENGTH = 200 * 1024 * 1024
BLOCK = b"x" * 65_536
HEADER = b"GET /sign-in HTTP/1.1\r\nHost: a\r\n"
BODY = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
UNREAD = b"GET /static/vendor/htmx.min.js HTTP/1.1\r\nHost: a\r\n\r\n" * 40


def connected(host: str, port: int) -> socket.socket:
    made = socket.create_connection((host, port), timeout=5)
    made.setblocking(False)
    return made


def drip(host: str, port: int, end: float) -> None:
    """As many slow clients as there are, all the time: one ended is replaced; every half second each says a byte."""
    kinds: Iterator[bytes] = cycle([HEADER, BODY, HEADER, BODY, UNREAD])
    clients: dict[socket.socket, bytes] = {}
    while time.monotonic() < end:
        while len(clients) < SLOW:
            with suppress(OSError):
                made, kind = connected(host, port), next(kinds)
                with suppress(OSError):
                    made.send(kind)
                clients[made] = kind
        with selectors.DefaultSelector() as watch:
            for one, kind in clients.items():
                if kind is not UNREAD:
                    watch.register(one, selectors.EVENT_READ)
            ended = [key.fileobj for key, _ in watch.select(0)]
        for one in list(clients):
            try:
                if one in ended and not one.recv(4096):
                    raise ConnectionError
                one.send(b"x" if clients[one] is not UNREAD else b"\r\n")
            except BlockingIOError:
                pass
            except OSError:
                one.close()
                del clients[one]
        time.sleep(0.5)


def pour(host: str, port: int, path: str, end: float) -> None:
    """Begins again two seconds after it was refused."""
    header = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\nContent-Length: {LENGTH}\r\n\r\n"
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection((host, port), timeout=5) as made:
            made.sendall(header.encode())
            for _ in range(LENGTH // len(BLOCK)):
                made.sendall(BLOCK)
        time.sleep(2)


def main() -> None:
    host, port, seconds, paths = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]
    end = time.monotonic() + seconds
    for place in range(LARGE):
        threading.Thread(target=pour, args=(host, port, paths[place % len(paths)], end), daemon=True).start()
    drip(host, port, end)


if __name__ == "__main__":
    main()
