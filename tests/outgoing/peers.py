"""Servers on loopback that answer one connection each, in ways no good server does."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

Answers = Callable[[socket.socket], None] | bytes
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Peer:
    """`heard`: the first bytes of each connection."""

    port: int
    heard: list[bytes] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/hook"


@contextmanager
def peer(answers: Answers = PLAIN, address: str = "127.0.0.1") -> Iterator[Peer]:
    with closing(socket.create_server((address, 0))) as listener:
        found = Peer(listener.getsockname()[1])

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    asker, _ = listener.accept()
                    threading.Thread(target=answer, args=(asker,), daemon=True).start()

        def answer(asker: socket.socket) -> None:
            with asker, contextlib.suppress(OSError):
                found.heard.append(asker.recv(65536))
                if callable(answers):
                    answers(asker)
                else:
                    asker.sendall(answers)
                    asker.shutdown(socket.SHUT_WR)
                    while asker.recv(65536):  # a body still on its way would reset the connection it is closed on
                        pass

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield found
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # whoever waits for the next one is woken
