"""The words of what really leaves are kept, sealed, for thirteen months; an erased guest's go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.messaging.channels.keeping import KeepingSender
from services.messaging.personal_data import PERSONAL_DATA
from shared.events.segments import GuestErased
from shared.personal_data.retention.subjects import subjects_of
from shared.personal_data.retention.terms import Terms
from shared.vocabulary.message import MessageState
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, lisbon
from tests.messaging.outgoing import mail


def kept(hotel: Hotel) -> Any:
    return hotel.one("select count(*) from kept_text")


def test_the_words_are_kept_before_the_provider_answers_and_sealed(make_database: MakeDatabase) -> None:
    provider = Provider(MessageState.UNKNOWN)
    database = make_database("messaging")
    hotel = Hotel(database, KeepingSender(database, provider))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("unknown", None)]
    assert "Something to look forward to" not in hotel.one("select kept_text::text from kept_text")


def test_after_thirteen_months_they_go(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    sender, first = KeepingSender(database, Provider()), mail(1)
    sender.send([first, replace(mail(2), at=first.at + timedelta(days=2))])
    texts = next(one for one in subjects_of(PERSONAL_DATA) if one.name == "kept_text")
    later = first.at.replace(year=first.at.year + 1, month=first.at.month + 1)
    for now, left in ((later, 2), (later + timedelta(days=1), 1)):
        with database.transaction() as tx:
            texts.drop(tx, Terms(), now, "")
        assert kept(Hotel(database)) == left


def test_an_erased_guests_words_go_too(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    hotel = Hotel(database, KeepingSender(database, Provider()))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    assert kept(hotel) == 1
    hotel.hears(GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY))
    assert kept(hotel) == 0
