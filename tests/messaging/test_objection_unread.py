"""What may be an objection holds offers and surveys until a person has read it, and START comes back with a proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.messaging.store.templates.versions import add_versions
from shared.events.feedback import ObjectionUnread, OptinRequested
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from tests.cast import ADDRESS, ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER
from tests.messaging.claim_under_way import while_it_is_claimed
from tests.messaging.hotel import (
    MONDAY,
    Hotel,
    birthday,
    claim,
    email,
    guest,
    lisbon,
    mobile,
    stay,
    stop,
    survey,
    win_back,
)
from tests.messaging.words import document

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), person(hotel))
    return hotel


def person(hotel: Hotel, **more: Any) -> Any:
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    return guest(points=points, consents=[claim("email"), claim("sms")], **more)


def asked(hotel: Hotel, reply: str = "1", *, version: int = 1, objection: bool = False, **more: Any) -> ObjectionUnread:
    values: dict[str, Any] = {
        "reply_id": make_id("reply", reply),
        "point": hotel.keyring.index("sms", NUMBER),
        "version": version,
        "channel": Channel.SMS,
        "guest_id": ANA,
        "unread": version == 1,
        "optout_id": make_id("optout", reply) if objection else None,
        "scope": OptOutScope.CHANNEL if objection else None,
        "occurred_at": MONDAY,
    }
    return ObjectionUnread(**(values | more))


def stand(hotel: Hotel) -> list[tuple[str, str | None]]:
    """How each message stands now."""
    return hotel.all("select state, reason from delivery order by message_id")


def again(hotel: Hotel, at: Any = LATER) -> OptinRequested:
    return OptinRequested(
        optin_id=make_id("optin", "1"),
        version=1,
        channel=Channel.SMS,
        point=hotel.keyring.index("sms", NUMBER),
        words="START",
        requested_at=at,
    )


def test_offers_and_surveys_wait_and_stay_service_goes(hotel: Hotel) -> None:
    hotel.hears(asked(hotel), stay("LIS-000001"), birthday(), survey())
    text = {**document(body=["The door code is on its way."]), "key": "directions", "purpose": "stay_service"}
    with hotel.database.transaction() as tx:
        add_versions(tx, {"directions": text}, by="Marta", at=MONDAY)
    service = survey(purpose="stay_service", occurrence="arrival:LIS-000001", template="directions")
    hotel.hears(service)
    hotel.runs()
    assert sorted(stand(hotel)) == [("held", "objection_unread")] * 2 + [("sent", None)]
    assert hotel.state_of(service) == "sent"


def test_no_time_ends_it_and_a_message_that_is_of_no_use_any_more_expires(hotel: Hotel) -> None:
    offer = birthday(useful_until=MONDAY + timedelta(days=30))
    hotel.hears(asked(hotel), offer)
    hotel.runs()
    hotel.runs(MONDAY + timedelta(days=29))
    assert stand(hotel) == [("held", "objection_unread")]
    hotel.runs(MONDAY + timedelta(days=31))
    assert stand(hotel) == [("expired", "expired")]


def test_read_as_ordinary_what_waited_goes(hotel: Hotel) -> None:
    hotel.hears(asked(hotel), birthday())
    hotel.runs()
    hotel.hears(asked(hotel, version=2))
    hotel.runs(LATER)
    assert stand(hotel) == [("sent", None)]


def test_what_a_claim_under_way_holds_goes_when_the_reply_was_read_meanwhile(hotel: Hotel) -> None:
    """The claim has judged the message held and has not yet committed when a person reads the reply."""
    hotel.hears(asked(hotel), birthday())
    while_it_is_claimed(hotel, lambda: hotel.hears(asked(hotel, version=2)))
    assert stand(hotel) == [("held", "objection_unread")]
    assert hotel.sender.next_due() == MONDAY
    hotel.runs(LATER)
    assert stand(hotel) == [("sent", None)]


def test_read_as_an_objection_it_counts_in_the_same_transaction(hotel: Hotel) -> None:
    """Feedback's own event of the objection may come later: nothing slips between the two."""
    offer = win_back(channels=["sms"], wants=[])
    hotel.hears(asked(hotel), offer)
    hotel.runs()
    hotel.hears(asked(hotel, version=2, objection=True))
    hotel.runs(LATER)
    assert stand(hotel) == [("skipped", "suppressed")]
    hotel.hears(stop(hotel.keyring, "sms", NUMBER))  # that event, late
    assert hotel.all("select count(*) from suppression where purpose = 'all'") == [(1,)]


