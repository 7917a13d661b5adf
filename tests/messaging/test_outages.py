"""The mail server is away, or nobody sends: one line in the log, the sentence on screen, the figures of the alerts."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.messaging.commands.sending import outages
from services.messaging.queries.backlog import BACKLOG
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.cast import ADA, ANA, BEN, CARLA, DINA, MARTA, NOW, Member
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, Provider, birthday, email, guest, lisbon, stay, survey
from tests.messaging.pages_cast import looking
from tests.web import words

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
AWAY = {"reason": Reason.UNREACHABLE, "again": True, "detail": "ConnectionRefusedError"}
EVENTS = ("a sender takes nothing", "a sender takes messages again")


class MailServer(Provider):
    def goes_away(self) -> None:
        self.answer, self.more = MessageState.FAILED, AWAY

    def comes_back(self) -> None:
        self.answer, self.more = MessageState.SENT, {}


@pytest.fixture
def server() -> MailServer:
    return MailServer()


@pytest.fixture
def hotel(make_database: MakeDatabase, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Hotel:
    monkeypatch.setattr(outages, "LOOKS_AGAIN", 0.0)
    monkeypatch.setattr(outages, "NOTED_EVERY", 0.0)
    found = Hotel(make_database("messaging"), server)
    found.hears(lisbon(), lisbon(code="SHA", name="Riverside House", zone="Asia/Shanghai", country="CN"))
    for who, home in ((ANA, "LIS"), (BEN, "LIS"), (CARLA, "SHA")):
        found.hears(guest(who, home_property=home, points=[email(found.keyring, f"{who}@mail.example.com")]))
    return found


def told(logs: list[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    return [line for line in logs if line["event"] in EVENTS]


def waits(hotel: Hotel, who: Member, language: str = "en") -> list[tuple[str, str, str]]:
    browser = looking(hotel, who)
    needs = browser.get("/messaging/home", headers={"Accept-Language": language}).get_json()["needs"]
    return [(one["text"], one["tone"], one["url"]) for one in needs if "wait" in one["text"] or "等待" in one["text"]]


def figures(hotel: Hotel, at: datetime) -> dict[tuple[str, str | None], float]:
    with hotel.database.transaction() as tx:
        rows = tx.execute(BACKLOG.sql, {"now": at}).fetchall()
    assert {name for name, _, _ in rows} == set(BACKLOG.meanings)
    return {(name.removeprefix("guestloop_"), lane): float(value) for name, lane, value in rows}


def test_an_outage_is_one_warning_whoever_meets_it_and_its_end_another(hotel: Hotel, server: MailServer) -> None:
    server.goes_away()
    hotel.hears(*(birthday(who, due_at=NOW) for who in (ANA, BEN, CARLA)))
    other = hotel.another_sender()
    with capture_logs() as logs:
        hotel.runs(NOW)
        for minutes in (2, 5, 10):
            other.step(NOW + minutes * MINUTE)
            hotel.runs(NOW + minutes * MINUTE)
    assert told(logs) == [
        {
            "event": EVENTS[0],
            "log_level": "warning",
            "sender": "email",
            "channel": "email",
            "reason": "unreachable",
            "detail": "ConnectionRefusedError",
        }
    ]
    server.comes_back()
    with capture_logs() as logs:
        other.step(NOW + HOUR)
        hotel.runs(NOW + HOUR)
    assert [(line["event"], line["seconds"]) for line in told(logs)] == [(EVENTS[1], 3600)]
    assert hotel.one("select count(*) from sender_outage") == 0
    assert hotel.outcomes() == [("sent", None)] * 3


def test_home_says_how_many_wait_for_which_server_since_when(hotel: Hotel, server: MailServer) -> None:
    """Of the hotels that whoever reads it sees."""
    server.goes_away()
    since = NOW - 2 * HOUR
    hotel.hears(*(birthday(who, due_at=since) for who in (ANA, BEN, CARLA)))
    for minutes in (0, 1, 3, 7, 15, 31, 63):
        hotel.runs(since + minutes * MINUTE)
    clock = f"{since:%H:%M}"  # in Lisbon, in winter
    text = f"3 messages wait: the mail server has not answered since {clock}"
    assert waits(hotel, ADA) == [(text, "bad", "/messaging/senders")]
    assert text in words(looking(hotel, ADA).get("/messaging/senders"))
    assert waits(hotel, DINA)[0][0].startswith("2 messages wait: the mail server")
    assert waits(hotel, ADA, "zh")[0][0] == f"3 条信息在等待：邮件服务器自 {clock} 起没有应答"
    server.comes_back()
    hotel.runs(NOW + 3 * HOUR)
    assert waits(hotel, ADA) == []


def test_an_account_that_is_refused_is_said_so(hotel: Hotel, server: MailServer) -> None:
    server.answer, server.more = MessageState.FAILED, {"reason": Reason.SET_UP, "again": True, "detail": "535"}
    hotel.hears(birthday(ANA, due_at=NOW))
    hotel.runs(NOW)
    (only,) = waits(hotel, MARTA)
    assert only[0].startswith("1 message waits: the mail server has refused our account since ")


def test_nobody_sends(hotel: Hotel) -> None:
    """A sender that rests between two messages is at work; one that ended is not."""
    hotel.sender.step(NOW - 2 * HOUR)
    hotel.hears(birthday(ANA, due_at=NOW - HOUR), birthday(CARLA, due_at=NOW - HOUR))
    assert waits(hotel, ADA) == []
    assert figures(hotel, NOW)["senders_running", None] == 1
    hotel.sender.close()
    assert figures(hotel, NOW)["senders_running", None] == 0
    ((text, tone, _),) = waits(hotel, ADA)
    assert (text, tone) == (f"2 messages wait and no sender is running: the first was due {NOW - HOUR:%H:%M}", "bad")


def test_what_comes_due_just_now_is_no_trouble_yet(hotel: Hotel) -> None:
    hotel.hears(birthday(ANA, due_at=NOW - 30 * SECOND))
    assert waits(hotel, ADA) == []


def test_due_and_not_gone_grows_older_while_it_is_tried_again(hotel: Hotel, server: MailServer) -> None:
    """By lane: a survey that waits is not hidden among birthdays, nor made young by its next attempt."""
    assert figures(hotel, NOW)["due_delivery_age_seconds", "stay"] == 0
    server.goes_away()
    hotel.hears(stay("LIS-000001", checked_out_at=NOW - HOUR), survey(due_at=NOW, channels=["email"]))
    hotel.hears(birthday(BEN, due_at=NOW))
    for minutes in (0, 1, 3, 7, 15):
        hotel.runs(NOW + minutes * MINUTE)
    found = figures(hotel, NOW + 20 * MINUTE)
    for lane in ("stay", "marketing"):
        assert (found["due_deliveries", lane], found["retried_deliveries", lane]) == (0, 1)
        assert found["due_delivery_age_seconds", lane] == 1200
    assert found["sender_outage_age_seconds", None] == 1200
    server.comes_back()
    hotel.runs(NOW + HOUR)
    after = figures(hotel, NOW + HOUR)
    assert {after["due_delivery_age_seconds", lane] for lane in ("stay", "marketing")} == {0}
    assert (after["sender_outage_age_seconds", None], after["retried_deliveries", "stay"]) == (0, 0)
