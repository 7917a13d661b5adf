"""The post-stay survey: the next 10:00 of the property after the actual check-out."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from shared.events import Chunk
from tests.campaigns.cast import LISBON, at_work, instant, outcome, stay, stay_id
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase


def test_a_guest_who_checked_out_is_asked_the_next_morning(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("booked", 1, at="2016-01-01 06:00"))
    campaigns.hear(stay("checked_in", 2, at="2016-02-28 15:00"))
    campaigns.hear(stay("checked_out", 3, at="2016-03-01 12:00"))
    campaigns.run("2016-12-31 00:00")
    (message,) = campaigns.requested()
    assert message["due_at"] == "2016-03-02T10:00:00Z"
    assert message["useful_until"] == "2016-03-05T10:00:00Z"
    assert message["occurrence"] == "stay:R1"
    assert (message["purpose"], message["lane"]) == ("feedback", "stay")
    assert (message["property"], message["stay_id"], message["zone"]) == ("LIS", str(stay_id("R1")), LISBON)
    assert message["channels"] == ["email", "sms"]


@pytest.mark.parametrize(
    ("out", "due"),
    [
        ("2016-03-01 09:59", "2016-03-01 10:00"),
        ("2016-03-01 10:00", "2016-03-02 10:00"),
        ("2016-03-26 12:00", "2016-03-27 09:00"),  # the clocks go forward that night
        ("2016-10-29 11:00", "2016-10-30 10:00"),  # and back
    ],
)
def test_the_hour_is_strictly_after_the_check_out(make_database: MakeDatabase, out: str, due: str) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 3, at=out))
    assert campaigns.next_due() == instant(due)


@pytest.mark.parametrize(
    ("entry", "enters"),
    [
        ({"hotel": "LIS"}, True),
        ({"hotel": "SHA"}, False),
        ({"stays": {"nights_from": 2, "nights_to": 2}}, True),
        ({"stays": {"nights_from": 3}}, False),
        ({"stays": {"rates": ["bar"], "room_types": ["Suite"]}}, True),
        ({"stays": {"rates": ["corp"]}}, False),
        ({"stays": {"channels": ["ota"]}}, False),
    ],
)
def test_only_a_stay_that_was_asked_for_lets_in(
    make_database: MakeDatabase, entry: dict[str, Any], enters: bool
) -> None:
    wanted = {"post-stay-survey": {"entry": {"stay": "checked_out", **entry}}}
    campaigns = at_work(make_database("campaigns"), overrides=wanted, only=["post-stay-survey"])
    campaigns.hear(stay("checked_out", 3, room_type="suite", rate_plan="BAR", channel="direct"))
    campaigns.hear(stay("checked_out", 3, room_type="suite", rate_plan="BAR", channel="direct"))
    assert len(campaigns.enrolments()) == enters


@pytest.mark.parametrize("what", ["cancelled", "no_show", "booked"])
def test_a_stay_without_a_check_out_is_asked_nothing(make_database: MakeDatabase, what: str) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay(what, 2))
    assert campaigns.enrolments() == []


def test_a_stay_reinstated_before_the_survey_is_asked_only_after_its_real_end(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 3, at="2016-03-01 12:00"))
    campaigns.hear(stay("reinstated", 4, status="checked_in", at="2016-03-01 14:00"))
    assert campaigns.next_due() is None
    campaigns.hear(stay("checked_out", 5, at="2016-03-03 12:00"))
    campaigns.run("2016-12-31 00:00")
    assert campaigns.due_at() == ["2016-03-04 10:00"]


def test_a_held_survey_of_a_stay_that_goes_on_is_withdrawn(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 3))
    campaigns.tick("2016-03-02 10:00")
    campaigns.hear(outcome(campaigns.requested()[0], "held", 2, "2016-03-02 10:00"))
    campaigns.hear(stay("reinstated", 4, status="checked_in", at="2016-03-02 11:00"))
    (withdrawn,) = campaigns.withdrawn()
    assert (withdrawn["lane"], withdrawn["reason"]) == ("stay", "stay_undone")


def test_a_survey_already_sent_stays_the_only_one(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 3))
    campaigns.tick("2016-03-02 10:00")
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 2, "2016-03-02 10:00"))
    campaigns.hear(stay("reinstated", 4, status="checked_in", at="2016-03-02 11:00"))
    campaigns.hear(stay("checked_out", 5, at="2016-03-04 12:00"))
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1


def test_in_whatever_order_a_stay_is_told_its_newest_state_decides(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    expected = []
    for number, order in enumerate(permutations(range(4))):
        reservation = f"R{number:02}"
        history = [
            stay("booked", 1, at="2016-01-01 06:00", reservation=reservation),
            stay("checked_out", 2, at="2016-03-01 12:00", reservation=reservation),
            stay("reinstated", 3, status="checked_in", at="2016-03-01 13:00", reservation=reservation),
            stay("checked_out", 4, at="2016-03-01 14:00", reservation=reservation),
        ]
        for place in (*order, order[0]):
            campaigns.hear(history[place], "2016-03-01 14:00")
        expected.append((f"stay:{reservation}", 4, "waiting", instant("2016-03-02 10:00")))
    assert campaigns.enrolments() == expected


def test_a_change_heard_before_the_check_out_it_followed_loses_no_survey(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    expected = []
    for number, order in enumerate(permutations(range(3))):
        reservation, out = f"R{number}", "2016-03-01 12:00"
        history = [
            stay("checked_in", 1, at="2016-02-28 15:00", reservation=reservation),
            stay("checked_out", 2, at=out, reservation=reservation),
            stay(
                "changed",
                3,
                status="checked_out",
                at="2016-03-01 18:00",
                checked_out_at=out,
                reservation=reservation,
            ),
        ]
        for place in order:
            campaigns.hear(history[place], "2016-03-01 18:00")
        expected.append((f"stay:{reservation}", 3, "waiting", instant("2016-03-02 10:00")))
    assert campaigns.enrolments() == expected


def test_a_later_change_of_a_stay_asks_nothing_twice(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 2))
    campaigns.tick("2016-03-02 10:00")
    changed = stay("changed", 3, status="checked_out", at="2016-03-02 18:00", checked_out_at="2016-03-01 12:00")
    campaigns.hear(changed)
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 1
    assert campaigns.withdrawn() == []


def test_a_stay_found_to_be_another_guests_is_asked_of_the_other(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 2))
    campaigns.hear(
        stay("changed", 3, status="checked_out", at="2016-03-01 18:00", checked_out_at="2016-03-01 12:00", guest=BEN)
    )
    campaigns.run("2016-12-31 00:00")
    assert [message["guest_id"] for message in campaigns.requested()] == [str(BEN)]


def test_an_imported_history_asks_nobody_how_it_was(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"), entries_from=date(2015, 1, 1))
    campaigns.hear(stay("checked_out", 2), "2016-03-05 10:01")
    assert campaigns.enrolments() == []
    campaigns.hear(stay("checked_out", 2, reservation="R2"), "2016-03-05 10:00")
    assert len(campaigns.enrolments()) == 1


@pytest.mark.parametrize(("out", "counted"), [("2015-12-31 23:59", 0), ("2016-01-01 00:00", 1)])
def test_surveys_count_from_the_propertys_first_day(make_database: MakeDatabase, out: str, counted: int) -> None:
    campaigns = at_work(make_database("campaigns"), entries_from=date(2016, 1, 1))
    campaigns.hear(stay("checked_out", 2, at=out))
    assert len(campaigns.enrolments()) == counted


def test_the_present_state_said_again_asks_nobody(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 2, republished=True))
    assert campaigns.enrolments() == []


def test_two_stays_of_a_guest_are_two_occurrences(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 2).join(stay("checked_out", 2, reservation="R2")))
    campaigns.run("2016-12-31 00:00")
    assert [(m["guest_id"], m["occurrence"]) for m in campaigns.requested()] in (
        [(str(ANA), "stay:R1"), (str(ANA), "stay:R2")],
        [(str(ANA), "stay:R2"), (str(ANA), "stay:R1")],
    )


@pytest.mark.parametrize("order", [("LIS", "SHA"), ("SHA", "LIS")])
def test_one_number_at_two_hotels_is_two_stays_and_each_is_asked_about(
    make_database: MakeDatabase, order: tuple[str, str]
) -> None:
    campaigns = at_work(make_database("campaigns"))
    for hotel in (*order, *order):  # and each of them twice
        campaigns.hear(stay("checked_out", 3, at="2016-03-01 12:00", reservation="1001", hotel=hotel))
    campaigns.run("2016-12-31 00:00")
    asked = campaigns.requested()
    assert sorted((message["property"], message["stay_id"]) for message in asked) == [
        (hotel, str(stay_id("1001", hotel))) for hotel in ("LIS", "SHA")
    ]
    assert len({message["message_id"] for message in asked}) == len({message["occurrence"] for message in asked}) == 2


def test_two_stays_of_one_number_that_come_at_once_are_two(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    one, other = (
        stay("checked_out", 3, at="2016-03-01 12:00", reservation="1001", hotel=hotel) for hotel in ("LIS", "SHA")
    )
    both = Chunk(one.type, {name: [*one[name], *other[name]] for name in one.columns})
    campaigns.hear(both)
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == 2


def test_an_undone_stay_takes_back_its_own_question_and_not_that_of_its_number(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    for hotel in ("LIS", "SHA"):
        campaigns.hear(stay("checked_out", 3, at="2016-03-01 12:00", reservation="1001", hotel=hotel))
    campaigns.hear(stay("reinstated", 4, status="checked_in", at="2016-03-01 14:00", reservation="1001", hotel="SHA"))
    campaigns.run("2016-12-31 00:00")
    assert [message["property"] for message in campaigns.requested()] == ["LIS"]


def test_a_stay_that_is_anothers_is_asked_of_them_alone_and_back_again(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    out = "2016-03-01 12:00"
    campaigns.hear(stay("checked_out", 3, at=out))
    campaigns.hear(stay("changed", 4, status="checked_out", at=out, checked_out_at=out, guest=BEN))
    assert campaigns.all("select guest_id from enrolment where state = 'waiting'") == [(BEN,)]
    campaigns.hear(stay("changed", 5, status="checked_out", at=out, checked_out_at=out))
    campaigns.run("2016-12-31 00:00")
    assert [message["guest_id"] for message in campaigns.requested()] == [str(ANA)]
