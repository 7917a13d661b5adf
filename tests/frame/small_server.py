"""`python -m tests.frame.small_server HOST:PORT`: the server with a small app and little patience, for tests."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from shared.web.awaited_body import AWAIT_BODY
from shared.web.server import Server
from shared.web.server.limits import ServerLimits

THREADS = 2
LONGEST = 2_000_000
LIMITS = ServerLimits(
    connections=60,
    of_one_address=40,
    header_within=2.5,
    small_body_within=4.0,
    large_at_once=1,
    large_waiting=1,
    grace=1.0,
    least_rate=100_000,
    unread=40_000_000,
    idle=4.0,
    lingers=0.5,
)
LONG_ANSWER = b"x" * 8_000_000  # more than the system keeps for a reader


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path, body = environ["PATH_INFO"], environ["wsgi.input"]
    text = path.encode()
    match path:
        case "/long":
            text = LONG_ANSWER
        case "/slow":
            start_response("200 OK", [("Content-Length", str(len(text)))])
            return in_two_parts(text)
        case "/refuses":
            start_response("403 Forbidden", [("Content-Length", "2")])
            return [b"no"]
        case "/takes":
            if AWAIT_BODY in environ:
                environ[AWAIT_BODY](LONGEST, None)
            text = f"{len(body.read())} {hasattr(body, 'fileno')}".encode()
        case "/breaks":
            raise ValueError("as a page may")
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]


def in_two_parts(text: bytes) -> Iterable[bytes]:
    """The first byte, and the rest half a second later."""
    yield text[:1]
    time.sleep(0.5)
    yield text[1:]


if __name__ == "__main__":
    Server(app, sys.argv[1], threads=THREADS, limits=LIMITS).run()
