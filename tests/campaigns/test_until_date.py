"""A wait until a date of the stay: a second word on the eve of the arrival, a third after the departure."""

from __future__ import annotations

from functools import reduce
from itertools import permutations
from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import validated
from services.campaigns.shipped import shipped
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import Chunk
from tests.campaigns.cast import Campaigns, audience, birthday, instant, outcome
from tests.campaigns.test_guests import merged
from tests.campaigns.test_stay_dates import LATER, LAUNCH, MAY, booked, changed, left
from tests.campaigns.test_unmerge import unmerged
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase

FIRST, EVE, AFTER = "2016-05-07 14:00", "2016-05-09 02:00", "2016-05-13 09:00"
SEND = {"template": "pre-arrival", "channels": ["email"], "useful_for": {"days": 2}}
STEPS: list[dict[str, Any]] = [
    {"key": "first", "send": SEND},
    {"key": "eve", "until_date": {"date": "arrival", "hours": -36, "hour": "15:00"}},
    {"key": "second", "send": SEND},
    {"key": "home", "until_date": {"date": "departure", "days": 1, "hour": "10:00"}},
    {"key": "third", "send": SEND},
]


def at_work(database: Database, entry: dict[str, Any] | None = None, steps: Any = STEPS) -> Campaigns:
    document = shipped("pre-arrival")
    document = validated({**document, "entry": entry or document["entry"], "steps": steps})
    with database.transaction() as tx:
        publish(tx, document, instant(LAUNCH), "marketer")
        launch(tx, "pre-arrival", at=instant(LAUNCH), by="marketer")
    campaigns = Campaigns(database)
    campaigns.run(LAUNCH)
    return campaigns


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return at_work(make_database("campaigns"))


def sent(campaigns: Campaigns, number: int) -> None:
    message = campaigns.requested()[number]
    campaigns.hear(outcome(message, "sent", 2, message["due_at"][:16].replace("T", " ")))


def half_done(campaigns: Campaigns) -> None:
    """The first message went; they wait for the eve of the arrival."""
    campaigns.hear(booked())
    campaigns.tick(FIRST)
    sent(campaigns, 0)


def steps(campaigns: Campaigns) -> list[str]:
    return [message["step"] for message in campaigns.requested()]


