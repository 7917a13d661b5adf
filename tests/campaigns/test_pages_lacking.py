"""A launch whose messages lack their template, a text or a language is stopped, and says where to put it right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest

from services.campaigns.commands.drafts import draft_of
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.schemas import validated
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
    offers: ClassVar[list[dict[str, Any]] | None] = None
    segments: ClassVar[list[dict[str, Any]] | None] = None

    def do_GET(self) -> None:
        if self.path == "/messaging/templates/choices":
            return self._tell({"templates": [{"key": key, "name": key} for key in self.templates]})
        if self.path.endswith("/languages") and self.templates:
            return self._tell(self.written)
        if self.path == "/segments/segments/choices" and self.segments is not None:
            return self._tell({"segments": self.segments})
        if self.path == "/messaging/offers/choices" and self.offers is not None:
            return self._tell({"offers": self.offers})
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
    lacking = "The template «win-back» has no text for text message, by which its message is to go as well"
    assert lacking in words(answer)
    assert state(database) == "draft"
    person.post(f"{AT}/launch", {"version": "1", "all_the_same": "1"})
    assert state(database) == "live"


def test_where_nothing_is_missing_or_nobody_answers_it_is_launched(database: Database, gateway: str) -> None:
    person = marta(database, gateway, ["win-back"])
    assert "What is missing" not in words(person.get(f"{AT}/launch"))
    person.post(f"{AT}/launch", {"version": "1"})
    assert state(database) == "live"


def test_an_offer_that_is_not_live_stops_the_launch_where_messaging_tells_of_offers(
    database: Database, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as tx:
        document = draft_of(tx, "win-back")
        given = {"key": "give", "offer": {"offer": "spring"}}
        publish(tx, validated({**document, "steps": [given, *document["steps"]]}), NOW, "Marta")
    person = marta(database, gateway, ["win-back"])
    assert "is not live" not in words(person.get(f"{AT}/launch"))
    monkeypatch.setattr(Messaging, "offers", [{"key": "spring", "name": "Spring", "live": False}])
    page = person.get(f"{AT}/launch")
    assert "The offer «Spring» is not live: messages that make it could not be sent." in words(page)
    assert 'href="/messaging/offers/spring"' in page.get_data(as_text=True)
    assert person.post(f"{AT}/launch", {"inside": "none"}).status_code == 422 and state(database) == "draft"
    monkeypatch.setattr(Messaging, "offers", [{"key": "spring", "name": "Spring", "live": True}])
    assert "is not live" not in words(person.get(f"{AT}/launch"))


def test_a_condition_of_a_forks_own_is_written_as_a_segment_that_is_offered_nowhere_else(
    database: Database, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Messaging, "segments", [])
    person, edit = marta(database, gateway, ["win-back"]), f"{AT}/edit"
    person.post(f"{edit}/steps", {"kind": "branch"})
    key, back = "asked-by-win-back-branch-1", "%2Fcampaigns%2Fjourneys%2Fwin-back%2Fedit%3Fopen%3Dbranch-1"
    assert f'name="own" value="{key}"' in person.get(edit).get_data(as_text=True)
    person.post(f"{edit}/steps/branch-1", {"count": "1", "condition": "own", "own": key})
    page = person.get(f"{edit}?open=branch-1")
    assert f'/segments/segments/new?key={key}&amp;back={back}"' in page.get_data(as_text=True)
    assert "Does it hold: not written yet?" in words(page)
    with database.transaction() as tx:
        document = draft_of(tx, "win-back")
        (fork,) = [step for step in document["steps"] if step["key"] == "branch-1"]
        assert fork["branch"]["if"] == {"audience": key}
        others = [step for step in document["steps"] if step is not fork]
        led = {**fork, "branch": {**fork["branch"], "else": others[-1]["key"]}}
        steps = [led, *others]
        publish(tx, validated({**document, "steps": steps}), NOW, "Marta")
    assert "A fork asks a condition of its own that is not written yet." in words(person.get(f"{AT}/launch"))
    monkeypatch.setattr(Messaging, "segments", [{"key": key, "name": "Gold or platinum"}])
    assert "not written yet" not in words(person.get(f"{AT}/launch"))
    page = person.get(f"{edit}?open=branch-1")
    assert "Does it hold: Gold or platinum?" in words(page) and "Change the condition" in words(page)
    assert f'<option value="{key}"' not in page.get_data(as_text=True)
