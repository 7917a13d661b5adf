"""Others are told who entered a journey: once an occasion, as they come, and those who do not come never."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.queries.present_state import entrances
from tests.campaigns.cast import Campaigns, audience, stay, stay_id
from tests.campaigns.test_present_state import said_again
from tests.campaigns.test_tasks import running
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase

LAPSED = """
key: back
name: Back
purpose: marketing
entry: {audience: lapsed}
steps:
  - key: wait
    wait: {days: 7}
  - key: hello
    send: {template: hello, channels: [email], useful_for: {days: 3}}
"""
AHEAD = """
key: ahead
name: Ahead
purpose: stay_service
entry: {stay_date: arrival, days: -7, hour: "10:00"}
steps:
  - key: hello
    send: {template: hello, channels: [email], useful_for: {days: 3}}
"""


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return running(Campaigns(make_database("campaigns")), LAPSED, AHEAD)


def told(campaigns: Campaigns) -> list[tuple[Any, ...]]:
    names = ("journey", "guest_id", "version", "entered_at", "stay_id")
    return [tuple(one[name] for name in names) for one in campaigns.published("journey.entered.v1")]


def test_who_enters_is_told_of_at_once_and_no_second_time(campaigns: Campaigns) -> None:
    for guest in (ANA, BEN, ANA):
        campaigns.hear(audience(guest, 1, True, "2016-03-02 06:00", segment="lapsed"))
    campaigns.run("2016-03-20 00:00")
    assert {(one[:2], one[3:]) for one in told(campaigns)} == {
        (("back", str(guest)), ("2016-03-02T06:00:00Z", None)) for guest in (ANA, BEN)
    }
    assert len(told(campaigns)) == 2
    assert sorted(map(str, said_again(campaigns, entrances, "journey.entered.v1"))) == sorted(
        map(str, campaigns.published("journey.entered.v1")[:2])
    )


def test_who_is_known_before_they_come_is_told_of_as_they_do(campaigns: Campaigns) -> None:
    ahead, cancelled = ("2016-03-20", "2016-03-22"), ("2016-04-20", "2016-04-22")
    campaigns.hear(stay("booked", 1, at="2016-02-01 09:00", days=ahead))
    campaigns.hear(stay("booked", 1, at="2016-02-01 09:00", days=cancelled, reservation="R2"))
    campaigns.hear(stay("cancelled", 2, at="2016-02-02 09:00", days=cancelled, reservation="R2"))
    assert told(campaigns) == []
    campaigns.hear(stay("changed", 2, at="2016-02-02 09:00", days=("2016-03-25", "2016-03-27")))
    campaigns.run("2016-06-01 00:00")
    ((journey, guest, _, entered_at, of_stay),) = told(campaigns)
    assert (journey, guest, entered_at, of_stay) == ("ahead", str(ANA), "2016-03-18T10:00:00Z", str(stay_id("R1")))
