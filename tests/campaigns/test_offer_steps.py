"""A journey gives an offer: its messages make that one from there on, those before it and other occasions do not."""

from __future__ import annotations

import pytest

from services.campaigns.rules.document import journey_of, offers_named
from services.campaigns.rules.offers import offer_at
from services.campaigns.schemas import parse, validated
from shared.errors import InputError
from tests.campaigns.cast import Campaigns, audience, stay
from tests.campaigns.test_offers import used
from tests.campaigns.test_tasks import running
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase

JOURNEY = """
key: back
name: Back
purpose: marketing
entry: {audience: lapsed}
goal: {event: "offer.redeemed:spring", within_days: 30}
steps:
  - key: hello
    send: {template: hello, channels: [email], useful_for: {days: 3}}
  - key: who
    branch: {if: {audience: gold}, then: gold, else: spring}
  - key: gold
    offer: {offer: suite}
  - key: over
    jump: {to: wait}
  - key: spring
    offer: {offer: spring}
  - key: wait
    wait: {days: 7}
  - key: reminder
    send: {template: reminder, channels: [email], useful_for: {days: 3}}
"""
OF_STAY = """
key: ahead
name: Ahead
purpose: marketing
entry: {stay: booked}
steps:
  - key: a-week-before
    until_date: {date: arrival, days: -7, hours: 0, hour: "10:00"}
  - key: first
    send: {template: hello, channels: [email], useful_for: {days: 3}}
  - key: give
    offer: {offer: spring}
  - key: the-day-before
    until_date: {date: arrival, days: -1, hours: 0, hour: "10:00"}
  - key: second
    send: {template: reminder, channels: [email], useful_for: {days: 3}}
"""


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return Campaigns(make_database("campaigns"))


def offers_of(campaigns: Campaigns) -> list[tuple[str, str | None]]:
    return [(one["step"], one["values"].get("offer")) for one in campaigns.requested()]


def test_messages_after_it_make_the_offer_of_the_way_that_was_taken(campaigns: Campaigns) -> None:
    running(campaigns, JOURNEY)
    campaigns.hear(audience(ANA, 1, True, "2016-03-01 06:00", segment="gold"))
    for guest in (ANA, BEN):
        campaigns.hear(audience(guest, 1, True, "2016-03-02 06:00", segment="lapsed"))
    campaigns.run("2016-03-20 00:00")
    told = {(one["step"], one["guest_id"]): one["values"].get("offer") for one in campaigns.requested()}
    assert told == {
        ("hello", str(ANA)): None,
        ("hello", str(BEN)): None,
        ("reminder", str(ANA)): "suite",
        ("reminder", str(BEN)): "spring",
    }
    campaigns.hear(used("spring", "2016-03-21 10:00", BEN))
    assert campaigns.all("select goal from goal") == []  # nothing of it had been sent: no message has it


def test_a_message_that_is_planned_again_makes_no_offer_given_after_it(campaigns: Campaigns) -> None:
    running(campaigns, OF_STAY)
    campaigns.hear(stay("booked", 1, at="2016-02-01 09:00", days=("2016-03-20", "2016-03-22")))
    campaigns.run("2016-03-14 00:00")
    assert offers_of(campaigns) == [("first", None)]
    campaigns.hear(stay("changed", 2, at="2016-03-14 09:00", days=("2016-04-20", "2016-04-22")))
    campaigns.run("2016-04-30 00:00")
    assert offers_of(campaigns) == [("first", None), ("first", None), ("second", "spring")]


def test_the_last_offer_before_a_message_counts_and_one_of_another_version_before_all() -> None:
    journey = journey_of(validated(parse(JOURNEY)))
    reminder = journey.places["reminder"]
    assert offer_at(journey, reminder, {"spring": "b", "gold": "a"}) == "b"
    assert offer_at(journey, reminder, {"gone": "c", "gold": "a"}) == "a"
    assert offer_at(journey, journey.places["hello"], {"gone": "c", "gold": "a"}) == "c"
    assert offer_at(journey, journey.places["hello"], {"gold": "a"}) is None


@pytest.mark.parametrize("name", ["''", "Spring sale"])
def test_it_names_an_offer(name: str) -> None:
    assert offers_named(validated(parse(JOURNEY))) == {"spring", "suite"}
    with pytest.raises(InputError) as refused:
        validated(parse(JOURNEY.replace("{offer: suite}", f"{{offer: {name}}}")))
    assert "/steps/2/offer/offer" in refused.value.problems
