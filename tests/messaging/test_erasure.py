"""A guest is erased while messages are on their way, and what they objected to outlives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sender import Outcome, Outgoing
from services.messaging.commands.consents.ledger import record_consent
from shared.events.feedback import ObjectionUnread
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.message import MessageState
from tests.cast import ADDRESS, ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, claim, email, guest, lisbon, mobile, stop, survey

NUMBER = "+351910000001"
ERASED = GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY)


class ErasingProvider(Provider):
    """The guest is erased while it has the messages in hand."""

    def __init__(self, answer: MessageState, **more: Any) -> None:
        super().__init__(answer, **more)
        self.hotel: Hotel | None = None

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        assert self.hotel is not None
        self.hotel.hears(ERASED)
        return super().send(batch)


@pytest.mark.parametrize(
    ("answer", "more", "ends"),
    [
        (MessageState.SENT, {"provider_ref": "SM1"}, "sent"),
        (MessageState.UNKNOWN, {"provider_detail": "no answer"} if False else {"detail": "no answer"}, "unknown"),
        (MessageState.FAILED, {"detail": f"refused {ADDRESS}"}, "failed"),
        (MessageState.FAILED, {"again": True}, "skipped"),
    ],
    ids=["sent", "unknown", "refused", "to be tried again"],
)
def test_a_message_on_its_way_ends_as_usual_and_then_nothing_of_it_stays(
    make_database: MakeDatabase, answer: MessageState, more: dict[str, Any], ends: str
) -> None:
    database = make_database("messaging")
    provider = ErasingProvider(answer, **more)
    hotel = provider.hotel = Hotel(database, KeepingSender(database, provider))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    hotel.runs(MONDAY + timedelta(hours=2))
    assert [message.to for message in provider.taken] == [ADDRESS]
    found = hotel.all("select state, address_sealed, point, occurrence, provider_ref, provider_detail from delivery")
    assert found == [(ends, None, None, "", None, None)]
    assert hotel.all('select "values" from delivery') == [({},)]
    assert hotel.one("select count(*) from decision where address_sealed is not null") == 0
    assert hotel.one("select count(*) from text_of_message") == 0
    (said,) = hotel.published("guest.forgotten.v1")
    assert said["rows"]["recipient"] == 1


def test_an_objection_to_all_of_a_channel_outlives_the_guest(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[mobile(hotel.keyring, NUMBER)]), stop(hotel.keyring, "sms", NUMBER), ERASED)
    assert hotel.all("select from suppression") == []
    hotel.hears(guest(BEN, points=[mobile(hotel.keyring, NUMBER), email(hotel.keyring, "ben@example.com")]))
    kept = hotel.all("select channel, purpose from suppression where source = 'erasure' order by 1, 2")
    of_whatsapp = [
        ("whatsapp", "feedback"),
        ("whatsapp", "marketing"),
    ]  # who comes again is not written to there either
    assert kept == [("sms", "all"), ("sms", "feedback"), ("sms", "marketing"), *of_whatsapp]


def test_a_point_that_another_guest_has_too_keeps_its_objection_for_them(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    shared = [mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), guest(points=shared), guest(BEN, points=shared), stop(hotel.keyring, "sms", NUMBER), ERASED)
    assert hotel.all("select purpose, source from suppression") == [("all", "reply")]


def test_what_may_be_an_objection_on_a_point_of_two_goes_on_holding_the_other(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    shared = [mobile(hotel.keyring, NUMBER)]
    unread = ObjectionUnread(
        reply_id=make_id("reply", "1"),
        point=hotel.keyring.index("sms", NUMBER),
        version=1,
        channel=Channel.SMS,
        guest_id=None,  # of either of them
        unread=True,
        optout_id=None,
        scope=None,
        occurred_at=MONDAY,
    )
    hotel.hears(lisbon(), guest(points=shared), guest(BEN, points=shared), unread, ERASED)
    assert hotel.all("select unread from objection_unread") == [(True,)]


@pytest.mark.parametrize("by", ["an import", "the desk"])
def test_a_later_express_consent_lifts_it_for_good(make_database: MakeDatabase, by: str) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), reached(hotel), ERASED)
    points = [email(hotel.keyring, ADDRESS)]
    hotel.hears(guest(BEN, points=points, consents=[claim("email", ClaimedConsent.EXISTING_CUSTOMER)]))
    assert hotel.all("select purpose from suppression order by 1") == [("feedback",), ("marketing",)]
    later = MONDAY + timedelta(days=1)
    if by == "an import":
        agreed = [claim("email", said_at=later, source_ref="LIS-2")]
        hotel.hears(guest(BEN, version=2, points=points, consents=agreed), at=later)
    else:
        with hotel.database.transaction() as tx:
            record_consent(tx, BEN, "email", "marketing", said_at=later, source_ref="the desk", at=later)
    left = [("feedback",)]  # it was about advertising
    assert hotel.all("select purpose from suppression order by 1") == left
    hotel.hears(guest(BEN, version=3, points=points), at=later)
    assert hotel.all("select purpose from suppression order by 1") == left


def test_a_stay_is_written_about_and_a_survey_is_not(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), reached(hotel), ERASED)
    hotel.hears(guest(BEN, points=[email(hotel.keyring, ADDRESS)], consents=[claim("email", ClaimedConsent.UNKNOWN)]))
    hotel.hears(survey(guest_id=BEN, stay_id=None))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "suppressed")]
