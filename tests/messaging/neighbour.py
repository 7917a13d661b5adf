"""The service of segments as pages of messaging ask it, as far as a test says what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import answering


@dataclass
class Neighbour:
    """`answers`: by path; what is not among them is not found."""

    origin: str
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


@contextmanager
def neighbouring() -> Iterator[Neighbour]:
    found = Neighbour("")

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = found.answers.get(self.path.partition("?")[0])
            body = json.dumps(answer).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with answering(Answers) as port:
        found.origin = f"http://127.0.0.1:{port}"
        yield found
