"""One message that cannot be judged, written, kept or recorded is that message's outcome; its neighbours are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.channels.sender import LookupOutcome, LookupRequest, LookupResult, Outcome, Outgoing
from services.messaging.commands.unwritten import try_again
from services.messaging.config import Config
from services.messaging.reconcile import Reconcile
from services.messaging.service import SERVICE
from shared.access.people import Person
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from shared.vocabulary.role import Role
from tests.cast import ADA, MARTA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon
from tests.web import Browser, browser, words

GUESTS = [make_id("guest", "poison", number) for number in range(3)]
PLACES = pytest.mark.parametrize("place", [0, 1, 2])
LATER = MONDAY + timedelta(minutes=5)


def three(database: Database, sender: Any = None, **more: Any) -> Hotel:
    """Three guests with a birthday each."""
    hotel = Hotel(database, sender)
    hotel.hears(lisbon())
    for number, guest_id in enumerate(GUESTS):
        hotel.hears(guest(guest_id, points=[email(hotel.keyring, f"guest{number}@example.com")]))
    hotel.hears(*[birthday(guest_id, **more) for guest_id in GUESTS])
    return hotel


def outcomes(hotel: Hotel) -> list[tuple[str, str | None]]:
    query = "select state, reason from delivery order by array_position(%s::uuid[], guest_id)"
    return [(state, reason) for state, reason in hotel.all(query, GUESTS)]


@PLACES
def test_a_message_that_cannot_be_judged_has_failed_and_its_neighbours_are_sent(
    make_database: MakeDatabase, place: int
) -> None:
    hotel = three(make_database("messaging"))
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set zone = 'Atlantis/Capital' where guest_id = %s", [GUESTS[place]])
    hotel.runs()
    found = outcomes(hotel)
    assert found.pop(place) == ("failed", "unjudged")
    assert found == [("sent", None)] * 2
    failed = [body for name, _, body in hotel.said() if name == "message.failed.v1"]
    assert [body["guest_id"] for body in failed] == [[str(GUESTS[place])]]
    assert "Atlantis" in hotel.one("select provider_detail from delivery where state = 'failed'")


def test_what_is_tried_again_passes_the_gate_again_and_is_sent_once(make_database: MakeDatabase) -> None:
    hotel = three(make_database("messaging"))
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set zone = 'Atlantis/Capital'")
    hotel.runs()
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set zone = 'Europe/Lisbon'")
        tx.execute("update delivery set useful_until = %s where guest_id = %s", [MONDAY, GUESTS[0]])
        tx.execute("update recipient set do_not_contact = 'asked' where guest_id = %s", [GUESTS[1]])
    for _ in range(2):
        with hotel.database.transaction() as tx:
            try_again(
                tx, "birthday", EVERYWHERE, by=Person(make_id("marta"), "Marta", Role.MARKETER, frozenset()), at=LATER
            )
        hotel.runs(LATER)
    assert outcomes(hotel) == [("failed", "unjudged"), ("skipped", "do_not_contact"), ("sent", None)]
    assert isinstance(hotel.provider, Provider) and len(hotel.provider.taken) == 1


@PLACES
def test_an_answer_that_cannot_be_stored_keeps_no_other_from_being_recorded(
    make_database: MakeDatabase, place: int
) -> None:
    class Odd(Provider):
        def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
            return [
                Outcome(
                    message_id=message.message_id,
                    state="gone" if message.to.startswith(f"guest{place}") else MessageState.SENT,  # type: ignore[arg-type]
                    provider_ref="nul \x00, half a pair \ud800",
                )
                for message in batch
            ]

    hotel = three(make_database("messaging"), Odd())
    hotel.runs()
    found = outcomes(hotel)
    assert found.pop(place) == ("claimed", None), "its lease runs out, and it is unknown"
    assert found == [("sent", None)] * 2


def test_a_sender_that_breaks_off_leaves_its_messages_unknown_and_the_role_goes_on(make_database: MakeDatabase) -> None:
    class Breaking(Provider):
        def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
            raise KeyError("unforeseen")

    hotel = three(make_database("messaging"), Breaking())
    hotel.runs()
    assert outcomes(hotel) == [("unknown", "cut_off")] * 3


def outgoing(number: int, **more: Any) -> Outgoing:
    told = {
        "channel": "email",
        "to": f"guest{number}@example.com",
        "text": "Hello",
        "at": MONDAY,
        "purpose": "marketing",
    }
    return Outgoing(message_id=make_id("message", number), **{**told, **more})


@PLACES
@pytest.mark.parametrize("keeping", [False, True])
def test_words_that_cannot_be_kept_are_that_messages_outcome(
    make_database: MakeDatabase, place: int, keeping: bool
) -> None:
    database, provider = make_database("messaging"), Provider()
    sender: Any = KeepingSender(database, provider) if keeping else SandboxSender(database)
    poison = {"subject": "half a pair \ud800"}
    batch = [outgoing(number, **(poison if number == place else {})) for number in range(3)]
    states = [one.state for one in sender.send(batch)]
    if "text" in poison:  # sealed text may hold anything
        assert states == [MessageState.SENT] * 3
        return
    assert states.pop(place) == MessageState.FAILED
    assert states == [MessageState.SENT] * 2
    assert not keeping or [one.message_id for one in provider.taken] == [
        one.message_id for number, one in enumerate(batch) if number != place
    ]


@PLACES
def test_a_message_that_cannot_be_asked_about_stays_unclear_and_its_neighbours_are_settled(
    make_database: MakeDatabase, place: int
) -> None:
    class Listing:
        def find(self, sought: LookupRequest) -> LookupResult:
            trace = LookupOutcome.FOUND
            return LookupResult(message_id=sought.message_id, trace=trace, provider_ref=f"listed {sought.message_id}")

    hotel = three(make_database("messaging"), Provider(MessageState.UNKNOWN))
    hotel.runs()
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set address_sealed = 'no sealed text' where guest_id = %s", [GUESTS[place]])
    reconcile = Reconcile(hotel.database, Config(), {"email": Listing()})
    assert reconcile.step(MONDAY + timedelta(hours=2)) == 3
    states = [state for state, _ in outcomes(hotel)]
    assert states.pop(place) == "unknown"
    assert states == ["sent"] * 2


def needs_at_home(reader: Browser) -> list[dict[str, Any]]:
    told = reader.get("/messaging/home").get_json()
    found: list[dict[str, Any]] = told["needs"]
    return found


def test_its_template_and_home_show_them_and_offer_to_try_them_again(make_database: MakeDatabase) -> None:
    hotel = three(make_database("messaging"), useful_until=datetime(2030, 1, 1, tzinfo=UTC))
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set zone = 'Atlantis/Capital'")
    hotel.runs()
    marketer = browser(SERVICE.build_web, Config(), hotel.database, MARTA, at=LATER)
    (need,) = [one for one in needs_at_home(marketer) if "could not be written" in one["text"]]
    assert (need["tone"], need["count"], need["url"]) == ("bad", 3, "/messaging/templates/birthday")
    page = words(marketer.get(need["url"]))
    assert "3 messages could not be written since" in page and "something in it could not be read" in page
    assert "Try 3 again" in page
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set zone = 'Europe/Lisbon'")
    page = words(marketer.post(f"{need['url']}/unwritten/retry"))
    assert "3 messages are tried again." in page and "could not be written" not in page
    hotel.runs(LATER)
    assert outcomes(hotel) == [("sent", None)] * 3
    assert hotel.one("select count(*) from outbox where type = 'audit.recorded.v1'")


def test_what_a_role_set_aside_is_shown_to_those_who_operate(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    with database.transaction() as tx:
        tx.execute(
            "insert into set_aside (role, item, what, reason, attempts, at, taken_back_by_role)"
            " values ('sweep', 'Atlantis', 'Atlantis', 'KeyError: no such zone', 1, %s, false)",
            [MONDAY],
        )
    operator = browser(SERVICE.build_web, Config(), database, ADA, at=LATER)
    (need,) = [one for one in needs_at_home(operator) if one["url"].endswith("dead-letters")]
    assert (need["tone"], need["count"]) == ("bad", 1)
    page = words(operator.get("/messaging/dead-letters"))
    assert "Could not be worked on" in page and "KeyError: no such zone" in page
    assert "1 item is tried again." in words(operator.post("/messaging/set-aside/retry", {"id": "1"}))
    assert "Nothing is set aside" in words(operator.get("/messaging/dead-letters"))
