"""The story of a guest, as she lived it and as other services tell it: merged by instant, filtered, paged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest

from services.segments.config import Config
from services.segments.service import SERVICE
from shared.database.pool import Database
from shared.web.config import WebConfig
from tests.cast import FILIPA
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties
from tests.segments.test_pages_guests import RITA, bring, guest_id
from tests.web import Browser, browser, served, words

PAGE = f"/segments/guests/{guest_id(RITA)}"
SENT_AT = datetime(2026, 10, 2, 9, tzinfo=UTC)


class Messaging(BaseHTTPRequestHandler):
    """Messaging as its neighbours hear it; the others do not answer."""

    entries: ClassVar[list[dict[str, Any]]] = []
    cookies: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if not self.path.startswith("/messaging/"):
            return self.send_error(503)
        self.cookies.append(self.headers.get("Cookie", ""))
        body = json.dumps({"entries": self.entries, "actions": "<p>Consents as the ledger has them</p>"}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def gateway() -> Iterator[str]:
    with served(Messaging) as address:
        yield address


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [RITA])
    return database


def desk(segments: Database, gateway: str) -> Browser:
    return browser(SERVICE.build_web, Config(), segments, FILIPA, web=WebConfig(gateway=gateway))


def sent(at: datetime, title: str, kind: str = "message") -> dict[str, Any]:
    return {"at": at.isoformat(), "kind": kind, "html": f"<article>{title}</article>"}


def test_a_message_stands_between_check_in_and_check_out(segments: Database, gateway: str) -> None:
    Messaging.entries = [sent(SENT_AT, "Welcome was sent")]
    text = words(desk(segments, gateway).get(PAGE))
    story = text[text.index("What has happened") :]
    assert story.index("Checked out of") < story.index("Welcome was sent") < story.index("Checked in at")
    assert "Consents as the ledger has them" in text
    assert "The messages do not answer" not in text and "The journeys do not answer" in text
    assert "guestloop=" in Messaging.cookies[-1]  # asked as the reader, who may see no more than she may


def test_one_kind_is_read_alone(segments: Database, gateway: str) -> None:
    Messaging.entries = [sent(SENT_AT, "Welcome was sent"), sent(SENT_AT, "No consent", "skip")]
    text = words(desk(segments, gateway).get(f"{PAGE}?kind=skip"))
    assert "No consent" in text and "Welcome was sent" not in text and "Checked out of" not in text


def test_a_long_story_is_read_page_by_page_and_nothing_is_lost(segments: Database, gateway: str) -> None:
    Messaging.entries = [sent(SENT_AT - timedelta(hours=n // 2), f"Message {n:03}.") for n in range(150)]
    filipa, url, seen = desk(segments, gateway), f"{PAGE}?kind=message", 0
    while url:
        text = filipa.get(url).get_data(as_text=True)
        seen += text.count("<article>Message")
        more = text.split(">Earlier</a>")[0].rsplit('href="', 1)[1].split('"')[0] if ">Earlier</a>" in text else ""
        url = more.replace("&amp;", "&").split("#")[0]
    assert seen == 150
