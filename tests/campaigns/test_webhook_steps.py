"""A journey tells the house's own systems: once an enrolment and step, with numbers only."""

from __future__ import annotations

import pytest

from services.campaigns.schemas import parse, validated
from shared.errors import InputError
from shared.events.told_outside import TOLD
from tests.campaigns.cast import Campaigns, stay, stay_id
from tests.campaigns.test_tasks import running
from tests.cast import ANA
from tests.conftest import MakeDatabase

JOURNEY = """
key: gift
name: Gift
purpose: stay_service
entry: {stay: checked_in}
steps:
  - key: tell
    webhook: {name: welcome-gift}
"""


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return running(Campaigns(make_database("campaigns")), JOURNEY)


def test_it_tells_who_and_where_and_nothing_of_the_guests_own(campaigns: Campaigns) -> None:
    campaigns.hear(stay("checked_in", 2, at="2016-03-01 15:00", days=("2016-03-01", "2016-03-03")))
    campaigns.tick("2016-03-01 15:00")
    (told,) = campaigns.published("journey.told.v1")
    assert (told["guest_id"], told["stay_id"], told["property"]) == (str(ANA), str(stay_id("R1")), "LIS")
    assert (told["name"], told["journey"], told["step"]) == ("welcome-gift", "gift", "tell")
    assert "journey_name" not in TOLD["journey.told.v1"] and set(TOLD["journey.told.v1"]) < set(told)


def test_planned_anew_or_fired_twice_it_tells_once(campaigns: Campaigns) -> None:
    for version in (2, 2, 3):
        campaigns.hear(stay("checked_in", version, at=f"2016-03-01 1{version}:00", days=("2016-03-01", "2016-03-03")))
        campaigns.run("2016-03-02 00:00")
    assert len(campaigns.published("journey.told.v1")) == 1


@pytest.mark.parametrize("name", ["", "Welcome gift", "a_b"])
def test_what_is_told_has_a_name_that_systems_can_read(name: str) -> None:
    with pytest.raises(InputError) as refused:
        validated(parse(JOURNEY.replace("welcome-gift", f"'{name}'")))
    assert "/steps/0/webhook/name" in refused.value.problems
