"""Does the bus run? The figures and the dead letters of a service, as its operator sees them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.access.people import ACCESS, hotels
from shared.bus import matching_letters
from shared.bus.dead_letters import of_message, of_subject, store_dead_letters
from shared.bus.outbox import publish
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import PropertyChanged
from shared.events.wire import decode, encode
from shared.ids import make_id
from shared.web.app import make_app
from shared.web.config import WebConfig
from shared.web.site import site_of
from tests.cast import ADA, MARTA, NOW, Member, employ
from tests.conftest import MakeDatabase
from tests.web import Browser, words

PORTO = PropertyChanged(
    code="OPO",
    version=1,
    name="Casa do Douro Porto",
    zone="Europe/Lisbon",
    country="PT",
    legal_entity="Casa do Tejo Hotels",
    postal_address="Cais 1, Porto",
    contact="hello@opo.example.com",
    told_of_survey=True,
    survey_threshold=6,
    occurred_at=NOW,
)


@pytest.fixture
def messaging(make_database: MakeDatabase) -> Database:
    database = make_database("messaging")
    employ(database)
    return database


def as_(database: Database, who: Member) -> Browser:
    site = site_of(WebConfig(), database, VirtualClock(NOW))
    return Browser(make_app(site, Path("nowhere"), [], subscriptions=[ACCESS]), who)


def set_aside(database: Database) -> None:
    """One message that can be applied by now, and one that nobody will ever read."""
    chunk = chunk_of([PORTO])
    good = of_subject("access", (make_id("message", 1), 0), decode(chunk.type.name, encode(chunk)), "too early", NOW)
    bad = of_message(
        "access", make_id("message", 2), "access.changed.v1", b"{", republished=False, reason="not JSON", at=NOW
    )
    with database.transaction() as tx:
        store_dead_letters(tx, [good, bad])


def test_only_who_operates_sees_the_figures(messaging: Database) -> None:
    assert as_(messaging, MARTA).get("/messaging/delivery").status_code == 403
    assert as_(messaging, MARTA).get("/messaging/dead-letters").status_code == 403


def test_the_figures_say_what_waits_and_for_how_long(messaging: Database) -> None:
    with messaging.transaction() as tx:
        tx.execute(
            """
            insert into mailbox (queue, concern, message_id, type, lane, headers, body, available_at)
            values ('messaging.access.stay', 'access', %s, 'property.changed.v1', 'stay', '{}', '', %s)
            """,
            (make_id("message", 3), NOW - timedelta(minutes=2)),
        )
    set_aside(messaging)
    assert as_(messaging, ADA).get("/messaging/delivery").json == {
        "service": "messaging",
        "outbox": {"pending": 0, "age": None, "put_off": 0, "error": None},
        "mailbox": [{"concern": "access", "waiting": 1, "age": 120}],
        "dead_letters": 2,
        "heard_at": None,
        "relay": False,
    }


def test_what_waits_in_the_outbox_has_an_age(make_database: MakeDatabase) -> None:
    console = make_database("console")
    employ(console)
    with console.transaction() as tx:
        publish(tx, chunk_of([replace(PORTO, code="FAO")]), at=NOW - timedelta(seconds=30))
    found = as_(console, ADA).get("/console/delivery").json
    assert found is not None and found["outbox"]["pending"] == 1 and found["outbox"]["age"] == 30


def test_what_was_set_aside_is_opened_without_contact_points_replayed_and_dropped(messaging: Database) -> None:
    set_aside(messaging)
    ada = as_(messaging, ADA)
    assert "too early" in words(ada.get("/messaging/dead-letters"))
    assert "not JSON" not in words(ada.get("/messaging/dead-letters?key=OPO"))
    assert "Casa do Douro Porto" in words(ada.get("/messaging/dead-letters/1"))
    assert "It could not be read: 1 bytes." in words(ada.get("/messaging/dead-letters/2"))
    done = words(ada.post("/messaging/dead-letters/replay", {"id": ["1", "2"]}))
    assert "1 message was applied." in done and "1 message still cannot be applied." in done
    with messaging.transaction() as tx:
        assert "OPO" in [hotel.code for hotel in hotels(tx)]
    assert "was applied" not in words(ada.post("/messaging/dead-letters/replay", {"id": "1"}))  # twice: nothing left
    assert "1 message was dropped." in words(ada.post("/messaging/dead-letters/drop", {"id": "2"}))
    assert "Nothing is set aside" in words(ada.get("/messaging/dead-letters"))
    assert ada.get("/messaging/dead-letters/2").status_code == 404


def test_who_replays_or_drops_is_told_to_the_audit_trail(messaging: Database) -> None:
    set_aside(messaging)
    ada = as_(messaging, ADA)
    ada.get("/messaging/dead-letters")
    ada.post("/messaging/dead-letters/drop", {"id": ["1", "2"]})
    with messaging.transaction() as tx:
        query = "select body from outbox where convert_from(body, 'utf8') like '%dead_letters.dropped%'"
        (body,) = tx.execute(query).fetchone() or (b"",)
    said = decode("audit.recorded.v1", bytes(body))
    assert (said["actor"], said["action"]) == (["Ada Azevedo"], ["dead_letters.dropped"])
    assert said["details"] == [{"ids": [1, 2], "dropped": 2}]


def many(database: Database, count: int, reason: str = "a column is missing") -> None:
    """What can be applied by now, one message a subject."""
    letters = []
    for number in range(count):
        chunk = chunk_of([replace(PORTO, code=f"H{number}")])
        decoded = decode(chunk.type.name, encode(chunk))
        letters.append(of_subject("access", (make_id("many", number), 0), decoded, reason, NOW))
    with database.transaction() as tx:
        store_dead_letters(tx, letters)


def test_all_that_match_are_replayed_and_what_came_since_they_were_shown_is_not(
    messaging: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching_letters, "AT_ONCE", 50)
    set_aside(messaging)
    many(messaging, 130)
    ada = as_(messaging, ADA)
    shown = ada.get("/messaging/dead-letters?reason=COLUMN").get_data(as_text=True)
    assert "Replay all that match: 130" in shown and 'data-asks="Replay 130 messages?"' in shown
    assert "The newest 100 are shown." in shown
    newest = re.search(r'name="newest" value="(\d+)"', shown)
    assert newest
    late = of_message(
        "access", make_id("late"), "access.changed.v1", b"{", republished=False, reason="a column is missing", at=NOW
    )
    with messaging.transaction() as tx:
        store_dead_letters(tx, [late])
    done = words(ada.post("/messaging/dead-letters/replay", {"reason": "column", "newest": newest[1]}))
    assert "130 messages were applied." in done and "still cannot" not in done
    with messaging.transaction() as tx:
        assert len([hotel for hotel in hotels(tx) if hotel.code.startswith("H")]) == 130
        assert tx.execute("select count(*) from dead_letter").fetchone() == (3,)
    assert [said["tried"] for said in audited(messaging, "dead_letters.replayed")] == [50, 50, 30]


def test_all_that_match_are_dropped_and_no_other(messaging: Database) -> None:
    set_aside(messaging)
    many(messaging, 3)
    done = as_(messaging, ADA)
    done.get("/messaging/dead-letters")
    assert "3 messages were dropped." in words(
        done.post("/messaging/dead-letters/drop", {"reason": "a column", "newest": "9" * 18})
    )
    (said,) = audited(messaging, "dead_letters.dropped")
    assert (said["filter"], said["dropped"]) == ({"reason": "a column"}, 3)
    with messaging.transaction() as tx:
        assert tx.execute("select count(*) from dead_letter").fetchone() == (2,)


def audited(database: Database, action: str) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        query = "select body from outbox where type = 'audit.recorded.v1' order by id"
        bodies = [decode("audit.recorded.v1", bytes(body)) for (body,) in tx.execute(query)]
    return [
        details for one in bodies for done, details in zip(one["action"], one["details"], strict=True) if done == action
    ]
