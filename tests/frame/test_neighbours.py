"""Other services are asked straight, and one that fails in whatever way is left out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from shared.web.neighbours import Neighbours

SOUND = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A neighbour that says this to whoever asks, and hangs up."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            asker, _ = listener.accept()
            with asker:
                asker.recv(65536)
                asker.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{",
        b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p/>",
    ],
    ids=["hangs up", "no HTTP", "dies while it answers", "an error", "a page"],
)
def test_who_answers_badly_is_silent(answer: bytes) -> None:
    with saying(answer) as origin:
        assert Neighbours(origin).ask(["/x/home"], {}) == {"/x/home": None}


def test_a_readers_cookie_goes_to_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with saying(SOUND) as origin:
        assert Neighbours(origin).ask(["/x/home"], {"Cookie": "guestloop=x"}) == {"/x/home": {}}
