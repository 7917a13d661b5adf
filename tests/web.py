"""A service's pages as a browser without JavaScript sees them: signed in as one of the cast, with form tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.access import session_cookie
from shared.access.session_cookie import SessionCookie
from shared.clock import Clock, VirtualClock
from shared.database.pool import Database
from shared.ids import make_id
from shared.web.config import WebConfig
from tests.cast import NOW, Member, employ
from tests.loopback import answering

Build = Callable[[Any, Database, Clock, WebConfig], Flask]


UPLOAD = r'action="([^"]+\?csrf_token=[^"]+|[^"]+(?=" enctype="multipart))"'
"""Where a form with a file goes, or one of its buttons."""


class Browser:
    """One person at one service's pages. `get` and `post` follow redirects within the service."""

    def __init__(self, app: Flask, who: Member | None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        if who is not None:
            later = app.extensions["guestloop"].now() + timedelta(days=365)
            with self.client.session_transaction() as session:
                numbers = SessionCookie(make_id("session", who.name), who.person_id, 0, later, later)
                session_cookie.write(session, numbers)
        self._token = ""
        self._uploads: dict[str, str] = {}

    def get(self, path: str, **more: Any) -> TestResponse:
        response = self.client.get(path, **more)
        text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        for address in re.findall(UPLOAD, text):
            self._uploads[address.partition("?")[0]] = unescape(address)
        if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self._token = found[1]
        return response

    def post(
        self, path: str, values: Mapping[str, Any] | None = None, *, follow: bool = True, **more: Any
    ) -> TestResponse:
        """Submits a form; its token is that of the page read last. One for files has it in its address."""
        data = {"csrf_token": self._token, **(values or {})}
        return self.client.post(self._uploads.get(path, path), data=data, follow_redirects=follow, **more)


class Unread(BytesIO):
    """A body that must not be touched."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


def claims(client: FlaskClient, path: str, length: int | None, content_type: str, **more: Any) -> TestResponse:
    """A request that says how long its body is, or does not (None), and sends none of it."""
    environ = {"CONTENT_LENGTH": "" if length is None else str(length), **more.pop("environ", {})}
    return client.post(path, input_stream=Unread(), content_type=content_type, environ_overrides=environ, **more)


def words(response: TestResponse) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", response.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def browser(
    build_web: Build,
    config: Any,
    database: Database,
    who: Member | None,
    *,
    at: datetime = NOW,
    web: WebConfig | None = None,
) -> Browser:
    employ(database, at)
    return Browser(build_web(config, database, VirtualClock(at), web or WebConfig()), who)


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Another service, answering on loopback: its address."""
    with answering(handler) as port:
        yield f"http://127.0.0.1:{port}"
