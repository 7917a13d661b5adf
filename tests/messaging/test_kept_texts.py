"""The words of what really leaves are kept, sealed, for thirteen months after the month; an erased guest's go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.messaging.channels.keeping import KeepingSender
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.messages import as_sent
from shared.database.pool import Database
from shared.events.segments.guests import GuestErased
from shared.personal_data.retention.subjects import MonthsSubject, make_months, subjects_of
from shared.vocabulary.message import MessageState
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, lisbon
from tests.messaging.keeping import drop_all
from tests.messaging.outgoing import mail

TEXTS = {one.name: one for one in subjects_of(PERSONAL_DATA) if one.name in ("sent_text", "kept_text")}


def kept(hotel: Hotel) -> Any:
    return hotel.one("select count(*) from text_of_message")


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("messaging")


def with_months(database: Database, now: datetime) -> None:
    with database.transaction() as tx:
        make_months(tx.connection, PERSONAL_DATA, now)


def drop(database: Database, now: datetime, name: str = "sent_text") -> int:
    with database.transaction() as tx:
        return drop_all(TEXTS[name], tx, now)


def test_the_words_are_kept_before_the_provider_answers_and_sealed(database: Database) -> None:
    provider = Provider(MessageState.UNKNOWN)
    hotel = Hotel(database, KeepingSender(database, provider))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("unknown", None)]
    assert "Something to look forward to" not in hotel.one("select sent_text::text from sent_text")


@pytest.mark.parametrize("has_months", [True, False], ids=["months", "none was made"])
def test_thirteen_months_after_their_month_they_go(database: Database, has_months: bool) -> None:
    sender, first = KeepingSender(database, Provider()), mail(1)
    if has_months:
        with_months(database, first.at)
    sender.send([first, replace(mail(2), at=first.at + timedelta(days=31))])
    assert first.at.month == 5
    left = []
    for month, day in ((6, 30), (7, 1), (7, 31), (8, 1)):
        drop(database, datetime(first.at.year + 1, month, day, tzinfo=UTC))
        left.append(kept(Hotel(database)))
    assert left == [2, 1, 1, 0]


def test_they_are_kept_by_month() -> None:
    assert isinstance(TEXTS["sent_text"], MonthsSubject)


def test_of_several_attempts_the_newest_is_what_the_guest_was_sent(database: Database) -> None:
    hotel = Hotel(database, KeepingSender(database, Provider()))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    message_id = hotel.one("select message_id from delivery")
    with_months(database, MONDAY)
    for days, words in ((40, "Second"), (3, "First")):
        KeepingSender(database, Provider()).send(
            [replace(mail(1, text=words), message_id=message_id, at=MONDAY + timedelta(days=days))]
        )
    with database.transaction() as tx:
        read = as_sent(tx, message_id)
    assert read is not None and read.text == "Second"


def test_texts_of_before_are_read_until_their_own_term_ends_them(database: Database) -> None:
    """An installation that was upgraded has some where they always were, and the version before writes some there."""
    hotel = Hotel(database, KeepingSender(database, Provider()))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    with database.transaction() as tx:
        tx.execute("insert into kept_text select message_id, text_sealed, sent_at, sheet from text_of_message")
        tx.execute("delete from sent_text")
        read = as_sent(tx, hotel.one("select message_id from delivery"))
    assert read is not None and read.subject == "Something to look forward to"
    ends = datetime(MONDAY.year + 1, MONDAY.month + 1, MONDAY.day, MONDAY.hour, tzinfo=UTC)
    assert drop(database, ends, "kept_text") == 0
    assert drop(database, ends + timedelta(seconds=1), "kept_text") == 1
    assert kept(hotel) == 0


def test_a_request_that_comes_again_a_year_after_its_text_was_dropped_does_nothing(database: Database) -> None:
    """Its delivery stays: the permanent key, and what became of the message."""
    provider = Provider()
    hotel = Hotel(database, KeepingSender(database, provider))
    with_months(database, MONDAY)
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    later = MONDAY + timedelta(days=900)
    assert drop(database, later) == 1 and kept(hotel) == 0
    before = hotel.all("select * from delivery")
    told = len(hotel.said())
    hotel.hears(birthday(), at=later)
    hotel.runs(later)
    assert hotel.all("select * from delivery") == before
    assert len(provider.taken) == 1 and len(hotel.said()) == told and kept(hotel) == 0


def test_an_erased_guests_words_go_too(database: Database) -> None:
    hotel = Hotel(database, KeepingSender(database, Provider()))
    with_months(database, MONDAY)
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    with database.transaction() as tx:
        tx.execute("insert into kept_text select message_id, text_sealed, sent_at, sheet from text_of_message")
    assert kept(hotel) == 2
    hotel.hears(GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY))
    assert kept(hotel) == 0
