"""Nobody opens an HTTP connection but the outgoing client."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OPENS = {
    "urllib.request", "http.client", "requests", "urllib3", "httpx", "aiohttp", "httplib2", "pycurl", "websockets",
    "twilio.http", "twilio.rest", "authlib.integrations",
}  # fmt: skip
ALLOWED = {
    "services/messaging/channels/twilio/sender.py": {
        "requests",  # a session, guarded before its first use, and the names of errors
        "twilio.http",
        "twilio.rest",
    },
    "services/console/pages/account/provider.py": {
        "authlib.integrations",  # authlib's session, guarded before its first use
        "requests",  # the names of errors
    },
}
"""Libraries that bring a session of their own; `test_bounds` holds each to what the client is held to."""


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def opening(source: str) -> set[str]:
    if not any(one.rpartition(".")[2] in source for one in OPENS):
        return set()
    names = set(imported(source))
    return {one for one in OPENS if any(name == one or name.startswith(f"{one}.") for name in names)}


def files() -> Iterator[Path]:
    for folder in ("services", "shared", "guestloop"):
        yield from (ROOT / folder).rglob("*.py")


def test_nobody_else_opens_an_http_connection() -> None:
    found = {
        str(path.relative_to(ROOT)): opens
        for path in files()
        if "shared/outgoing/" not in str(path) and (opens := opening(path.read_text()))
    }
    assert found == ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "import urllib.request",
        "from urllib import request",
        "from http import client",
        "import requests.adapters",
        "from requests import Session",
        "def f():\n    import httpx",
    ],
)
def test_the_search_sees_each_way_of_importing(line: str) -> None:
    assert opening(line)
