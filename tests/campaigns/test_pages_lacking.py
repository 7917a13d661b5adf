"""A launch whose messages lack their template, a text or a language is stopped, and says where to put it right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest

from services.campaigns.config import Config
from services.campaigns.service import SERVICE
from services.campaigns.shipped import install_shipped
from shared.database.pool import Database
from shared.web.config import WebConfig
from tests.cast import MARTA, NOW
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, served, words

AT = "/campaigns/journeys/win-back"
WRITTEN = {"languages": {"en": ["email", "sms"]}, "channels": ["email", "sms"], "missing": []}


class Messaging(BaseHTTPRequestHandler):
    """Messaging as campaigns hears it: its published templates, and what one is written in."""

    templates: ClassVar[list[str]] = []
    written: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        if self.path == "/messaging/templates/choices":
            return self._tell({"templates": [{"key": key, "name": key} for key in self.templates]})
        if self.path.endswith("/languages") and self.templates:
            return self._tell(self.written)
        return self.send_error(404)

    def _tell(self, told: dict[str, Any]) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def gateway() -> Iterator[str]:
    with served(Messaging) as address:
        yield address


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, NOW)
    return database


def marta(database: Database, gateway: str, templates: list[str], **written: Any) -> Browser:
    Messaging.templates, Messaging.written = templates, {**WRITTEN, **written}
    person = browser(SERVICE.build_web, Config(), database, MARTA, web=WebConfig(gateway=gateway))
    person.get(f"{AT}/launch")
    return person


def state(database: Database) -> str:
    with database.transaction() as tx:
        ((found,),) = tx.execute("select state from journey where key = 'win-back'").fetchall()
    return str(found)


def test_a_template_that_is_not_there_stops_the_launch_and_leads_to_where_it_is_written(
    database: Database, gateway: str
) -> None:
    person = marta(database, gateway, [])
    page = person.get(f"{AT}/launch")
    assert "There is no published template «win-back»" in words(page)
    assert 'href="/messaging/templates/new?begins_as=win-back"' in page.get_data(as_text=True)
    answer = person.post(f"{AT}/launch", {"version": "1", "all_the_same": "1"})
    assert answer.status_code == 422 and "Not launched" in words(answer)
    assert state(database) == "draft"


def test_a_template_without_a_text_for_its_channels_stops_the_launch(database: Database, gateway: str) -> None:
    person = marta(database, gateway, ["win-back"], channels=["whatsapp"])
    answer = person.post(f"{AT}/launch", {"version": "1"})
    assert answer.status_code == 422
    assert "The template «win-back» has no text for e-mail and text message." in words(answer)
    assert 'href="/messaging/templates/win-back/edit"' in answer.get_data(as_text=True)
    assert state(database) == "draft"


def test_a_language_that_many_guests_read_stops_it_until_somebody_wants_it_so(database: Database, gateway: str) -> None:
    person = marta(database, gateway, ["win-back"], missing=["nl"])
    answer = person.post(f"{AT}/launch", {"version": "1"})
    assert answer.status_code == 422
    assert "The template «win-back» is not written in Dutch, which many guests read" in words(answer)
    assert state(database) == "draft"
    person.post(f"{AT}/launch", {"version": "1", "all_the_same": "1"})
    assert state(database) == "live"


def test_a_channel_of_several_without_a_text_is_said_and_has_to_be_wanted(database: Database, gateway: str) -> None:
    person = marta(database, gateway, ["win-back"], channels=["email"])
    answer = person.post(f"{AT}/launch", {"version": "1"})
    assert "The template «win-back» has no text for text message, by which its message is to go" in words(answer)
    assert state(database) == "draft"
    person.post(f"{AT}/launch", {"version": "1", "all_the_same": "1"})
    assert state(database) == "live"


def test_where_nothing_is_missing_or_nobody_answers_it_is_launched(database: Database, gateway: str) -> None:
    person = marta(database, gateway, ["win-back"])
    assert "What is missing" not in words(person.get(f"{AT}/launch"))
    person.post(f"{AT}/launch", {"version": "1"})
    assert state(database) == "live"