def test_each_message_goes_at_its_date(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [FIRST, EVE, AFTER]
    assert [message["local_time"] for message in campaigns.requested()] == [None, None, "10:00"]


def test_it_moves_with_the_stay_at_once_and_what_went_stays(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.hear(changed(2, LATER, at="2016-05-08 09:00"))
    assert campaigns.next_due() == instant("2016-05-19 02:00")
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [FIRST, "2016-05-19 02:00", "2016-05-23 09:00"]
    assert steps(campaigns) == ["first", "second", "third"]


def test_moved_earlier_than_now_it_goes_at_once_as_late_as_it_is(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.hear(changed(2, ("2016-05-09", "2016-05-10"), at="2016-05-08 09:00"))
    campaigns.tick("2016-05-08 09:00")
    assert campaigns.due_at() == [FIRST, "2016-05-08 02:00"]


@pytest.mark.parametrize("order", list(permutations(range(2, 5))))
def test_moved_and_told_out_of_order_the_newest_dates_count(campaigns: Campaigns, order: tuple[int, ...]) -> None:
    half_done(campaigns)
    told = {2: LATER, 3: ("2016-05-15", "2016-05-16"), 4: ("2016-05-12", "2016-05-14")}
    for version in (*order, *order):
        campaigns.hear(changed(version, told[version], at="2016-05-08 09:00"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [FIRST, "2016-05-11 02:00", "2016-05-15 09:00"]


def test_a_message_asked_for_is_taken_back_and_asked_for_anew_once(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.tick(EVE)
    campaigns.hear(outcome(campaigns.requested()[1], "held", 2, EVE))
    for _ in range(2):
        campaigns.hear(changed(2, LATER, at="2016-05-09 03:00"))
    assert [one["reason"] for one in campaigns.withdrawn()] == ["planned_anew"]
    assert campaigns.next_due() == instant("2016-05-19 02:00")
    campaigns.run("2016-12-31 00:00")
    assert steps(campaigns) == ["first", "second", "second", "third"]
    assert len({one["message_id"] for one in campaigns.requested()}) == 4


def test_where_only_the_departure_moves_the_eve_stays_as_it_is(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.tick(EVE)
    campaigns.hear(outcome(campaigns.requested()[1], "held", 2, EVE))
    campaigns.hear(changed(2, ("2016-05-10", "2016-05-14"), at="2016-05-09 03:00"))
    assert campaigns.withdrawn() == []
    assert campaigns.next_due() == instant("2016-05-15 09:00")


def test_cancelled_while_waiting_it_ends_and_reinstated_it_goes_on_where_it_was(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.hear(changed(2, MAY, what="cancelled", at="2016-05-08 09:00"))
    assert (campaigns.next_due(), left(campaigns)) == (None, ["stay_cancelled"])
    for _ in range(2):
        campaigns.hear(changed(3, LATER, what="reinstated", at="2016-05-08 10:00"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [FIRST, "2016-05-19 02:00", "2016-05-23 09:00"]


def test_cancelled_with_a_message_asked_for_it_is_taken_back_and_comes_with_the_stay(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.tick(EVE)
    campaigns.hear(changed(2, MAY, what="cancelled", at="2016-05-09 03:00"))
    assert [one["reason"] for one in campaigns.withdrawn()] == ["stay_cancelled"]
    campaigns.hear(changed(3, MAY, what="reinstated", at="2016-05-09 04:00"))
    campaigns.run("2016-12-31 00:00")
    assert steps(campaigns) == ["first", "second", "second", "third"]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_cancelled_and_reinstated_in_any_order_goes_on(campaigns: Campaigns, order: tuple[int, ...]) -> None:
    half_done(campaigns)
    told = [
        changed(2, MAY, what="cancelled", at="2016-05-08 09:00"),
        changed(3, MAY, what="reinstated", at="2016-05-08 09:01"),
    ]
    for place in (*order, *order):
        campaigns.hear(told[place])
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [FIRST, EVE, AFTER]


@pytest.mark.parametrize("stay_first", [True, False])
def test_whoever_a_guest_became_hears_the_rest_and_nothing_twice(campaigns: Campaigns, stay_first: bool) -> None:
    half_done(campaigns)
    told = [merged(9), changed(2, MAY, guest=BEN, at="2016-05-08 09:00")]
    for chunk in (told[::-1] if stay_first else told) * 2:
        campaigns.hear(chunk, "2016-05-08 09:00")
    campaigns.hear(changed(3, LATER, guest=BEN, at="2016-05-08 10:00"))
    campaigns.run("2016-12-31 00:00")
    assert [(one["guest_id"], one["step"]) for one in campaigns.requested()] == [
        (str(ANA), "first"),
        (str(BEN), "second"),
        (str(BEN), "third"),
    ]
    assert campaigns.due_at() == [FIRST, "2016-05-19 02:00", "2016-05-23 09:00"]


def test_a_merge_taken_back_goes_on_with_the_guest(campaigns: Campaigns) -> None:
    half_done(campaigns)
    campaigns.hear(merged(9), "2016-05-08 09:00")
    campaigns.hear(changed(2, MAY, guest=BEN, at="2016-05-08 09:00"))
    campaigns.hear(unmerged(10), "2016-05-08 10:00")
    campaigns.hear(changed(3, MAY, at="2016-05-08 10:00"))
    campaigns.run("2016-12-31 00:00")
    assert [(one["guest_id"], one["step"]) for one in campaigns.requested()] == [
        (str(ANA), step) for step in ("first", "second", "third")
    ]


def test_a_journey_entered_by_a_booking_may_wait_for_its_arrival(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"), {"stay": "booked"}, STEPS[1:3])
    campaigns.hear(booked())
    campaigns.hear(changed(2, LATER))
    assert campaigns.next_due() == instant("2016-05-19 02:00")
    campaigns.hear(changed(3, LATER, what="cancelled"))
    assert campaigns.next_due() is None
    campaigns.hear(changed(4, MAY, what="reinstated"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [EVE]


def test_a_birthday_is_waited_for(make_database: MakeDatabase) -> None:
    entry = {"date": "birthday", "audience": "birthday-in-7-days", "offset_days": -7}
    eve = {"key": "eve", "until_date": {"date": "birthday", "days": -3, "hour": "10:00"}}
    campaigns = at_work(make_database("campaigns"), entry, [eve, STEPS[0]])
    at = "2016-05-31 22:00"
    campaigns.hear(audience(ANA, 1, True, at, segment="birthday-in-7-days", because=birthday("2016-06-08")))
    assert campaigns.next_due() == instant("2016-06-05 08:00")


def test_a_wait_for_a_date_that_nobody_knows_is_refused(make_database: MakeDatabase) -> None:
    entry = {"audience": "gold", "when": "entered", "occurrence": "entry"}
    with pytest.raises(InputError) as refused:
        at_work(make_database("campaigns"), entry)
    assert refused.value.problems["/steps/1/until_date/date"].code == "no_such_date"  # type: ignore[attr-defined]


def test_a_hundred_stays_that_move_at_once_are_planned_again_in_one_go(campaigns: Campaigns) -> None:
    rooms = [f"R{number}" for number in range(100)]
    for told in (booked, lambda **more: changed(2, LATER, **more)):
        chunks = [told(reservation=room, hotel=room) for room in rooms]
        campaigns.hear(reduce(Chunk.join, chunks), "2016-04-01 09:00")
    assert campaigns.all("select distinct due_at from enrolment") == [(instant("2016-05-17 14:00"),)]
