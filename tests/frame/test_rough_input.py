"""Whatever is put into an address or a form: a sentence and a status of the 400s, and never a failure of ours."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.routing import Map, Rule

from shared.events.console import EVERY_SERVICE
from shared.web.config import WebConfig
from tests.cast import ADA
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

ASKED = tuple(
    re.findall(
        r"\S+",
        """
        q after before hotel version segment day kind which sort step what open language guest state reason journey
        channel concern type key months days since until actor action subject next in source name topic score property
        """,
    )
)
TYPED = ASKED + tuple(
    re.findall(
        r"\S+",
        """
        id ids revision draft_version seen a_day email password old words scope country code survey_threshold contact
        zone legal_entity postal_address role properties comment said_on place purpose how until_day then level owner
        outcome stay_id guest_id r:group r.0:fact r.0:value column:email form within_days holdout priority
        """,
    )
)
NUL, HUGE, ENDLESS = "a\x00b", "9" * 30, "9" * 5000
FILLED = {"UUIDConverter": str(uuid4()), "IntegerConverter": HUGE}


def at_work(make_database: MakeDatabase, service: str, folder: Path) -> Browser:
    config: Any = import_module(f"services.{service}.config").Config
    web: Any = import_module(f"services.{service}.service").SERVICE.build_web
    settings = config(imports=folder) if service == "segments" else config()
    silent = WebConfig(gateway="http://127.0.0.1:9")  # nobody listens there
    return browser(web, settings, make_database(service), ADA, web=silent)


def addresses(person: Browser, method: str, text: str) -> list[str]:
    found: Map = person.app.url_map
    rules = [rule for rule in found.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
    skipped = ("/sign-out", "/openapi.json", "/health", "/ready", "/metrics")
    return sorted(_filled(rule, text) for rule in rules if not rule.rule.endswith(skipped))


def _filled(rule: Rule, text: str) -> str:
    values = {}
    for name, converter in rule._converters.items():
        choices: set[str] = getattr(converter, "items", set())
        values[name] = min(choices) if choices else FILLED.get(type(converter).__name__, text)
    built = rule.build(values)
    return built[1] if built else rule.rule


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_no_address_fails_on_what_nobody_can_mean(make_database: MakeDatabase, service: str, tmp_path: Path) -> None:
    person = at_work(make_database, service, tmp_path)
    for path in addresses(person, "GET", "x"):
        for text in (NUL, HUGE, ENDLESS):
            answer = person.get(path, query_string=dict.fromkeys(ASKED, text))
            assert answer.status_code < 500, (path, text[:40])
            if text in (NUL, ENDLESS) and answer.status_code != 302:
                assert answer.status_code in ((401,) if path.startswith("/api/") else (400, 404)), path
    for path in addresses(person, "GET", NUL):
        assert person.get(path).status_code < 500, path


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_no_form_fails_on_what_nobody_can_mean(make_database: MakeDatabase, service: str, tmp_path: Path) -> None:
    person = at_work(make_database, service, tmp_path)
    for path in addresses(person, "POST", "x"):
        for text in (NUL, HUGE, ENDLESS):
            person.app.config["WTF_CSRF_ENABLED"] = False
            answer = person.post(path, dict.fromkeys(TYPED, text), follow=False)
            assert answer.status_code < 500, (path, text[:40])


def test_it_is_told_in_a_sentence(make_database: MakeDatabase, tmp_path: Path) -> None:
    person = at_work(make_database, "segments", tmp_path)
    answer = person.get("/segments/guests", query_string={"q": NUL})
    assert answer.status_code == 400 and "a character is not allowed" in words(answer)
