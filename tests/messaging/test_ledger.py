"""A line of the ledger, as it is promised; holidays through the table; the words that leave."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.messaging.commands.sending.calendar import Calendar, fill_holidays
from services.messaging.config import Config
from services.messaging.queries.decided import DECIDED
from shared.crypto.signing import LinkSigner
from shared.errors import SettingError
from shared.vocabulary.contact_point import PointClass
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import (
    Hotel,
    Provider,
    birthday,
    email,
    guest,
    heard,
    lisbon,
    mobile,
    stay,
    stay_id,
    survey,
    win_back,
)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"))
    return hotel


def test_a_line_says_all_it_should(hotel: Hotel) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, "ana@example.com")], language="pt-BR"), survey())
    hotel.runs()
    assert hotel.lines() == [
        {
            "at": "2016-06-06T10:00:00Z",
            "local": "2016-06-06T11:00:00+01:00",
            "guest": str(ANA),
            "property": "LIS",
            "journey": "post-stay-survey",
            "version": 1,
            "step": "send",
            "occurrence": "stay:LIS-000001",
            "channel": "email",
            "purpose": "feedback",
            "to": "ana@example.com",
            "language": "pt",
            "state": "sent",
            "reason": None,
        }
    ]


def test_a_line_without_a_channel_has_no_address(hotel: Hotel) -> None:
    alias = email(hotel.keyring, "x@guest.booking.com", PointClass.MASKED, stay_id("LIS-000009"))
    hotel.hears(guest(), survey(), guest(version=2, points=[alias]), survey(plan=2))
    hotel.runs()
    assert {(line["channel"], line["to"], line["reason"]) for line in hotel.lines()} == {
        ("email", None, "masked_address")
    }


def test_lines_come_in_the_order_of_instant_and_message(hotel: Hotel) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, "ana@example.com")]))
    night = datetime(2016, 6, 6, 22, tzinfo=UTC)
    hotel.hears(*(birthday(plan=plan, due_at=night) for plan in range(6)))
    hotel.runs(night)
    hotel.runs(datetime(2016, 6, 7, 9, tzinfo=UTC))
    with hotel.database.transaction() as tx:
        rows = tx.execute(f"select at, message_id from {DECIDED} as decision").fetchall()
    assert [line["at"] for line in hotel.lines()] == [_text(at) for at, _ in sorted(rows)]
    assert len(rows) == 12


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_leaves_carries_its_words_and_a_signed_way_out(hotel: Hotel) -> None:
    provider = hotel.provider
    assert isinstance(provider, Provider)
    hotel.hears(guest(points=[email(hotel.keyring, "ana@example.com")], language="de"), survey())
    hotel.runs()
    (message,) = provider.taken
    assert (message.to, message.language, message.purpose, message.from_name) == (
        "ana@example.com", "de", "feedback", "Casa do Rio",
    )  # fmt: skip
    assert "Frau Silva" in message.text
    assert message.unsubscribe_url and message.unsubscribe_url in message.text
    token = message.unsubscribe_url.rpartition("/")[2]
    assert LinkSigner.of(hotel.keyring).read("unsubscribe", token) == message.message_id


def test_a_text_message_must_arrive_before_the_hours_close(hotel: Hotel) -> None:
    provider = hotel.provider
    assert isinstance(provider, Provider)
    hotel.hears(
        guest(points=[mobile(hotel.keyring, "+447700900357")], country="GB", home_zone="Europe/London"), survey()
    )
    hotel.runs()
    (message,) = provider.taken
    assert (message.channel, message.valid_for) == ("sms", 6 * 3600)  # 11:00 to 17:00


def test_holidays_are_entered_once_and_an_operators_day_stays(hotel: Hotel) -> None:
    with hotel.database.transaction() as tx:
        fill_holidays(tx, {"PT", "XX"}, {2016})
        tx.execute("insert into holiday (country, day, name) values ('PT', '2016-06-13', 'Santo António')")
        tx.execute("delete from holiday where country = 'PT' and day = '2016-12-01'")
        fill_holidays(tx, {"PT", "XX"}, {2016})
        calendar = Calendar()
        calendar.prepare(tx, {"PT", "XX"}, date(2016, 6, 6))
    assert calendar.is_holiday("PT", date(2016, 6, 13))
    assert calendar.is_holiday("PT", date(2016, 6, 10))
    assert calendar.is_holiday("PT", date(2017, 1, 1))
    assert not calendar.is_holiday("PT", date(2016, 12, 1))
    assert not calendar.is_holiday("XX", date(2016, 6, 10))


HOLIDAY = datetime(2016, 6, 10, 9, tzinfo=UTC)


def test_a_text_message_with_an_offer_waits_for_the_day_after_a_holiday(hotel: Hotel) -> None:
    hotel.hears(guest(points=[mobile(hotel.keyring, "+351920000657")]))
    hotel.hears(heard(HOLIDAY), win_back(due_at=HOLIDAY, channels=["sms"]))
    hotel.runs(HOLIDAY)
    assert hotel.sender.next_due() == datetime(2016, 6, 11, 9, tzinfo=UTC)
    hotel.runs(datetime(2016, 6, 11, 9, tzinfo=UTC))
    assert hotel.outcomes() == [("held", "quiet_hours"), ("sent", None)]


def test_a_mail_with_an_offer_goes_on_a_holiday(hotel: Hotel) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, "ana@example.com")]), birthday(due_at=HOLIDAY))
    hotel.runs(HOLIDAY)
    assert hotel.outcomes() == [("sent", None)]


def test_settings_are_read_once_and_a_wrong_one_is_named() -> None:
    assert Config.read({}) == Config()
    read = Config.read(
        {"GUESTLOOP_CAP_CONTACTS": "3", "GUESTLOOP_ORIGIN": "https://x.example/", "GUESTLOOP_SMS": "twilio"}
    )
    assert (read.cap_contacts, read.origin, read.sandboxed) == (3, "https://x.example", ("email", "whatsapp"))
    with pytest.raises(SettingError, match="GUESTLOOP_ORIGIN"):
        Config.read({"GUESTLOOP_ORIGIN": "https://x.example/with/a/path"})
    for name in ("GUESTLOOP_CAP_CONTACTS", "GUESTLOOP_CAP_DAYS", "GUESTLOOP_LEASE_MINUTES", "GUESTLOOP_CLAIM_BATCH"):
        with pytest.raises(SettingError, match=name):
            Config.read({name: "none"})


def test_nothing_personal_stands_in_the_open_at_rest(hotel: Hotel) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, "ana@example.com")]), survey(), birthday())
    hotel.runs()
    with hotel.database.transaction() as tx:
        rows: list[Any] = tx.execute(
            "select d::text from delivery d union all select p::text from recipient_point p"
        ).fetchall()
        rows += tx.execute("select d::text from decision d").fetchall()
        rows += tx.execute("select convert_from(body, 'utf8') from outbox").fetchall()
    assert rows and not any("ana@example.com" in row[0] for row in rows)
