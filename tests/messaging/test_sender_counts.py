"""What each sender sent a day and what came back: counted every night, from half a year ago on, and twice anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.messaging.commands.receipts import take_reports
from services.messaging.commands.senders.counting import count_senders
from services.messaging.config import Config
from services.messaging.queries.present_state import all_sender_days
from services.messaging.reconcile import Reconcile
from services.messaging.rules.receipts import Report
from shared.bus.republish import republish
from shared.vocabulary.channel import Channel
from shared.vocabulary.receipt import ReceiptState
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, guest, lisbon, mobile, stay, survey

A_DAY = timedelta(days=1)
NIGHT = (MONDAY + A_DAY).replace(hour=3)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    """A survey went to Ana, by SMS of the environment's sender."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=[mobile(hotel.keyring, "+351920000657")]), survey())
    hotel.runs()
    return hotel


def counted(hotel: Hotel) -> list[tuple[Any, ...]]:
    names = ("sender", "purpose", "day", "name", "channel", "sent", "bounced", "complained")
    return [tuple(one[name] for name in names) for one in hotel.published("sender.counted.v1")]


def count(hotel: Hotel, at: Any) -> int:
    """All that is due; how often something was."""
    times = 0
    while True:
        with hotel.database.transaction() as tx:
            if not count_senders(tx, at):
                return times
        times += 1


def comes_back(hotel: Hotel, at: Any, state: ReceiptState = ReceiptState.BOUNCED) -> None:
    told = Report(message_id=survey().message_id, state=state, channel=Channel.SMS, happened_at=at, reason=None)
    with hotel.database.transaction() as tx:
        assert take_reports(tx, [told], at) == 1


def test_a_day_that_is_over_is_counted_with_what_came_back_on_it(hotel: Hotel) -> None:
    assert count(hotel, NIGHT - timedelta(hours=4)) == 8 and counted(hotel) == [], "half a year, and today is not over"
    comes_back(hotel, MONDAY + timedelta(hours=2))
    assert count(hotel, NIGHT - timedelta(minutes=1)) == 0
    assert count(hotel, NIGHT) == 1
    assert counted(hotel) == [("sms", "feedback", "2016-06-06", "", "sms", 1, 1, 0)]


def test_what_is_reported_late_counts_on_its_own_day_and_the_days_before_are_counted_anew(hotel: Hotel) -> None:
    count(hotel, NIGHT)
    comes_back(hotel, MONDAY + A_DAY)
    count(hotel, NIGHT + A_DAY)
    again = counted(hotel)
    assert again[-2:] == [
        ("sms", "feedback", "2016-06-06", "", "sms", 1, 0, 0),
        ("sms", "feedback", "2016-06-07", "", "sms", 0, 1, 0),
    ]
    versions = [one["version"] for one in hotel.published("sender.counted.v1")]
    assert versions[0] < versions[1] == versions[2]


def test_after_an_outage_no_day_is_left_out(hotel: Hotel) -> None:
    count(hotel, NIGHT - 5 * A_DAY)
    assert count(hotel, NIGHT + 60 * A_DAY) == 3
    assert [day for _, _, day, *_ in counted(hotel)] == ["2016-06-06"]


def test_the_role_does_it_where_it_is_told_to(hotel: Hotel) -> None:
    role = Reconcile(hotel.database, Config(), {}, counts=True)
    due = role.next_due()
    assert due is not None and due < MONDAY
    while (due := role.next_due()) is not None and due <= NIGHT:
        role.step(NIGHT)
    assert due == NIGHT + A_DAY and [day for _, _, day, *_ in counted(hotel)] == ["2016-06-06"]
    idle = Reconcile(hotel.database, Config(), {})
    assert idle.next_due() is None and idle.step(NIGHT + 9 * A_DAY) == 0


def test_all_that_is_counted_can_be_published_again(hotel: Hotel) -> None:
    count(hotel, NIGHT)
    told = counted(hotel)
    assert republish(hotel.database, all_sender_days, NIGHT, most=1) == len(told) == 1
    assert counted(hotel) == [*told, *told]
    assert min(one["version"] for one in hotel.published("sender.counted.v1")) == 1, "it replaces nothing newer"
