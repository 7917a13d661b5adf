"""Every OpenAPI document that Guestloop serves, asked of the services: what it says is so, whatever is sent.

What is sent comes from the document itself: half of it fits what the document says, half does not. In some of what
fits, numbers and codes are put that the installation knows, so that more comes of it than a refusal.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import requests
from flask import Flask

from guestloop.composition.seed import Setup, apply_setup
from guestloop.composition.services import MANIFESTS
from guestloop.operations.connect import connect
from guestloop.supervisor.gateway import gateway
from services.console.commands.api_keys import Wanted, make_key
from services.messaging.service import SERVICE as MESSAGING
from services.segments.queries.published import guest_states
from shared.clock import SystemClock, VirtualClock
from shared.database.pool import Database
from shared.events import chunk_of
from shared.vocabulary.grant import Grant
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.engine.test_up import up
from tests.harness import ServiceHarness
from tests.loopback import free_port
from tests.programs import program
from tests.segments.rows import add_properties
from tests.segments.test_api_guests import STAY
from tests.segments.test_search import settle

if TYPE_CHECKING:
    from tests.engine.described_api import Installation

ASKED = (
    *("/api/consents/openapi.json", "/api/guests/openapi.json", "/api/mail/openapi.json", "/api/offers/openapi.json"),
)
TWICE = "/api/imports/openapi.json"  # that of guests at the address it had first
LATER = {"POST /api/imports", "GET /api/imports/{file_id}", "GET /api/imports/{file_id}/rejects.csv", "POST /api/mail"}
"""Nothing that is made up is a file of a source that is known: `tests/segments/test_api_imports.py` brings some. No
mail comes back here: to `tests/feedback/test_mail.py` it does."""
NOTE = {"text": "A room to the river."}


def documents(apps: Mapping[str, Flask]) -> list[str]:
    """Where the services describe themselves."""
    rules = (str(rule) for app in apps.values() for rule in app.url_map.iter_rules())
    return sorted(path for path in rules if path.endswith("openapi.json"))


def build(make_database: MakeDatabase, home: Path) -> tuple[dict[str, Flask], Installation]:
    from tests.engine.described_api import Installation

    databases = {one.name: make_database(one.name) for one in MANIFESTS}
    add_properties(databases["segments"])
    config, web = {"GUESTLOOP_HOME": str(home)}, WebConfig(api_a_minute=10**9)
    apps = {
        one.name: one.build_web(one.read_config(config), databases[one.name], VirtualClock(NOW), web)
        for one in MANIFESTS
    }
    keys = {name: program(databases[name], app.test_client()) for name, app in apps.items()}
    stay = keys["segments"].ask("PUT", "/api/stays/shop/LIS/R-1", STAY).get_json()
    settle(databases["segments"])
    hear_of(databases, stay["guest_id"])
    note = keys["segments"].ask("POST", f"/api/guests/{stay['guest_id']}/notes", NOTE).get_json()
    return apps, Installation(keys["segments"].headers, stay, note)


def hear_of(databases: Mapping[str, Database], guest: str) -> None:
    with databases["segments"].transaction() as tx:
        states = guest_states(tx, [guest], NOW)  # type: ignore[list-item]
    messaging = ServiceHarness(databases["messaging"])
    messaging.subscriptions = MESSAGING.subscriptions
    messaging.hear_at(NOW, chunk_of(states))


def test_what_a_document_says_is_so(make_database: MakeDatabase, tmp_path: Path) -> None:
    """Few examples; `make proof` sends many, to an installation that runs."""
    from schemathesis.openapi import from_wsgi

    apps, installation = build(make_database, tmp_path)
    app = gateway(apps)
    assert documents(apps) == sorted((*ASKED, TWICE)), "a document is new: ask it too"
    for path in ASKED:
        assert installation.asked(from_wsgi(path, app), 2) == []


@pytest.mark.proof
def test_what_a_document_says_is_so_where_guestloop_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from schemathesis.openapi import from_url

    from tests.engine.described_api import Installation

    home, port, clock = tmp_path / "home", free_port(), SystemClock()
    monkeypatch.setenv("GUESTLOOP_API_A_MINUTE", "1000000")
    monkeypatch.setenv("GUESTLOOP_HOME", str(home))
    with up(home, port) as run:
        run.wait_until_up()
        assert run.process.stderr is not None
        Thread(target=run.process.stderr.read, daemon=True).start()  # a full pipe would hold up whoever logs
        with connect(os.environ, clock) as running:
            apply_setup(running.group, Setup.for_export(["LIS", "SHA"], {}), clock.now())
            with running.group.database("console").transaction() as tx:
                key = make_key(tx, Wanted("shop", [], list(Grant)), "Ada", clock.now())
        at, headers = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {key}"}
        told: Any = STAY
        stay = once_known(lambda: requests.put(f"{at}/api/stays/shop/LIS/R-1", json=told, headers=headers, timeout=30))
        once_known(lambda: requests.get(f"{at}/api/consents/{stay['guest_id']}", headers=headers, timeout=30))
        note = requests.post(f"{at}/api/guests/{stay['guest_id']}/notes", json=NOTE, headers=headers, timeout=30)
        installation = Installation(headers, stay, note.json())
        for path in ASKED:
            assert installation.asked(from_url(f"{at}{path}"), 60) == []
        assert installation.never_done() <= LATER
        assert set(run.health().values()) == {"ready"}


def once_known(ask: Callable[[], requests.Response]) -> dict[str, Any]:
    """The first answer that is none of a service that has not heard of it yet."""
    deadline = time.monotonic() + 60
    while not (answer := ask()).ok:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    found: dict[str, Any] = answer.json()
    return found
