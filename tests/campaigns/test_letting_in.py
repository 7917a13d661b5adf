"""Those already inside at the launch are let in so many a day, where the marketer wants them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from services.campaigns.commands.launch import end, launch, pause, resume, take_back
from services.campaigns.shipped import install_shipped
from shared.ids import make_id
from tests.campaigns.cast import AS_SIMULATED, Campaigns, audience, instant, lapse, stay_id
from tests.conftest import MakeDatabase

LAUNCH = "2016-05-01 09:00"
GUESTS = [make_id("guest", "inside", number) for number in range(5)]


def launched(make_database: MakeDatabase, let_in_a_day: int | None = 2) -> Campaigns:
    database = make_database("campaigns")
    with database.transaction() as tx:
        install_shipped(tx, instant(LAUNCH), overrides=AS_SIMULATED)
        launch(tx, "win-back", at=instant(LAUNCH), by="marketer", let_in_a_day=let_in_a_day)
    return Campaigns(database)


def inside(campaigns: Campaigns, guests: list[UUID], at: str = "2016-05-01 09:01") -> None:
    for number, guest in enumerate(guests):
        because = {"kind": "initial", "last_stay": lapse(reservation=f"R{number}")["last_stay"]}
        campaigns.hear(audience(guest, 1, True, at, because=because, initial=True))


def entered(campaigns: Campaigns) -> list[str]:
    """When each guest entered."""
    with campaigns.database.transaction() as tx:
        rows = tx.execute("select entered_at from enrolment where state <> 'exited' order by entered_at").fetchall()
    return [f"{at:%Y-%m-%d %H:%M}" for (at,) in rows]


def test_they_enter_so_many_a_day_from_the_end_of_the_ten_minutes_on(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    inside(campaigns, GUESTS)
    assert campaigns.next_due() == instant("2016-05-01 09:10")
    campaigns.run("2016-05-20 00:00")
    assert entered(campaigns) == ["2016-05-01 09:10"] * 2 + ["2016-05-02 09:10"] * 2 + ["2016-05-03 09:10"]
    assert len(campaigns.requested()) == 5
    assert {message["stay_id"] for message in campaigns.requested()} == {str(stay_id(f"R{n}")) for n in range(5)}


def test_the_same_guests_enter_in_the_same_order_however_they_were_told(make_database: MakeDatabase) -> None:
    orders = []
    for guests in (GUESTS, GUESTS[::-1]):
        campaigns = launched(make_database, 1)
        for guest in guests:
            inside(campaigns, [guest])
        campaigns.run("2016-05-20 00:00")
        with campaigns.database.transaction() as tx:
            orders.append(tx.execute("select guest_id from enrolment order by entered_at").fetchall())
    assert orders[0] == orders[1]


def test_a_launch_that_does_not_let_them_in_starts_from_now(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database, None)
    inside(campaigns, GUESTS)
    assert campaigns.next_due() is None


def test_the_launch_says_whether_they_are_to_be_said(make_database: MakeDatabase) -> None:
    for a_day, said in ((None, False), (5, True)):
        (launch_said,) = launched(make_database, a_day).published("journey.launched.v1")
        assert launch_said["let_in"] is said


def test_who_left_before_her_day_is_not_let_in(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    inside(campaigns, GUESTS[:2])
    campaigns.hear(audience(GUESTS[0], 2, False, "2016-05-01 09:05"))
    campaigns.run("2016-05-02 00:00")
    assert len(entered(campaigns)) == 1


def test_who_is_moved_inside_by_an_edited_rule_later_is_not_let_in(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    inside(campaigns, GUESTS, "2016-05-02 09:00")
    assert campaigns.next_due() is None


@pytest.mark.parametrize("verb", [take_back, end])
def test_a_launch_taken_back_or_ended_lets_nobody_in(make_database: MakeDatabase, verb: Callable[..., object]) -> None:
    campaigns = launched(make_database)
    inside(campaigns, GUESTS)
    with campaigns.database.transaction() as tx:
        verb(tx, "win-back", at=instant("2016-05-01 09:05"))
    assert campaigns.next_due() is None
    assert campaigns.tick("2016-05-09 09:00") == 0


def test_a_pause_lets_nobody_in_and_resuming_goes_on(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    inside(campaigns, GUESTS[:3])
    with campaigns.database.transaction() as tx:
        pause(tx, "win-back", at=instant("2016-05-01 09:05"))
    assert campaigns.tick("2016-05-05 12:00") == 0
    with campaigns.database.transaction() as tx:
        resume(tx, "win-back", at=instant("2016-05-05 12:00"))
    assert campaigns.tick("2016-05-05 12:00") > 0
    assert entered(campaigns) == ["2016-05-05 12:00"] * 2
    campaigns.run("2016-05-06 12:00")
    assert entered(campaigns) == ["2016-05-05 12:00"] * 2 + ["2016-05-06 12:00"]


def test_an_ended_journey_takes_back_what_waits(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database)
    inside(campaigns, GUESTS[:2])
    campaigns.run("2016-05-01 09:30")
    with campaigns.database.transaction() as tx:
        assert end(tx, "win-back", at=instant("2016-05-01 09:40")) == 2
        assert tx.execute("select distinct state, reason from enrolment").fetchall() == [("exited", "journey_ended")]
