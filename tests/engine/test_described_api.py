"""Every OpenAPI document that Guestloop serves, asked of the services: what it says is so, whatever is sent.

What is sent comes from the document itself: half of it fits what the document says, half does not. In some of what
fits, numbers and codes are put that the installation knows, so that more comes of it than a refusal.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

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

PROMISES = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.negative_data_rejection, checks.missing_required_header,
]  # fmt: skip
OF_LINES = [one for one in PROMISES if one is not checks.negative_data_rejection]
"""A line that cannot be used is refused in the answer, which is not a refusal."""
ASKED = (
    *("/api/consents/openapi.json", "/api/guests/openapi.json", "/api/mail/openapi.json", "/api/offers/openapi.json"),
)
TWICE = "/api/imports/openapi.json"  # that of guests at the address it had first
LATER = {"POST /api/imports", "GET /api/imports/{file_id}", "GET /api/imports/{file_id}/rejects.csv", "POST /api/mail"}
"""Nothing that is made up is a file of a source that is known: `tests/segments/test_api_imports.py` brings some. No
mail comes back here: to `tests/feedback/test_mail.py` it does."""
OF_SOMEBODY = ("POST /api/events", "PUT /api/spend/{source}/{place}/{number}")
"""What is told of a guest, of a stay or of a reservation: of one of them."""
BEFORE_THE_API = (408, 414, 431)
"""What the server refuses before a service sees it, as the document says once for all."""
MADE_UP = settings(
    derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
NOTE = {"text": "A room to the river."}


@schemathesis.serializer("application/x-ndjson", "application/gzip", "message/rfc822")
def as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


class Installation:
    """`paths` and `bodies`: what it knows, by the names of parameters and fields."""

    def __init__(self, headers: Mapping[str, str], stay: Mapping[str, Any], note: Mapping[str, Any]) -> None:
        self.headers = dict(headers)
        self.paths = {"guest_id": stay["guest_id"], "stay_id": stay["id"], "place": "LIS", "note_id": note["id"],
                      "property": "LIS",
                      "base": "EUR", "quote": "CNY", "day": "2024-02-01"}  # fmt: skip
        self.bodies: dict[str, Any] = {
            "property": "LIS", "guest": stay["guest_id"], "stay": None, "reservation": None, "currency": "EUR",
            "amount": "12.50", "booked_on": "2024-01-01", "status_date": "2024-01-01", "arrival": "2024-02-01",
            "departure": "2024-02-03", "version": 1, "at": "2024-02-01T12:00:00Z", "as_of": "2024-02-01T12:00:00Z",
            "said_at": "2024-02-01T12:00:00Z", "name": "spa.booked", "base": "EUR", "quote": "CNY", "rate": "7.8",
            "rating": "4/5", "scale": 5, "date": "2024-02-01", "source": "booking", "reference": "B-1",
            "country": "PT", "birth_date": "1981-11-26", "email": "rita@example.com", "phone": "+351912000123",
            "language": "pt", "values": {"minutes": 50},
            "rates": [{"base": "EUR", "quote": "CNY", "day": "2024-02-01", "rate": "7.8"}],
        }  # fmt: skip
        self.answers: dict[str, Counter[int]] = {}

    def asked(self, schema: Any, examples: int) -> list[str]:
        """Sends so many examples of each kind to each operation; what is not as the document says."""
        found: list[str] = []
        for operation in (result.ok() for result in schema.get_all_operations()):
            for mode in GenerationMode:
                found += self._sent(operation, mode, examples)
        return found

    def _sent(self, operation: Any, mode: GenerationMode, examples: int) -> list[str]:
        found: list[str] = []
        answers = self.answers.setdefault(operation.label, Counter())

        @settings(MADE_UP, max_examples=examples)
        @given(operation.as_strategy(generation_mode=mode), st.booleans())
        def send(case: Any, is_known: bool) -> None:
            if is_known and mode is GenerationMode.POSITIVE:
                self._put_known(case)
            answer = case.call(headers=self.headers, timeout=60)
            answers[answer.status_code] += 1
            if answer.status_code in BEFORE_THE_API:
                return
            promised = OF_LINES if operation.label.endswith("/lines") else PROMISES
            try:
                case.validate_response(answer, checks=promised, headers=self.headers)
            except (Failure, FailureGroup) as broken:
                each = broken.exceptions if isinstance(broken, FailureGroup) else (broken,)
                found.extend(f"{operation.label} {answer.status_code}: {one}\n{case.as_curl_command()}" for one in each)

        send()
        return found

    def _put_known(self, case: Any) -> None:
        for name in self.paths.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = self.paths[name]
        if isinstance(case.body, dict):
            whose = {"guest": None} if case.operation.label in OF_SOMEBODY else {}
            case.body = {name: _known(name, value, self.bodies) for name, value in (whose | case.body).items()}

    def never_done(self) -> set[str]:
        """Operations that never did what they are for."""
        return {label for label, answers in self.answers.items() if not any(200 <= one < 300 for one in answers)}


def _known(name: str, value: Any, bodies: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {inner: _known(inner, each, bodies) for inner, each in value.items()}
    return bodies.get(name, value)


def documents(apps: Mapping[str, Flask]) -> list[str]:
    """Where the services describe themselves."""
    rules = (str(rule) for app in apps.values() for rule in app.url_map.iter_rules())
    return sorted(path for path in rules if path.endswith("openapi.json"))


def build(make_database: MakeDatabase, home: Path) -> tuple[dict[str, Flask], Installation]:
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
    apps, installation = build(make_database, tmp_path)
    app = gateway(apps)
    assert documents(apps) == sorted((*ASKED, TWICE)), "a document is new: ask it too"
    for path in ASKED:
        assert installation.asked(schemathesis.openapi.from_wsgi(path, app), 4) == []


@pytest.mark.proof
def test_what_a_document_says_is_so_where_guestloop_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
            assert installation.asked(schemathesis.openapi.from_url(f"{at}{path}"), 60) == []
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
