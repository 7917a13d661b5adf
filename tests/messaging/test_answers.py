"""A person's answer to what a guest wrote: where, when and in which words it goes, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from services.messaging.channels.email.mime import MailSettings, as_bytes
from services.messaging.channels.sender import Outgoing
from shared.crypto.purposes import Sealing
from shared.events.feedback import ReplyAnswered
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from shared.vocabulary.right import Right
from tests.cast import ADDRESS, ANA
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER
from tests.messaging.hotel import MONDAY, Hotel, Provider, email, guest, lisbon, mobile, stop
from tests.messaging.test_objection_unread import asked

NIGHT = MONDAY.replace(hour=1)
OTHER = "ana.silva@work.example"
WORDS = "Dear Ana,\nyour pillow {{ is }} <changed> {% endraw %}.\n\nUntil soon"


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    points = [email(hotel.keyring, ADDRESS), email(hotel.keyring, OTHER), mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), guest(points=points))
    return hotel


def answered(hotel: Hotel, channel: str = "email", at: datetime = MONDAY, **more: Any) -> ReplyAnswered:
    """Ana wrote ten minutes before."""
    values: dict[str, Any] = {
        "message_id": make_id("message", "answer", channel, at.isoformat()),
        "version": 1,
        "guest_id": ANA,
        "property": "LIS",
        "stay_id": None,
        "channel": Channel(channel),
        "point": hotel.keyring.index(channel, OTHER if channel == "email" else NUMBER),
        "language": "de",
        "words": hotel.keyring.seal(WORDS, Sealing.ANSWER),
        "subject": hotel.keyring.seal("Re: the pillow", Sealing.ANSWER) if channel == "email" else None,
        "in_reply_to": "<42@guest.example>" if channel == "email" else None,
        "heard_at": at - timedelta(minutes=10),
        "useful_until": at + timedelta(days=3),
        "answered_at": at,
    }
    return ReplyAnswered(**(values | more))


def taken(hotel: Hotel) -> list[Outgoing]:
    assert isinstance(hotel.provider, Provider)
    return hotel.provider.taken


def test_it_goes_once_where_the_guest_wrote_from_with_the_words_as_they_stand(hotel: Hotel) -> None:
    answer = answered(hotel)
    hotel.hears(answer, answer)
    hotel.hears(replace(answer, version=2, words=hotel.keyring.seal("Something else", Sealing.ANSWER)))
    hotel.runs()
    (mail,) = taken(hotel)
    assert (mail.to, mail.subject, mail.language, mail.message_id) == (OTHER, "Re: the pillow", "de", answer.message_id)
    assert WORDS in mail.text
    assert "&lt;changed&gt;" in str(mail.html)
    assert "weil Sie uns geschrieben haben" in mail.text
    assert mail.unsubscribe_url is None
    assert hotel.outcomes() == [("sent", None)]


def test_a_mail_program_shows_it_below_the_question_and_nobody_takes_it_for_a_machines(hotel: Hotel) -> None:
    settings = MailSettings("stay@hotel.example", "hotel.example")
    hotel.hears(answered(hotel))
    hotel.runs()
    read = message_from_bytes(as_bytes(taken(hotel)[0], settings), policy=policy.default)
    assert read["In-Reply-To"] == read["References"] == "<42@guest.example>"
    assert read["Auto-Submitted"] is None
    forged = replace(taken(hotel)[0], in_reply_to="<a@b>\r\nBcc: x@y.example", is_by_hand=False)
    read = message_from_bytes(as_bytes(forged, settings), policy=policy.default)
    assert (read["In-Reply-To"], read["Bcc"], read["Auto-Submitted"]) == (None, None, "auto-generated")


def test_without_a_title_it_has_the_hotels_name(hotel: Hotel) -> None:
    hotel.hears(answered(hotel, subject=None))
    hotel.runs()
    assert taken(hotel)[0].subject == "Casa do Rio"


def test_where_the_guest_wrote_from_is_no_longer_theirs_it_goes_to_their_best(hotel: Hotel) -> None:
    hotel.hears(answered(hotel, point=hotel.keyring.index("email", "somebody@else.example")))
    hotel.runs()
    assert [mail.to for mail in taken(hotel)] == [ADDRESS]


@pytest.mark.parametrize(
    ("channel", "heard", "outcome"),
    [
        ("sms", timedelta(minutes=10), ("sent", None)),  # a conversation
        ("sms", timedelta(hours=5), ("held", "quiet_hours")),  # it would wake them
        ("email", timedelta(hours=5), ("sent", None)),  # nobody is woken
    ],
)
def test_at_night_only_who_is_awake_is_rung(
    hotel: Hotel, channel: str, heard: timedelta, outcome: tuple[str, str | None]
) -> None:
    hotel.hears(answered(hotel, channel, NIGHT, heard_at=NIGHT - heard))
    hotel.runs(NIGHT)
    assert hotel.outcomes() == [outcome]
    if channel == "sms" and taken(hotel):
        assert taken(hotel)[0].valid_for == 3600
    hotel.runs(MONDAY)
    assert hotel.outcomes()[-1] == ("sent", None)


@pytest.mark.parametrize("scope", [OptOutScope.MARKETING, OptOutScope.FEEDBACK, OptOutScope.ALL_MARKETING])
def test_an_objection_to_offers_or_questions_does_not_stop_it(hotel: Hotel, scope: OptOutScope) -> None:
    hotel.hears(stop(hotel.keyring, "email", OTHER, scope), answered(hotel))
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)]


def test_a_stop_of_the_whole_number_does(hotel: Hotel) -> None:
    hotel.hears(stop(hotel.keyring, "sms", NUMBER, OptOutScope.CHANNEL), answered(hotel, "sms"))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "suppressed")]


def test_an_unread_objection_does_not_hold_it_and_restricted_data_do_not_forbid_it(hotel: Hotel) -> None:
    points = [email(hotel.keyring, OTHER), mobile(hotel.keyring, NUMBER)]
    hotel.hears(guest(points=points, version=9, rights=[Right.RESTRICTED]), asked(hotel))
    hotel.hears(answered(hotel), answered(hotel, "sms"))
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)] * 2


def test_too_late_it_is_of_no_use(hotel: Hotel) -> None:
    hotel.hears(answered(hotel))
    hotel.runs(MONDAY + timedelta(days=4))
    assert hotel.outcomes() == [("expired", "expired")]


def test_of_an_erased_guest_nothing_goes_and_no_word_stays(hotel: Hotel) -> None:
    hotel.hears(answered(hotel, "sms", NIGHT, heard_at=NIGHT - timedelta(hours=5)))
    hotel.runs(NIGHT)
    hotel.hears(GuestErased(guest_id=ANA, version=99, occurred_at=MONDAY))
    hotel.runs()
    assert taken(hotel) == []
    assert hotel.one('select "values"::text from delivery') in ("{}", None)
