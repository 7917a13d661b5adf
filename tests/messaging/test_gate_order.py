"""The order in which the gate asks, and which of a message's channels is taken or told of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.stay import StayStatus
from tests.cast import ADDRESS, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER, long_before
from tests.messaging.hotel import (
    LONG_AGO,
    MONDAY,
    Hotel,
    claim,
    complaint,
    email,
    guest,
    lisbon,
    mobile,
    stay,
    stop,
    win_back,
)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


def test_an_earlier_reason_wins_over_every_later_one(hotel: Hotel) -> None:
    """One message with all refusals against it; they are lifted one by one, in the gate's order."""
    points = [email(hotel.keyring, ADDRESS)]
    refused = [claim("email", ClaimedConsent.REFUSED)]
    hotel.hears(lisbon(), stop(hotel.keyring, "email", ADDRESS, "marketing"), complaint())
    hotel.hears(stay("LIS-000002", status=StayStatus.CHECKED_IN, occurred_at=LONG_AGO))
    hotel.hears(stay("LIS-000003", status=StayStatus.BOOKED, occurred_at=LONG_AGO))
    burdened = {"template": "unwritten", "holdout": 100}
    child = date(2010, 1, 1)
    hotel.hears(guest(points=[], consents=refused, birth_date=child, do_not_contact="asked"))
    seen = []

    def ask(number: int, occurrence: str = "lapse", **more: Any) -> None:
        message = win_back(occurrence=f"{occurrence}:{number}", **{**burdened, **more})
        hotel.hears(message)
        hotel.runs()
        seen.append(hotel.one("select reason from delivery where message_id = %s", message.message_id))

    ask(1, useful_until=MONDAY - timedelta(hours=1))
    hotel.hears(guest(version=2, points=[], consents=refused, birth_date=child))
    ask(2, useful_until=MONDAY - timedelta(hours=1))
    ask(3)
    hotel.hears(guest(version=3, points=points, consents=refused, birth_date=child))
    ask(4)
    free = email(hotel.keyring, "ana.silva@example.com")
    hotel.hears(guest(version=4, points=[free], consents=refused, birth_date=child))
    ask(5)
    with hotel.database.transaction() as tx:
        tx.execute("update consent set state = 'express' where channel = 'email'")
    ask(6)
    hotel.hears(guest(version=5, points=[free], birth_date=date(1900, 1, 1)))
    ask(7, occurrence="birthday")
    ask(9)
    hotel.hears(guest(version=6, points=[free]))
    with hotel.database.transaction() as tx:
        tx.execute("update case_known set open = false")
    ask(10)
    hotel.hears(stay("LIS-000002", status=StayStatus.CANCELLED, version=2, occurred_at=LONG_AGO))
    ask(11)
    hotel.hears(stay("LIS-000003", status=StayStatus.CANCELLED, version=2, occurred_at=LONG_AGO))
    ask(12)
    ask(13, template="win-back")
    ask(14, template="win-back", holdout=0)
    hotel.hears(stay("LIS-000009", CARLA, status=StayStatus.BOOKED))
    ask(15, template="win-back", holdout=0)
    assert seen == [
        "do_not_contact",
        "expired",
        "no_contact_point",
        "suppressed",
        "no_consent",
        "minor",
        "placeholder_date",
        "open_complaint",
        "in_house",
        "future_booking",
        "missing_value",
        "holdout",
        "stale_data",
        None,
    ]


def test_the_reason_of_the_channel_that_came_furthest_is_told(hotel: Hotel) -> None:
    points = [email(hotel.keyring, ADDRESS)]
    hotel.hears(lisbon(), long_before(), guest(points=points, consents=[claim("sms")]), win_back())
    hotel.runs()
    (line,) = hotel.lines()
    assert (line["reason"], line["channel"], line["to"]) == ("no_consent", "email", ADDRESS)


def test_the_second_channel_serves_where_the_first_may_not(hotel: Hotel) -> None:
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    later = MONDAY + timedelta(hours=1)  # 12:00 in Lisbon, 11:00 on the Azores
    hotel.hears(lisbon(), long_before(), guest(points=points, consents=[claim("sms")]), win_back(due_at=later))
    hotel.runs(later)
    (line,) = hotel.lines()
    assert (line["state"], line["channel"], line["to"]) == ("sent", "sms", NUMBER)


SUNDAY = MONDAY - timedelta(days=1)


def reached_both_ways(hotel: Hotel) -> None:
    hotel.hears(lisbon(), long_before(), guest(points=[email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]))


def test_a_hold_that_would_outlast_the_message_hands_it_to_the_next_channel_at_once(hotel: Hotel) -> None:
    """No text of an offer goes on this Sunday, and on Monday this one is of no use."""
    reached_both_ways(hotel)
    hotel.hears(win_back(due_at=SUNDAY, channels=["sms", "email"], useful_until=SUNDAY + timedelta(hours=12)))
    hotel.runs(SUNDAY)
    (line,) = hotel.lines()
    assert (line["state"], line["channel"], line["to"]) == ("sent", "email", ADDRESS)


def test_a_hold_within_its_usefulness_is_waited_for(hotel: Hotel) -> None:
    reached_both_ways(hotel)
    hotel.hears(win_back(due_at=SUNDAY, channels=["sms", "email"]))
    hotel.runs(SUNDAY)
    (line,) = hotel.lines()
    assert (line["state"], line["reason"], line["channel"]) == ("held", "quiet_hours", "sms")


def test_where_no_other_channel_passes_it_expires_at_once(hotel: Hotel) -> None:
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), long_before(), guest(points=points, consents=[claim("sms")]))
    hotel.hears(win_back(due_at=SUNDAY, channels=["sms", "email"], useful_until=SUNDAY + timedelta(hours=12)))
    hotel.runs(SUNDAY)
    assert hotel.outcomes() == [("expired", "expired")]
