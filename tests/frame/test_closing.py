"""Pages close to people while a service hears nothing of whose access ended; what guests use stays open."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Blueprint

from shared.access.people import ACCESS, May, keep_people
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import AccessHeartbeat
from shared.vocabulary.role import Role
from shared.web.access_control import needs, open_to_all
from shared.web.app import make_app
from shared.web.config import WebConfig
from shared.web.site import site_of
from tests.cast import ADA, NOW, Member, access_of, employ
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import Browser, words

PEOPLES = ("/page", "/api/rows", "/messaging/delivery")
KEY, SECRET = Member("A program", Role.PROGRAM), "its-secret"
BEARER = {"Authorization": f"Bearer glk_{KEY.person_id.hex}_{SECRET}"}
GUESTS = ("/survey", "/health", "/messaging/health", "/static/css/page.css")


class Service:
    """A service with a page, an address for programs and one for guests."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, VirtualClock(NOW)
        employ(database)
        with database.transaction() as tx:
            keep_people(tx, chunk_of([access_of(KEY, secret=SECRET)]), NOW)
        self.restart()

    def restart(self, config: WebConfig | None = None, *, hears: bool = True) -> None:
        blueprint = Blueprint("some", __name__)
        for rule, mark in (
            ("/page", needs(May.SEE_GUESTS)),
            ("/api/rows", needs(May.IMPORT_DATA)),
            ("/survey", open_to_all),
        ):
            view = mark(lambda: "here it is")
            blueprint.add_url_rule(rule, rule.replace("/", "_"), view, methods=["GET", "POST"])
        site = site_of(config or WebConfig(), self.database, self.clock)
        app = make_app(site, Path("nowhere"), [blueprint], subscriptions=[ACCESS] if hears else [])
        self.browser = Browser(app, ADA)

    def wait(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds))

    def hear(self, *, by_clock_of_console: float = 0) -> None:
        at = self.clock.now() + timedelta(seconds=by_clock_of_console)
        beat = AccessHeartbeat(publisher="console", version=int(at.timestamp()), occurred_at=at)
        with self.database.transaction() as tx:
            ACCESS.handlers["access.heartbeat.v1"](tx, off_the_wire(chunk_of([beat])), self.clock.now())

    def statuses(self, paths: tuple[str, ...] = PEOPLES) -> set[int]:
        return {self.browser.get(one, headers=BEARER if one.startswith("/api/") else {}).status_code for one in paths}


@pytest.fixture
def service(make_database: MakeDatabase) -> Service:
    return Service(make_database("messaging"))


def test_after_thirty_seconds_without_a_heartbeat_pages_and_keys_close_and_what_guests_use_does_not(
    service: Service,
) -> None:
    service.hear()
    service.wait(30)
    assert service.statuses() == {200}
    service.wait(1)
    assert service.statuses() == {503}
    assert 503 not in service.statuses(GUESTS)
    service.hear()
    assert service.statuses() == {200}


def test_a_closed_page_says_why_and_asks_again_by_itself(service: Service) -> None:
    service.hear()
    service.wait(40)
    answer = service.browser.get("/page")
    assert "Guestloop has not heard for 40 seconds whose access has ended" in words(answer)
    assert "It opens again by itself." in words(answer)
    assert '<meta http-equiv="refresh" content="5">' in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"] == "5"
    assert "页面会自动恢复" in words(service.browser.get("/page", headers={"Accept-Language": "zh"}))


def test_a_closed_form_is_not_sent_again_by_itself(service: Service) -> None:
    service.browser.app.config["WTF_CSRF_ENABLED"] = False
    service.hear()
    service.wait(40)
    answer = service.browser.post("/page")
    assert answer.status_code == 503 and "What you sent was not saved." in words(answer)
    assert "refresh" not in answer.get_data(as_text=True)


def test_a_program_is_told_in_its_own_words(service: Service) -> None:
    service.hear()
    service.wait(40)
    answer = service.browser.get("/api/rows")
    assert answer.status_code == 503 and answer.json is not None and "40 seconds" in answer.json["message"]


def test_an_installation_that_has_just_started_is_not_closed(service: Service) -> None:
    service.hear()
    service.wait(3600 * 9)  # nothing ran by night
    assert service.statuses() == {503}
    service.restart()
    service.wait(30)
    assert service.statuses() == {200}
    service.wait(1)
    assert service.statuses() == {503}  # and still nothing was heard


def test_where_nothing_ever_beat_nothing_is_missed(service: Service) -> None:
    service.wait(3600)
    assert service.statuses() == {200}


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_publisher_whose_clock_is_wrong_closes_and_opens_nothing(service: Service, hours: int) -> None:
    service.hear(by_clock_of_console=hours * 3600)
    service.wait(30)
    assert service.statuses() == {200}
    service.wait(1)
    assert service.statuses() == {503}
    service.hear(by_clock_of_console=-hours * 3600)
    assert service.statuses() == {200}


def test_with_heartbeats_off_nothing_closes(service: Service) -> None:
    service.hear()
    service.restart(WebConfig(heartbeats=False))
    service.wait(3600)
    assert service.statuses() == {200}


def test_the_service_that_publishes_them_does_not_close(service: Service) -> None:
    service.hear()
    service.restart(hears=False)
    service.wait(3600)
    assert service.statuses() == {200}


def test_heartbeats_leave_no_rows_behind_in_the_inbox(service: Service) -> None:
    with service.database.transaction() as tx:
        for minutes, concern in ((5, "access"), (11, "access"), (11, "guests")):
            at = NOW - timedelta(minutes=minutes)
            tx.execute("insert into inbox values (%s, gen_random_uuid(), %s)", (concern, at))
    service.hear()
    with service.database.transaction() as tx:
        left = tx.execute("select concern, received_at from inbox order by 1, 2").fetchall()
    assert left == [("access", NOW - timedelta(minutes=5)), ("guests", NOW - timedelta(minutes=11))]
