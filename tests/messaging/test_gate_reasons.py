"""Every reason of the gate, through what messaging hears: one row a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from shared.events.segments.guests import GuestErased, GuestMerged
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import PointClass
from shared.vocabulary.stay import StayStatus
from tests.cast import ADDRESS, ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.ana import ALIAS, NUMBER, past, reached
from tests.messaging.hotel import (
    MONDAY,
    Hotel,
    birthday,
    claim,
    complaint,
    email,
    guest,
    heard,
    lisbon,
    mobile,
    stay,
    stay_id,
    stop,
    survey,
    win_back,
)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


Case = tuple[str, Callable[[Hotel], list[Any]], tuple[str, str | None]]
CASES: list[Case] = [
    ("a birthday mail goes", lambda h: [lisbon(), reached(h), birthday()], ("sent", None)),
    ("a win-back goes", lambda h: [*past(), reached(h), win_back()], ("sent", None)),
    ("a survey goes", lambda h: [lisbon(), stay("LIS-000001"), reached(h), survey()], ("sent", None)),
    (
        "the dead are left alone",
        lambda h: [lisbon(), reached(h, do_not_contact="deceased"), birthday()],
        ("skipped", "do_not_contact"),
    ),
    (
        "a muted stay asks nothing",
        lambda h: [lisbon(), stay("LIS-000001", muted=True), reached(h), survey()],
        ("skipped", "muted"),
    ),
    (
        "an erased guest is nobody",
        lambda h: [lisbon(), reached(h), GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY), birthday()],
        ("skipped", "erased"),
    ),
    (
        "a merged guest is somebody else",
        lambda h: [
            lisbon(),
            reached(h),
            GuestMerged(guest_id=ANA, version=2, into_guest_id=BEN, occurred_at=MONDAY),
            birthday(),
        ],
        ("skipped", "erased"),
    ),
    (
        "what comes too late is of no use",
        lambda h: [lisbon(), reached(h), birthday(useful_until=MONDAY - timedelta(seconds=1))],
        ("expired", "expired"),
    ),
    ("nothing to write to", lambda _: [lisbon(), guest(), birthday()], ("skipped", "no_contact_point")),
    (
        "an agency's address is not the guest's",
        lambda h: [
            lisbon(),
            guest(points=[email(h.keyring, "reservas@tours.example.com", PointClass.AGENCY)]),
            birthday(),
        ],
        ("skipped", "no_contact_point"),
    ),
    (
        "a bad address is none",
        lambda h: [lisbon(), guest(points=[email(h.keyring, "ana@", PointClass.BAD)]), birthday()],
        ("skipped", "no_contact_point"),
    ),
    (
        "an alias gets no marketing",
        lambda h: [
            lisbon(),
            guest(points=[email(h.keyring, ALIAS, PointClass.MASKED, stay_id("LIS-000001"))]),
            birthday(),
        ],
        ("skipped", "masked_address"),
    ),
    (
        "an alias serves its own stay",
        lambda h: [
            lisbon(),
            stay("LIS-000001"),
            guest(points=[email(h.keyring, ALIAS, PointClass.MASKED, stay_id("LIS-000001"))]),
            survey(),
        ],
        ("sent", None),
    ),
    (
        "an alias serves no other stay",
        lambda h: [
            lisbon(),
            stay("LIS-000001"),
            guest(points=[email(h.keyring, ALIAS, PointClass.MASKED, stay_id("LIS-000009"))]),
            survey(),
        ],
        ("skipped", "masked_address"),
    ),
    (
        "an unsubscribed address is suppressed",
        lambda h: [lisbon(), reached(h), stop(h.keyring, "email", ADDRESS, "marketing"), birthday()],
        ("skipped", "suppressed"),
    ),
    (
        "no text message to China",
        lambda h: [lisbon(), stay("LIS-000001"), guest(points=[mobile(h.keyring, "+8613800138000")]), survey()],
        ("skipped", "no_sender_for_country"),
    ),
    (
        "no marketing text to the United States",
        lambda h: [*past(), guest(country="US", points=[mobile(h.keyring, "+15295550123")]), win_back()],
        ("skipped", "no_sender_for_country"),
    ),
    (
        "marketing needs consent",
        lambda h: [lisbon(), reached(h, consents=[claim("email", ClaimedConsent.UNKNOWN)]), birthday()],
        ("skipped", "no_consent"),
    ),
    (
        "nothing said is no consent",
        lambda h: [lisbon(), reached(h, consents=[]), birthday()],
        ("skipped", "no_consent"),
    ),
    (
        "an existing customer may be written to",
        lambda h: [lisbon(), reached(h, consents=[claim("email", ClaimedConsent.EXISTING_CUSTOMER)]), birthday()],
        ("sent", None),
    ),
    (
        "until that ends",
        lambda h: [
            lisbon(),
            reached(h, consents=[claim("email", ClaimedConsent.EXISTING_CUSTOMER, expires_on=date(2016, 6, 5))]),
            birthday(),
        ],
        ("skipped", "no_consent"),
    ),
    (
        "an existing customer in China may not",
        lambda h: [
            lisbon(),
            reached(h, country="CN", consents=[claim("email", ClaimedConsent.EXISTING_CUSTOMER)]),
            birthday(),
        ],
        ("skipped", "no_consent"),
    ),
    (
        "an existing customer gets no text messages",
        lambda h: [
            *past(),
            guest(points=[mobile(h.keyring, NUMBER)], consents=[claim("sms", ClaimedConsent.EXISTING_CUSTOMER)]),
            win_back(),
        ],
        ("skipped", "no_consent"),
    ),
    (
        "who was not told of the survey is not asked",
        lambda h: [lisbon(told_of_survey=False), stay("LIS-000001"), reached(h), survey()],
        ("skipped", "no_basis"),
    ),
    (
        "a survey by text to the United States needs consent",
        lambda h: [
            lisbon(),
            stay("LIS-000001"),
            guest(consents=[], points=[mobile(h.keyring, "+15295550123")]),
            survey(),
        ],
        ("skipped", "no_basis"),
    ),
    (
        "a child is left alone",
        lambda h: [lisbon(), reached(h, birth_date=date(1998, 6, 7)), birthday()],
        ("skipped", "minor"),
    ),
    (
        "a day later the guest is of age",
        lambda h: [lisbon(), reached(h, birth_date=date(1998, 6, 6)), birthday()],
        ("sent", None),
    ),
    (
        "a placeholder is no birthday",
        lambda h: [lisbon(), reached(h, birth_date=date(1900, 1, 1)), birthday()],
        ("skipped", "placeholder_date"),
    ),
    (
        "a placeholder makes nobody a child, nor keeps anybody from a win-back",
        lambda h: [*past(), reached(h, birth_date=date(1900, 1, 1)), win_back()],
        ("sent", None),
    ),
    (
        "a silent property says nothing about absence",
        lambda h: [lisbon(), heard(MONDAY - timedelta(hours=37)), reached(h), win_back()],
        ("held", "stale_data"),
    ),
    (
        "36 hours are still fresh",
        lambda h: [lisbon(), heard(MONDAY - timedelta(hours=36)), reached(h), win_back()],
        ("sent", None),
    ),
    (
        "a guest whom a colleague corrected is no news of the hotel",
        lambda h: [lisbon(), reached(h, occurred_at=MONDAY), win_back()],
        ("held", "stale_data"),
    ),
    (
        "an open complaint pauses marketing",
        lambda h: [lisbon(), reached(h), complaint(), birthday()],
        ("skipped", "open_complaint"),
    ),
    (
        "but not for ever",
        lambda h: [lisbon(), reached(h), complaint(opened_at=MONDAY - timedelta(days=30)), birthday()],
        ("sent", None),
    ),
    (
        "a survey waits for the close of a complaint",
        lambda h: [lisbon(), reached(h), stay("LIS-000001"), complaint(), survey()],
        ("held", "open_complaint"),
    ),
    (
        "no marketing to who is in the house",
        lambda h: [lisbon(), reached(h), stay("LIS-000002", status=StayStatus.CHECKED_IN), birthday()],
        ("skipped", "in_house"),
    ),
    (
        "unless the journey wants it",
        lambda h: [
            lisbon(),
            reached(h),
            stay("LIS-000002", status=StayStatus.CHECKED_IN),
            birthday(wants=["in_house"]),
        ],
        ("sent", None),
    ),
    (
        "who is coming is not won back",
        lambda h: [
            *past(),
            reached(h),
            stay("LIS-000002", status=StayStatus.BOOKED, arrival=date(2016, 8, 1)),
            win_back(),
        ],
        ("skipped", "future_booking"),
    ),
    (
        "a birthday mail minds no booking",
        lambda h: [
            lisbon(),
            reached(h),
            stay("LIS-000002", status=StayStatus.BOOKED, arrival=date(2016, 8, 1)),
            birthday(),
        ],
        ("sent", None),
    ),
    (
        "a text that is not written is not sent",
        lambda h: [lisbon(), reached(h), birthday(template="unwritten")],
        ("skipped", "missing_value"),
    ),
    (
        "nobody speaks where no property is known",
        lambda h: [reached(h), birthday()],
        ("skipped", "missing_value"),
    ),
    ("held out", lambda h: [lisbon(), reached(h), birthday(holdout=100)], ("skipped", "holdout")),
    (
        "marketing mail waits for the morning",
        lambda h: [lisbon(), reached(h, home_zone="America/New_York", country="US"), birthday()],
        ("held", "quiet_hours"),
    ),
    (
        "what may only come too late is over",
        lambda h: [
            lisbon(),
            reached(h, home_zone="America/New_York", country="US"),
            birthday(useful_until=MONDAY + timedelta(hours=1)),
        ],
        ("expired", "expired"),
    ),
]


@pytest.mark.parametrize(("story", "told", "expected"), CASES, ids=[case[0] for case in CASES])
def test_the_gate_tells_the_true_reason(
    hotel: Hotel, story: str, told: Callable[[Hotel], list[Any]], expected: tuple[str, str | None]
) -> None:
    hotel.hears(*told(hotel))
    hotel.runs()
    assert hotel.outcomes() == [expected], story
