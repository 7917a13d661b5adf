"""A journey entered by a date of a stay: three days before the arrival at 15:00, where the hotel is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from services.campaigns.commands.launch import end, launch, pause, take_back
from services.campaigns.commands.launch import resume as go_on
from services.campaigns.commands.publish import publish
from services.campaigns.commands.scan_stays import scan_stays
from services.campaigns.schemas import overridden, validated
from services.campaigns.shipped import shipped
from services.campaigns.store import stay_scan
from shared.database.pool import Database
from shared.events import Chunk
from shared.ids import make_id
from tests.campaigns.cast import LISBON, Campaigns, instant, outcome, stay, stay_id
from tests.campaigns.test_guests import merged
from tests.cast import BEN
from tests.conftest import MakeDatabase

LAUNCH = "2016-01-01 00:00"
MAY, LATER = ("2016-05-10", "2016-05-12"), ("2016-05-20", "2016-05-22")
DUE = "2016-05-07 14:00"  # 15:00 in Lisbon, in summer


def pre_arrival(database: Database, entry: Mapping[str, Any] | None = None, *, at: str = LAUNCH) -> Campaigns:
    document = shipped("pre-arrival")
    document = validated({**document, "entry": {**document["entry"], **(entry or {})}})
    with database.transaction() as tx:
        publish(tx, document, instant(at), "marketer")
        launch(tx, "pre-arrival", at=instant(at), by="marketer")
    campaigns = Campaigns(database)
    campaigns.run(at)
    return campaigns


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return pre_arrival(make_database("campaigns"))


def booked(version: int = 1, days: tuple[str, str] = MAY, **more: Any) -> Chunk:
    return stay("booked", version, at=more.pop("at", "2016-02-01 09:00"), days=days, **more)


def changed(version: int, days: tuple[str, str], **more: Any) -> Chunk:
    told = {"at": "2016-04-01 09:00", "booked_at": "2016-02-01 09:00", **more}
    return stay(told.pop("what", "changed"), version, days=days, **told)


def left(campaigns: Campaigns) -> list[Any]:
    """Why enrolments ended."""
    return [reason for (reason,) in campaigns.all("select reason from enrolment where state = 'exited' order by id")]


def test_a_guest_is_written_to_three_days_before_at_the_hotels_hour(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    assert campaigns.next_due() == instant(DUE)
    campaigns.run("2016-12-31 00:00")
    (message,) = campaigns.requested()
    assert (message["due_at"], message["useful_until"]) == ("2016-05-07T14:00:00Z", "2016-05-09T14:00:00Z")
    assert (message["occurrence"], message["stay_id"]) == ("stay:R1", str(stay_id("R1")))
    assert (message["property"], message["zone"], message["lane"]) == ("LIS", LISBON, "stay")
    assert message["values"] == {"reservation": "R1"}


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        ({"days": 0, "hours": -36}, "2016-05-09 02:00"),
        ({"days": 0}, "2016-05-10 14:00"),
        ({"days": 1, "hour": "09:30"}, "2016-05-11 08:30"),
        ({"stay_date": "departure", "days": -1, "hour": "18:00"}, "2016-05-11 17:00"),
        ({"stay_date": "departure", "days": 1, "hour": "10:00"}, "2016-05-13 09:00"),
        ({"days": -44, "hour": "01:30"}, "2016-03-27 01:00"),  # an hour that does not exist that night
    ],
)
def test_days_and_hours_before_and_after_either_date(
    make_database: MakeDatabase, entry: dict[str, Any], due: str
) -> None:
    campaigns = pre_arrival(make_database("campaigns"), entry)
    campaigns.hear(booked())
    assert campaigns.next_due() == instant(due)


def test_it_moves_with_the_stay_at_once(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.hear(changed(2, LATER))
    assert campaigns.next_due() == instant("2016-05-17 14:00")
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-05-17 14:00"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_moved_twice_and_told_in_any_order_the_newest_dates_count(campaigns: Campaigns, order: tuple[int, ...]) -> None:
    told = [booked(), changed(2, LATER), changed(3, ("2016-05-15", "2016-05-16"))]
    for place in (*order, *order):
        campaigns.hear(told[place], "2016-04-02 00:00")
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-05-12 14:00"]


def test_moved_earlier_than_now_it_goes_at_once_while_it_is_of_use(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.hear(changed(2, ("2016-05-04", "2016-05-05"), at="2016-05-02 08:00"))
    campaigns.tick("2016-05-02 08:00")
    assert campaigns.due_at() == ["2016-05-01 14:00"]


def test_moved_so_early_that_it_is_too_late_it_says_so_and_comes_back_with_the_date(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.hear(changed(2, ("2016-05-04", "2016-05-05"), at="2016-05-03 15:00"))
    assert (campaigns.next_due(), left(campaigns)) == (None, ["expired"])
    campaigns.hear(changed(3, LATER, at="2016-05-03 16:00"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-05-17 14:00"]


def test_a_held_message_is_taken_back_and_asked_for_anew_where_the_stay_moved(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    campaigns.hear(outcome(campaigns.requested()[0], "held", 2, DUE))
    for _ in range(2):
        campaigns.hear(changed(2, LATER, at="2016-05-07 14:05"))
    assert [one["reason"] for one in campaigns.withdrawn()] == ["planned_anew"]
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [DUE, "2016-05-17 14:00"]
    assert len({one["message_id"] for one in campaigns.requested()}) == 2


def test_one_that_went_as_it_was_taken_back_ends_the_newer_plan(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    first = campaigns.requested()[0]
    campaigns.hear(outcome(first, "held", 2, DUE))
    campaigns.hear(changed(2, LATER, at="2016-05-07 14:05"))
    campaigns.hear(outcome(first, "sent", 3, DUE))
    assert campaigns.all("select state, reason from enrolment") == [("exited", "already_settled")]
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [DUE]


def test_a_change_that_moves_no_date_takes_nothing_back(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    campaigns.hear(changed(2, MAY, at="2016-05-07 14:05", room_type="suite"))
    campaigns.run("2016-12-31 00:00")
    assert (campaigns.withdrawn(), len(campaigns.requested())) == ([], 1)


def test_once_it_went_no_move_brings_a_second_one(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 2, DUE))
    campaigns.hear(changed(2, LATER, at="2016-05-08 09:00"))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1
    assert campaigns.all("select plan from message") == [(None,)]


@pytest.mark.parametrize(("what", "reason"), [("cancelled", "stay_cancelled"), ("no_show", "stay_no_show")])
def test_a_stay_that_falls_through_takes_it_back_and_reinstated_it_comes_back(
    campaigns: Campaigns, what: str, reason: str
) -> None:
    campaigns.hear(booked())
    campaigns.hear(changed(2, MAY, what=what, at="2016-04-01 09:00"))
    assert (campaigns.next_due(), left(campaigns)) == (None, [reason])
    campaigns.hear(changed(3, MAY, what="reinstated", at="2016-04-02 09:00"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [DUE]


def test_cancelled_after_it_was_asked_for_it_is_taken_back_and_asked_for_once_more(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    campaigns.hear(changed(2, MAY, what="cancelled", at="2016-05-07 14:01"))
    assert [one["reason"] for one in campaigns.withdrawn()] == ["stay_cancelled"]
    campaigns.hear(changed(3, MAY, what="reinstated", at="2016-05-07 14:02"))
    campaigns.tick("2016-05-07 14:02")
    assert campaigns.due_at() == [DUE, DUE]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_cancelled_and_reinstated_in_any_order_is_as_it_was(campaigns: Campaigns, order: tuple[int, ...]) -> None:
    told = [booked(), changed(2, MAY, what="cancelled"), changed(3, MAY, what="reinstated")]
    for place in (*order, order[0]):
        campaigns.hear(told[place], "2016-04-02 00:00")
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [DUE]


def test_booked_too_late_for_it_a_guest_gets_it_at_once_while_it_is_of_use(campaigns: Campaigns) -> None:
    campaigns.hear(booked(at="2016-05-09 13:59"))
    campaigns.tick("2016-05-09 13:59")
    assert campaigns.due_at() == [DUE]
    campaigns.hear(booked(at="2016-05-09 14:01", reservation="R2", guest=BEN))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1
    assert campaigns.all("select guest_id, state, reason from enrolment where reason is not null") == [
        (BEN, "exited", "expired")
    ]


def test_who_checked_in_before_it_came_is_not_asked_what_to_prepare(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.hear(changed(2, MAY, what="checked_in", at="2016-05-06 10:00"))
    campaigns.run("2016-12-31 00:00")
    assert (campaigns.requested(), left(campaigns)) == ([], ["stay_checked_in"])


def test_who_leaves_earlier_has_left_then(make_database: MakeDatabase) -> None:
    campaigns = pre_arrival(make_database("campaigns"), {"stay_date": "departure", "days": 1, "hour": "10:00"})
    campaigns.hear(booked())
    campaigns.hear(changed(3, MAY, what="checked_out", at="2016-05-11 08:00"))
    assert campaigns.next_due() == instant("2016-05-12 09:00")


@pytest.mark.parametrize(
    ("stays", "fits"),
    [
        ({"nights_from": 2, "nights_to": 2}, True),
        ({"nights_from": 3}, False),
        ({"nights_to": 1}, False),
        ({"booked_ahead": 99}, True),
        ({"booked_ahead": 100}, False),
        ({"room_types": ["suite", "DELUXE"]}, True),
        ({"room_types": ["single"]}, False),
        ({"rates": ["bar"]}, True),
        ({"rates": ["corp"]}, False),
        ({"channels": ["direct"], "nights_from": 1}, True),
        ({"channels": ["ota"]}, False),
    ],
)
def test_only_stays_that_fit_come_to_it(make_database: MakeDatabase, stays: dict[str, Any], fits: bool) -> None:
    campaigns = pre_arrival(make_database("campaigns"), {"stays": stays})
    campaigns.hear(booked(room_type="Deluxe", rate_plan="BAR", channel="direct"))
    assert campaigns.next_due() == (instant(DUE) if fits else None)


def test_a_stay_that_no_longer_fits_leaves_and_comes_back(make_database: MakeDatabase) -> None:
    campaigns = pre_arrival(make_database("campaigns"), {"stays": {"room_types": ["suite"]}})
    campaigns.hear(booked(room_type="suite"))
    campaigns.hear(changed(2, MAY, room_type="single"))
    assert (campaigns.next_due(), left(campaigns)) == (None, ["stay_unfit"])
    campaigns.hear(changed(3, MAY, room_type="suite"))
    assert campaigns.next_due() == instant(DUE)


def test_only_the_hotel_that_is_named(make_database: MakeDatabase) -> None:
    campaigns = pre_arrival(make_database("campaigns"), {"hotel": "SHA"})
    campaigns.hear(booked())
    campaigns.hear(booked(reservation="R2", hotel="SHA", zone="Asia/Shanghai"))
    assert campaigns.next_due() == instant("2016-05-07 07:00")
    assert len(campaigns.enrolments()) == 1


NEXT = ("2016-05-12", "2016-05-14")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_stays_that_touch_are_one_trip(campaigns: Campaigns, order: tuple[int, int]) -> None:
    told = [booked(), booked(days=NEXT, reservation="R2", at="2016-02-03 09:00")]
    for place in order:
        campaigns.hear(told[place])
    assert [row[0] for row in campaigns.enrolments()] == ["stay:R1"]
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [DUE]


def test_the_trip_comes_to_its_end_by_its_last_stay(make_database: MakeDatabase) -> None:
    campaigns = pre_arrival(make_database("campaigns"), {"stay_date": "departure", "days": 1})
    campaigns.hear(booked())
    campaigns.hear(booked(days=NEXT, reservation="R2"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-05-15 14:00"]


def test_where_the_first_of_a_trip_is_cancelled_the_next_stands_for_it(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.hear(booked(days=NEXT, reservation="R2"))
    campaigns.hear(changed(2, MAY, what="cancelled"))
    assert campaigns.next_due() == instant("2016-05-09 14:00")
    campaigns.hear(changed(3, MAY, what="reinstated"))
    assert [(row[0], row[3]) for row in campaigns.enrolments()] == [("stay:R1", instant(DUE))]


def test_a_night_put_before_a_stay_that_was_written_about_brings_nothing_more(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 2, DUE))
    campaigns.hear(booked(days=("2016-05-08", "2016-05-10"), reservation="R2", at="2016-05-07 14:30"))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1


def test_a_stay_that_is_anothers_is_written_about_to_them_alone(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.hear(changed(2, MAY, guest=BEN))
    campaigns.hear(merged(9), "2016-04-01 10:00")
    campaigns.run("2016-12-31 00:00")
    assert [one["guest_id"] for one in campaigns.requested()] == [str(BEN)]


def test_a_merge_after_it_went_asks_nobody_again(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    campaigns.tick(DUE)
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 2, DUE))
    campaigns.hear(merged(9), "2016-05-07 15:00")
    campaigns.hear(changed(2, MAY, guest=BEN, at="2016-05-07 15:00"))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1


def known_before(database: Database, *chunks: Chunk) -> None:
    """Stays that were told before any journey ran."""
    for chunk in chunks:
        Campaigns(database).hear(chunk)


def test_at_the_launch_stays_whose_instant_lies_ahead_are_in_and_no_others(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    known_before(
        database,
        booked(),
        booked(days=LATER, reservation="R2", guest=BEN),
        booked(days=("2016-05-04", "2016-05-06"), reservation="R3", hotel="SHA"),  # its instant has gone by
        changed(2, MAY, what="cancelled", reservation="R4", hotel="SHA"),
    )
    campaigns = pre_arrival(database, at="2016-05-02 09:00")
    assert [(row[0], row[3]) for row in campaigns.enrolments()] == [
        ("stay:R1", instant(DUE)),
        ("stay:R2", instant("2016-05-17 14:00")),
    ]
    assert campaigns.all("select count(*) from stay_scan") == [(0,)]


def test_a_launch_goes_on_where_it_died(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    known_before(database, *(booked(reservation=f"R{n}", guest=make_id("guest", n)) for n in range(5)))
    with database.transaction() as tx:
        publish(tx, shipped("pre-arrival"), instant(LAUNCH), "marketer")
        launch(tx, "pre-arrival", at=instant("2016-03-01 00:00"), by="marketer")
    counted = []
    for _ in range(6):
        with database.transaction() as tx:
            scan_stays(tx, instant("2016-03-01 00:01"), most=2)
        counted.append(Campaigns(database).all("select count(*) from enrolment")[0][0])
    assert counted == [2, 4, 5, 5, 5, 5]
    with database.transaction() as tx:
        assert stay_scan.claim(tx) is None


def test_a_launch_taken_back_or_ended_looks_no_further(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    known_before(database, booked())
    for undo in (take_back, end):
        with database.transaction() as tx:
            publish(tx, shipped("pre-arrival"), instant(LAUNCH), "marketer")
            launch(tx, "pre-arrival", at=instant("2016-03-01 00:00"), by="marketer")
            undo(tx, "pre-arrival", at=instant("2016-03-01 00:05"))
        assert Campaigns(database).next_due() is None


def test_another_version_is_for_those_who_come_and_for_stays_that_were_not_in(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    campaigns = pre_arrival(database, {"hotel": "LIS"})
    campaigns.hear(booked())
    campaigns.hear(booked(reservation="R2", hotel="SHA"))
    wider = overridden(shipped("pre-arrival"), {"entry/days": -7})
    with database.transaction() as tx:
        publish(tx, wider, instant("2016-03-01 00:00"), "marketer")
        launch(tx, "pre-arrival", at=instant("2016-03-01 00:00"), by="marketer")
    campaigns.run("2016-03-02 00:00")
    campaigns.hear(changed(2, MAY, room_type="suite"))
    assert [(row[0], row[3]) for row in campaigns.enrolments()] == [
        ("stay:R1", instant(DUE)),
        ("stay:R2", instant("2016-05-03 14:00")),
    ]


def test_a_paused_journey_keeps_its_dates_and_follows_them(campaigns: Campaigns) -> None:
    campaigns.hear(booked())
    with campaigns.database.transaction() as tx:
        pause(tx, "pre-arrival", at=instant("2016-04-01 00:00"))
    campaigns.hear(changed(2, LATER))
    assert campaigns.next_due() is None
    with campaigns.database.transaction() as tx:
        go_on(tx, "pre-arrival", at=instant("2016-04-03 00:00"))
    assert campaigns.next_due() == instant("2016-05-17 14:00")


def test_the_present_state_told_again_lets_nobody_in_and_fills_what_was_not_kept(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    known_before(database, booked())
    with database.transaction() as tx:
        tx.execute("update stay_known set zone = null, arrival = null, departure = null")
    campaigns = pre_arrival(database)
    assert campaigns.next_due() is None
    campaigns.hear(booked(republished=True))
    assert campaigns.all("select arrival::text, zone from stay_known") == [("2016-05-10", LISBON)]
    assert campaigns.next_due() is None
