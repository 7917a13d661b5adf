"""Webhooks against a real server on loopback: signed, in order by subject, at least once, for days, and then told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from typing import Any

import pytest

from services.console.commands.on.webhooks import take_events
from services.console.commands.webhooks import end_webhook, make_webhook
from services.console.config import Config
from services.console.rules.webhooks import GIVEN_UP_AFTER, PAUSES
from services.console.webhooks_role import Webhooks
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.console import WebhookDue
from shared.events.dictionary import all_types, event_type
from shared.events.told_outside import HOTEL, TOLD, UNTOLD
from shared.ids import make_id
from shared.outgoing.reach import networks
from tests.cast import ANA, BEN, NOW
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house
from tests.harness import off_the_wire
from tests.loopback import answering
from tests.web import words

AGAIN = "select greatest(next_at, rests_until) from webhook_message join webhook using (webhook_id)"
LOOPBACK = networks("127.0.0.1")
GUEST = "guest.changed.v1"


@dataclass
class Peer:
    """Another system: answers with `status`; `refuses`: guests of whom it takes nothing."""

    url: str = ""
    status: int = 204
    refuses: set[str] = field(default_factory=set)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[str, int]]:
        """Guest and version of all that was heard, in its order."""
        data = [json.loads(body)["data"] for _, body in self.heard]
        return [(one["guest_id"], one["version"]) for one in data]


@contextmanager
def peer() -> Iterator[Peer]:
    state = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            refused = json.loads(body)["data"].get("guest_id") in state.refuses
            self.send_response(503 if refused else state.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with answering(Handler) as port:
        state.url = f"http://127.0.0.1:{port}/hook"
        yield state


@pytest.fixture
def other() -> Iterator[Peer]:
    with peer() as running:
        yield running


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database("console"))
    house.config = Config(networks=LOOPBACK)
    return house


def webhook(house: House, other: Peer, *hotels: str, types: tuple[str, ...] = (GUEST,)) -> tuple[Any, str]:
    with house.database.transaction() as tx:
        return make_webhook(tx, other.url, types, hotels, "Ada Azevedo", NOW, plain_allowed=True)


def due(guest: Any, version: int, *, hotel: str | None = "LIS", name: str = GUEST) -> WebhookDue:
    data = {"guest_id": str(guest), "version": version}
    return WebhookDue(
        event_id=make_id("event", guest, version, name), version=1, service="segments", type=name,
        subject=f"guest {guest}", place=version, guest_id=guest, property=hotel, data=data, occurred_at=NOW,
    )  # fmt: skip


def told(house: House, *events: WebhookDue) -> None:
    with house.database.transaction() as tx:
        take_events(tx, off_the_wire(chunk_of(events)), NOW)


def run(house: House, at: datetime = NOW, steps: int = 9) -> int:
    role = Webhooks(house.database, LOOPBACK)
    return sum(role.step(at) for _ in range(steps))


def states(house: House) -> dict[str, int]:
    rows = house.all("select state || ' ' || attempts, count(*)::int from webhook_message group by 1")
    return dict(rows)


def test_a_message_is_signed_over_number_instant_and_body(house: House, other: Peer) -> None:
    _, secret = webhook(house, other)
    told(house, due(ANA, 1))
    run(house)
    ((headers, body),) = other.heard
    stamp, number = headers["webhook-timestamp"], headers["webhook-id"]
    assert (stamp, number) == (str(int(NOW.timestamp())), str(make_id("event", ANA, 1, GUEST)))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert json.loads(body) == {
        "type": GUEST, "timestamp": "2026-11-21T12:00:00Z", "data": {"guest_id": str(ANA), "version": 1}
    }  # fmt: skip
    assert secret not in str(house.all("select * from webhook")) + str(house.all("select * from outbox"))


def test_one_guests_later_event_waits_for_the_earlier_and_nobody_elses_does(house: House, other: Peer) -> None:
    webhook(house, other)
    told(house, due(ANA, 2), due(ANA, 1), due(BEN, 1))
    other.refuses = {str(ANA)}
    run(house)
    assert sorted(other.told) == sorted([(str(ANA), 1), (str(BEN), 1)])
    other.refuses = set()
    run(house, NOW + PAUSES[0])
    assert other.told[-2:] == [(str(ANA), 1), (str(ANA), 2)]
    assert states(house) == {"delivered 2": 1, "delivered 1": 2}


def test_an_event_that_is_heard_twice_is_told_once(house: House, other: Peer) -> None:
    webhook(house, other)
    told(house, due(ANA, 1))
    run(house)
    told(house, due(ANA, 1))
    run(house)
    assert other.told == [(str(ANA), 1)]


def test_a_process_that_dies_after_the_claim_is_followed_by_another_with_the_same_number(
    house: House, other: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook(house, other)
    told(house, due(ANA, 1))
    with monkeypatch.context() as dying:
        dying.setattr(Webhooks, "_keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            run(house)
    assert run(house) == 0  # the lease holds
    run(house, NOW + timedelta(minutes=5))
    assert len({headers["webhook-id"] for headers, _ in other.heard}) == 1
    assert len(other.heard) == 2
    assert states(house) == {"delivered 1": 1}


def test_it_is_tried_for_days_with_growing_pauses_then_given_up_told_and_tried_again(house: House, other: Peer) -> None:
    made, _ = webhook(house, other)
    told(house, due(ANA, 1))
    tried: list[datetime] = []
    other.status, at = 500, NOW
    while states(house) != {f"dead {len(tried)}": 1}:
        assert run(house, at, steps=1) == 1
        tried.append(at)
        ((at,),) = house.all(AGAIN)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == sorted(pauses) and pauses[0] == PAUSES[0] and len(tried) > 10
    assert tried[-1] - NOW >= GIVEN_UP_AFTER > tried[-2] - NOW
    ada = house.signed_in()
    assert "1 event could not be told to another system" in words(ada.get("/"))
    page = words(ada.get(f"/webhooks/{made}"))
    assert "given up" in page and "500" in page
    other.status = 200
    ada.post(f"/webhooks/{made}/retry")
    run(house, NOW)
    assert states(house) == {"delivered 1": 1}


def test_a_system_that_is_down_is_left_alone_with_all_that_waits_for_it(house: House, other: Peer) -> None:
    webhook(house, other)
    with peer() as well:
        webhook(house, well)
        other.status = 500
        told(house, *(due(make_id("guest", number), 1) for number in range(100)))
        run(house)
        assert len(well.heard) == 100
        assert len(other.heard) <= 64
        before = len(other.heard)
        run(house, NOW + timedelta(seconds=1))
        assert len(other.heard) == before


def test_a_webhook_hears_of_its_hotels_and_its_types_only(house: House, other: Peer) -> None:
    webhook(house, other, "SHA")
    told(house, due(ANA, 1), due(BEN, 1, hotel="SHA"), due(BEN, 2, hotel=None), due(BEN, 3, hotel="SHA", name="x.v1"))
    run(house)
    assert other.told == [(str(BEN), 1)]


def test_no_private_address_is_reached_unless_it_is_listed(house: House, other: Peer) -> None:
    made, _ = webhook(house, other)
    told(house, due(ANA, 1))
    Webhooks(house.database).step(NOW)
    assert other.heard == []
    assert "not public" in words(house.signed_in().get(f"/webhooks/{made}"))


@pytest.mark.parametrize(
    "url",
    [
        "http://hotel.example.com/",
        "ftp://hotel.example.com/",
        "https://",
        "https://a:b@c.example/",
        "x",
        "https://[::1",
    ],
)
def test_an_address_that_cannot_be_one_is_refused(house: House, url: str) -> None:
    with house.database.transaction() as tx, pytest.raises(InputError) as caught:
        make_webhook(tx, url, [GUEST], [], "Ada", NOW, plain_allowed=False)
    assert set(caught.value.problems) == {"url"}


def test_an_ended_webhook_is_told_nothing_more(house: House, other: Peer) -> None:
    made, _ = webhook(house, other)
    told(house, due(ANA, 1))
    with house.database.transaction() as tx:
        end_webhook(tx, made, "Ada Azevedo", NOW)
        end_webhook(tx, made, "Ada Azevedo", NOW)
    told(house, due(ANA, 2))
    assert run(house) == 0
    assert [chunk["types"] for chunk in house.said("webhook.changed.v1")] == [[[GUEST]], [[]]]


def test_an_administrator_makes_one_and_sees_its_secret_once(house: House) -> None:
    ada = house.signed_in()
    refused = ada.post("/webhooks", {"url": "hotel", "types": []})
    assert refused.status_code == 422 and "https://" in words(refused) and "Tick what" in words(refused)
    made = ada.post("/webhooks", {"url": "https://hotel.example.com/h", "types": [GUEST], "properties": ["LIS"]})
    secret = re.search(r"whsec_\S+", words(made))
    assert made.status_code == 201 and secret
    (number,) = house.all("select webhook_id from webhook")[0]
    for path in ("/webhooks", f"/webhooks/{number}"):
        text = words(ada.get(path))
        assert "hotel.example.com" in text and secret[0] not in text
    assert ada.get(f"/webhooks/{ANA}").status_code == 404
    ada.post(f"/webhooks/{number}/ending")
    assert "ended" in words(ada.get("/webhooks"))


def test_the_role_rests_until_something_waits(house: House, other: Peer) -> None:
    role = Webhooks(house.database, LOOPBACK)
    assert role.next_due() is None and role.step(NOW) == 0
    webhook(house, other)
    told(house, due(ANA, 1))
    assert role.next_due() == NOW


def test_of_every_event_it_is_said_what_is_told_outside_or_why_nothing_is() -> None:
    assert {kind.name for kind in all_types()} == TOLD.keys() | UNTOLD.keys()
    assert not TOLD.keys() & UNTOLD.keys()
    private = {"title", "given_name", "family_name", "birth_date", "points", "comment", "address", "values", "tags"}
    for name, told_fields in TOLD.items():
        kind = event_type(name)
        assert set(told_fields) <= set(kind.columns) - private, name
        assert {*kind.key, "version"} <= set(told_fields), name
        assert HOTEL.get(name, "property") in {*kind.columns, "property"}
