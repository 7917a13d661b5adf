"""The gateway takes of each page what its web takes, and slows down whoever is not signed in."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from guestloop.supervisor.gateway import owner_of
from shared.database.pool import Database
from shared.events.console import EVERY_SERVICE
from shared.web.bodies import OF_A_PAGE, longest_body
from shared.web.config import WebConfig
from tests.conftest import MakeDatabase
from tests.web import browser

GATEWAY = Path(__file__).parents[2] / "deploy" / "gateway"
UNITS = {"k": 1024, "m": 1024 * 1024}
LOCATION = re.compile(r"location (=|~|) ?(\S+) \{(.*?)\n\}", re.DOTALL)
SIZE = re.compile(r"client_max_body_size (\d+)([km]);")


def size_in(text: str) -> int | None:
    found = SIZE.search(text)
    return int(found[1]) * UNITS[found[2]] if found else None


def location_of(path: str) -> str:
    """The block that nginx chooses: the exact one, else the first expression, else the longest beginning."""
    blocks: list[tuple[str, str, str]] = LOCATION.findall((GATEWAY / "services.conf").read_text(encoding="utf-8"))
    exact = [body for kind, name, body in blocks if kind == "=" and name == path]
    matched = [body for kind, name, body in blocks if kind == "~" and re.search(name, path)]
    begun = sorted((name, body) for kind, name, body in blocks if kind == "" and path.startswith(name))
    return (exact or matched or [begun[-1][1]])[0]


def taken_by_gateway(path: str) -> int:
    whole = size_in((GATEWAY / "nginx.conf").read_text(encoding="utf-8"))
    assert whole is not None
    return size_in(location_of(path)) or whole


def app_of(service: str, database: Database, files: Path) -> Flask:
    config: Any = import_module(f"services.{service}.config").Config
    build: Any = import_module(f"services.{service}.service").SERVICE.build_web
    settings = config(imports=files) if service == "segments" else config()
    return browser(build, settings, database, None, web=WebConfig()).app


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_each_page_and_each_route_for_programs_is_reached_from_outside(
    make_database: MakeDatabase, tmp_path: Path, service: str
) -> None:
    rules = app_of(service, make_database(service), tmp_path).url_map.iter_rules()
    paths = [re.sub(r"<[^>]+>", "x", rule.rule) for rule in rules if rule.endpoint != "static"]
    assert {path: owner_of(path) for path in paths} == dict.fromkeys(paths, service)


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_the_gateway_takes_what_the_web_takes(make_database: MakeDatabase, tmp_path: Path, service: str) -> None:
    app = app_of(service, make_database(service), tmp_path)
    with app.app_context():
        for rule in app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()):
                continue
            path, taken = re.sub(r"<[^>]+>", "x", rule.rule), longest_body(rule.endpoint)
            assert taken_by_gateway(path) >= taken, path
            assert taken <= OF_A_PAGE or taken_by_gateway(path) == taken, path
            if taken < OF_A_PAGE:
                assert taken_by_gateway(path) == taken, path
                assert "limit_req " in location_of(path), f"{path} is open to all"


def test_slow_clients_are_bounded_in_front_as_well() -> None:
    text = (GATEWAY / "nginx.conf").read_text(encoding="utf-8")
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "limit_conn connections"):
        assert re.search(rf"^    {name} \d+", text, re.MULTILINE), name
    assert "server_tokens off;" in text
    for owners in ("owners.conf", "owners-kubernetes.conf"):
        assert "$visitor" in (GATEWAY / owners).read_text(encoding="utf-8")