def test_a_late_beginning_and_a_repeated_end_hold_nothing(hotel: Hotel) -> None:
    hotel.hears(asked(hotel, version=2), asked(hotel), asked(hotel, version=2))
    hotel.hears(birthday())
    hotel.runs()
    assert stand(hotel) == [("sent", None)]


def test_another_unread_reply_still_holds(hotel: Hotel) -> None:
    hotel.hears(asked(hotel), asked(hotel, "2"), birthday())
    hotel.runs()
    hotel.hears(asked(hotel, version=2))
    hotel.runs(LATER)
    assert stand(hotel) == [("held", "objection_unread")]


def test_it_holds_for_everybody_on_the_number_and_for_nobody_else(hotel: Hotel) -> None:
    hotel.hears(person(hotel, guest_id=BEN), asked(hotel, guest_id=None), birthday(), birthday(BEN))
    hotel.runs()
    assert stand(hotel) == [("held", "objection_unread")] * 2
    hotel.hears(asked(hotel, "3", point="f" * 64, guest_id=None))
    hotel.hears(asked(hotel, version=2, guest_id=None))
    hotel.runs(LATER)
    assert ("held", "objection_unread") not in stand(hotel)


def test_start_brings_back_what_was_agreed_to_before_with_a_proof(hotel: Hotel) -> None:
    hotel.hears(stop(hotel.keyring, "sms", NUMBER))
    hotel.hears(again(hotel), again(hotel))  # twice
    rows = hotel.all("select purpose, state, source from consent where channel = 'sms' order by purpose")
    assert rows == [("feedback", "express", "recorded"), ("marketing", "express", "recorded")]
    assert hotel.all("select count(*) from suppression") == [(0,)]
    ((proofs,),) = hotel.all("select count(*) from consent_ledger where proof_sealed is not null")
    assert proofs == 2


def test_start_is_no_consent_to_offers_that_were_never_agreed_to(hotel: Hotel) -> None:
    hotel.hears(guest(version=2, points=[mobile(hotel.keyring, NUMBER)], guest_id=BEN, consents=[]))
    hotel.hears(stop(hotel.keyring, "sms", NUMBER, guest_id=BEN))
    hotel.hears(again(hotel))
    found = hotel.all("select purpose, state from consent where channel = 'sms' and guest_id = %s", BEN)
    assert ("marketing", "withdrawn") in found


def test_an_objection_made_after_the_request_stands(hotel: Hotel) -> None:
    hotel.hears(stop(hotel.keyring, "sms", NUMBER, requested_at=LATER + timedelta(minutes=1)))
    hotel.hears(again(hotel))
    assert hotel.all("select purpose from suppression") == [("all",)]


def test_start_from_an_unknown_number_lifts_the_block_but_for_offers(hotel: Hotel) -> None:
    point = hotel.keyring.index("sms", "+351910999999")
    hotel.hears(stop(hotel.keyring, "sms", "+351910999999", guest_id=None))
    hotel.hears(OptinRequested(**(vars_of(again(hotel)) | {"point": point})))
    assert hotel.all("select purpose from suppression") == [("marketing",)]


def vars_of(subject: Any) -> dict[str, Any]:
    return {name: getattr(subject, name) for name in subject.__dataclass_fields__}
