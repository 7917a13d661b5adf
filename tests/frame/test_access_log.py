"""The log of requests: a line each, by route and id, without anything that the address holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint, Flask
from structlog.testing import capture_logs

from shared.clock import VirtualClock
from shared.telemetry.logs import REQUEST
from shared.web import access_log
from shared.web.access_control import open_to_all
from shared.web.app import make_app
from shared.web.config import WebConfig
from shared.web.site import site_of
from tests.cast import NOW
from tests.conftest import MakeDatabase

AN_ID = "0123456789abcdef" * 2


@pytest.fixture
def app(make_database: MakeDatabase) -> Flask:
    found = Blueprint("doors", __name__, url_prefix="/segments")

    @found.get("/named/<key>")
    @open_to_all
    def named(key: str) -> str:  # noqa: ARG001
        request = REQUEST.get()
        return request[0] if request else ""

    made = make_app(site_of(WebConfig(), make_database("segments"), VirtualClock(NOW)), Path("nowhere"), [found])
    access_log.keep(made)
    return made


def test_a_line_a_request_by_its_route(app: Flask) -> None:
    with capture_logs() as logs:
        answer = app.test_client().get("/segments/named/ana@example.com?q=Silva", headers={"X-Request-Id": AN_ID})
    (line,) = logs
    seconds = line.pop("seconds")
    assert 0 <= seconds < 60
    told = {"event": "a request", "log_level": "info", "method": "GET", "route": "/segments/named/<key>", "status": 200}
    assert line == told
    assert answer.headers["X-Request-Id"] == AN_ID == answer.text
    assert REQUEST.get() is None


@pytest.mark.parametrize("given", ["", "Ana Silva", AN_ID + "0", "0123\x7f"])
def test_what_is_no_id_is_not_taken(app: Flask, given: str) -> None:
    answer = app.test_client().get("/segments/named/x", headers={"X-Request-Id": given})
    assert access_log.AN_ID.fullmatch(answer.headers["X-Request-Id"]) and answer.headers["X-Request-Id"] != given


def test_what_is_nowhere_has_no_route_and_probes_no_line(app: Flask) -> None:
    with capture_logs() as logs:
        app.test_client().get("/segments/guests/Ana")
        app.test_client().get("/segments/health")
    assert [line["route"] for line in logs if line["event"] == "a request"] == ["none"]
    assert "Ana" not in str([line for line in logs if line["event"] == "a request"])
