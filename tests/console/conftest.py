"""The console's tests sign in hundreds of times: at a thousandth of the cost, but for what is about the cost. Other
services answer from an address that really answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, jsonify
from werkzeug.serving import make_server

from services.console.commands.signing_in import hashing

Answers = dict[str, Any]
Serve = Callable[[Answers], str]
CHEAP = "scrypt:1024:8:1"


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "METHOD", CHEAP)
        hashing._decoy.cache_clear()
        yield
    hashing._decoy.cache_clear()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """The other services' answers by path, at an address that really answers; what is not given is silent."""
    servers = []

    def start(answers: Answers) -> str:
        app = Flask("neighbours")

        @app.get("/<path:path>")
        def answer(path: str) -> Any:
            found = answers.get(f"/{path}")
            return (jsonify(found), 200) if found is not None else ("no", 503)

        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
