"""Warnings by text message: to the duty list of the hotel, where the house wants it, and never in quiet hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.crypto.purposes import Sealing
from shared.events.console import WarningRaised
from shared.events.dictionary import chunk_of
from shared.ids import make_id
from tests.cast import DINA, FILIPA, NOW, WEI, employ
from tests.conftest import MakeDatabase
from tests.feedback.duty import NUMBERS, Duty, hour


@pytest.fixture
def duty(make_database: MakeDatabase) -> Duty:
    """Dina and Filipa in Lisbon; Wei, who sleeps, in Shanghai with a desk that has no number."""
    found = Duty(make_database("feedback"))
    employ(found.database)
    found.property_says(threshold=6)
    found.list_of(DINA, FILIPA)
    asleep = {"quiet_from": hour(0), "quiet_until": hour(23)}
    found.on_duty("Wei", person=WEI, hotel="SHA", number="+8613800000001", **asleep)
    found.on_duty("The desk", hotel="SHA")
    return found


def raised(hotel: str = "LIS", *, calls_duty: bool = True) -> WarningRaised:
    return WarningRaised(
        warning_id=make_id("warning", hotel),
        version=1,
        signal="nights",
        property=hotel,
        day=(NOW - timedelta(days=1)).date(),
        value="0.4100",
        centre="0.9800",
        border="0.8000",
        part=410,
        whole=1000,
        calls_duty=calls_duty,
        occurred_at=NOW,
    )


def test_the_duty_list_of_the_hotel_is_told_once_by_text_message_where_the_house_wants_it(duty: Duty) -> None:
    duty.hear_at(NOW, chunk_of([raised()]))
    asked = duty.published("notice.requested.v1")
    assert [(one["details"]["name"], one["channel"], one["kind"]) for one in asked] == [
        ("Dina Duarte", "sms", "warning"),
        ("Filipa Faria", "sms", "warning"),
    ]
    assert asked[0]["details"]["what"] == "nights" and asked[0]["page"] == "/figures/warnings"
    assert duty.database.keyring.open(asked[0]["address"], Sealing.NOTICE) == NUMBERS[DINA]
    duty.hear_at(NOW, chunk_of([raised()]))
    ids = {one["notice_id"] for one in duty.published("notice.requested.v1")}
    assert len(ids) == 2, "told again it is the same notice, which messaging sends once"


def test_nobody_is_told_where_the_house_does_not_want_it_or_who_sleeps_or_has_no_number(duty: Duty) -> None:
    duty.hear_at(NOW, chunk_of([raised(calls_duty=False)]))
    duty.hear_at(NOW, chunk_of([raised("SHA")]))
    assert duty.published("notice.requested.v1") == []
