"""The win-back: 90 days after the last check-out, unless she books."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

import pytest

from shared.errors import MalformedEvent
from shared.events import Chunk
from shared.ids import make_id
from tests.campaigns.cast import BERLIN, NEW_YORK, at_work, audience, instant, lapse, outcome
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase

DAY_90 = "2016-05-29 22:00"  # 00:00 of 30 May in Berlin


def entered(version: int = 1, at: str = DAY_90, kind: str = "time", what: str | None = None, **more: object) -> Chunk:
    return audience(ANA, version, True, at, because=lapse(kind, what), **more)  # type: ignore[arg-type]


def left(version: int, at: str, what: str = "stay.booked") -> Chunk:
    return audience(ANA, version, False, at, because={"kind": "stay", "what": what})


def test_a_guest_who_lapsed_is_asked_back_at_ten_where_she_lives(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    assert campaigns.next_due() == instant("2016-05-30 08:00")
    campaigns.run("2016-12-31 00:00")

    (message,) = campaigns.requested()
    assert message["due_at"] == "2016-05-30T08:00:00Z"
    assert message["useful_until"] == "2016-06-06T08:00:00Z"
    assert message["local_time"] == "10:00"
    assert message["zone"] == BERLIN
    assert message["occurrence"] == "lapse:R1"
    assert message["property"] == "LIS"
    assert message["channels"] == ["email", "sms"]
    assert message["wants"] == ["no_future_booking", "absence", "once_a_household"]
    assert (message["purpose"], message["lane"], message["holdout"]) == ("marketing", "marketing", 0)
    assert message["priority"] < 200  # the birthday goes first
    assert message["values"] == {"reservation": "R1"}


def test_a_guest_who_books_during_the_wait_gets_no_win_back(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.hear(left(2, "2016-05-30 06:00"))
    assert campaigns.next_due() is None
    campaigns.run("2016-12-31 00:00")
    assert campaigns.requested() == campaigns.withdrawn() == []


def test_a_booking_at_the_very_hour_of_the_send_comes_before_it(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.hear(left(2, "2016-05-30 08:00"))
    assert campaigns.tick("2016-05-30 08:00") == 0


def test_a_booking_that_falls_through_makes_it_due_fourteen_days_later_at_ten(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(1, "2016-07-01 05:00", "stay", "stay.cancelled"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-07-15 08:00"]


def test_a_no_show_late_in_the_evening_counts_from_its_own_local_day(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(1, "2016-07-01 22:00", "stay", "stay.no_show"))  # 2 July in Berlin
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-07-16 08:00"]


def test_a_cancellation_is_counted_in_the_guests_calendar_not_the_hotels(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(1, "2016-07-01 03:00", "stay", "stay.cancelled", zone=NEW_YORK))  # 30 June there
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-07-14 14:00"]


@pytest.mark.parametrize(
    ("at", "due"), [("2016-07-01 06:00", "2016-07-01 08:00"), ("2016-07-01 09:00", "2016-07-02 08:00")]
)
def test_another_cause_is_due_at_the_next_ten(make_database: MakeDatabase, at: str, due: str) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(1, at, "guest", "guest.changed"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == [due]


def test_fourteen_days_over_the_change_of_clocks_still_end_at_ten(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(1, "2016-03-20 06:00", "stay", "stay.cancelled"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-04-03 08:00"]  # 09:00 UTC before 27 March


def test_a_held_message_is_withdrawn_when_she_books_and_asked_anew_when_that_falls_through(
    make_database: MakeDatabase,
) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.tick("2016-05-30 08:00")
    (first,) = campaigns.requested()
    campaigns.hear(outcome(first, "held", 3, "2016-05-30 08:00", "quiet_hours"))
    campaigns.hear(left(2, "2016-05-31 05:00"))
    (withdrawn,) = campaigns.withdrawn()
    assert (withdrawn["message_id"], withdrawn["reason"]) == (first["message_id"], "booked")
    assert withdrawn["lane"] == "marketing"

    campaigns.hear(entered(3, "2016-06-10 05:00", "stay", "stay.cancelled"))
    campaigns.run("2016-12-31 00:00")
    second = campaigns.requested()[1]
    assert second["due_at"] == "2016-06-24T08:00:00Z"
    assert second["plan"] > first["plan"]
    assert second["message_id"] != first["message_id"]
    assert second["occurrence"] == first["occurrence"]


@pytest.mark.parametrize("state", ["sent", "skipped", "failed"])
def test_an_occurrence_that_was_settled_is_never_asked_again(make_database: MakeDatabase, state: str) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.tick("2016-05-30 08:00")
    campaigns.hear(outcome(campaigns.requested()[0], state, 3, "2016-05-30 08:00"))
    campaigns.hear(left(2, "2016-06-01 05:00"))
    campaigns.hear(entered(3, "2016-06-10 05:00", "stay", "stay.cancelled"))
    assert campaigns.next_due() is None
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1
    assert campaigns.withdrawn() == []


def test_a_message_that_went_although_it_was_taken_back_is_the_only_one(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.tick("2016-05-30 08:00")
    campaigns.hear(left(2, "2016-05-30 08:00"))
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 3, "2016-05-30 08:00"))
    campaigns.hear(entered(3, "2016-06-10 05:00", "stay", "stay.cancelled"))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1


def test_a_new_stay_is_a_new_occurrence(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.tick("2016-05-30 08:00")
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 3, "2016-05-30 08:00"))
    campaigns.hear(left(2, "2016-06-01 05:00"))
    campaigns.hear(audience(ANA, 3, True, "2016-11-01 23:00", because=lapse(reservation="R2")))
    campaigns.run("2016-12-31 00:00")
    assert [message["occurrence"] for message in campaigns.requested()] == ["lapse:R1", "lapse:R2"]


def test_a_message_that_went_while_it_was_taken_back_ends_the_new_plan(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.tick("2016-05-30 08:00")
    campaigns.hear(left(2, "2016-05-30 08:00"))
    campaigns.hear(entered(3, "2016-06-10 05:00", "stay", "stay.cancelled"))
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 3, "2016-05-30 08:00"))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1


def history(guest: UUID) -> list[Chunk]:
    """She lapsed, booked, and the booking fell through: each told by one event."""
    return [
        audience(guest, 5, True, "2016-05-29 22:00", because=lapse()),
        audience(guest, 6, False, "2016-05-30 04:00", because={"kind": "stay", "what": "stay.booked"}),
        audience(guest, 7, True, "2016-05-30 05:00", because=lapse("stay", "stay.cancelled")),
    ]


def someone(*name: object) -> UUID:
    return make_id("guest", "cast", *name)


def test_in_whatever_order_changes_come_and_come_again_the_newest_decides(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    orders = [(order, times) for order in permutations(range(3)) for times in (1, 2)]
    for order, times in orders:
        told = history(someone(order, times))
        for place in order:
            for _ in range(times):
                campaigns.hear(told[place], "2016-05-30 05:00")
    assert campaigns.enrolments() == [("lapse:R1", 7, "waiting", instant("2016-06-13 08:00"))] * len(orders)


def test_in_whatever_order_a_message_in_flight_is_taken_back_once(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    orders = list(permutations(range(3)))
    for order in orders:
        campaigns.hear(audience(someone(order), 4, True, DAY_90, because=lapse()))
    campaigns.tick("2016-05-30 08:00")
    for order in orders:
        guest = someone(order)
        later = [
            audience(guest, 5, False, "2016-05-30 09:00"),
            audience(guest, 6, True, "2016-05-30 10:00", because=lapse("stay", "stay.cancelled")),
            audience(guest, 7, False, "2016-05-30 11:00"),
        ]
        for place in order:
            campaigns.hear(later[place], "2016-05-30 11:00")
    campaigns.run("2016-12-31 00:00")
    assert campaigns.enrolments() == []
    assert sorted(one["guest_id"] for one in campaigns.requested()) == sorted(str(someone(order)) for order in orders)
    assert sorted(one["guest_id"] for one in campaigns.withdrawn()) == sorted(str(someone(order)) for order in orders)


def test_changes_of_one_guest_in_one_chunk_are_reduced_to_the_newest(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    first, second, third = history(ANA)
    campaigns.hear(third.join(first).join(second), "2016-05-30 05:00")
    assert campaigns.enrolments() == [("lapse:R1", 7, "waiting", instant("2016-06-13 08:00"))]


def test_who_was_inside_before_anybody_watched_is_not_written_to(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(initial=True))
    assert campaigns.enrolments() == []


def test_the_present_state_said_again_enrols_nobody(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(republished=True))
    assert campaigns.enrolments() == []
    campaigns.hear(entered())  # the same version, heard late: it is known already
    assert campaigns.enrolments() == []


def test_a_leaving_that_was_lost_is_made_good_by_the_present_state(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.hear(audience(ANA, 2, False, "2016-05-30 04:00", republished=True))
    assert campaigns.next_due() is None


def test_another_guests_leaving_changes_nothing(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered())
    campaigns.hear(audience(BEN, 9, False, "2016-05-30 04:00"))
    campaigns.hear(audience(ANA, 9, False, "2016-05-30 04:00", segment="regulars"))
    assert len(campaigns.enrolments()) == 1


def test_an_entry_without_its_last_stay_is_set_aside_by_its_place(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    broken = audience(BEN, 1, True, DAY_90)
    with pytest.raises(MalformedEvent) as raised:
        campaigns.hear(entered().join(broken))
    assert list(raised.value.subjects) == [1]


def test_what_lapsed_long_ago_is_left_in_peace(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(entered(), "2016-06-07 00:00")
    assert campaigns.enrolments() == []


def test_the_last_stays_of_one_number_at_two_hotels_are_two_occasions(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    for version, hotel, day in ((1, "LIS", "2016-05-30"), (3, "SHA", "2016-10-30")):
        because = lapse(reservation="1001", hotel=hotel)
        campaigns.hear(audience(ANA, version, True, f"{day} 00:00", because=because))
        campaigns.run(f"{day} 23:00")
        campaigns.hear(outcome(campaigns.requested()[-1], "sent", 2, f"{day} 23:00"))
        campaigns.hear(audience(ANA, version + 1, False, f"{day} 23:30"))
    assert [message["property"] for message in campaigns.requested()] == ["LIS", "SHA"]
