"""Steps, branches, exits by event, re-entry and goals, on journeys made for the test."""

from __future__ import annotations

from datetime import date

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.queries.figures import JourneyFigures, StepFigures, journey_figures, step_figures
from services.campaigns.schemas import parse
from shared.events import Chunk
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, at_work, audience, complaint, instant, lapse, outcome, stay
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase

WELCOME = """
key: welcome
name: Welcome after the first stay
purpose: marketing
entry: {audience: first-stay}
exits:
  - event: case.opened
goal: {event: stay.booked, within_days: 30}
steps:
  - key: hello
    send: {template: welcome, channels: [email], useful_for: {hours: 36}}
  - key: pause
    wait: {days: 2}
  - key: tuesday
    wait_until: {hour: "18:30", weekdays: [tuesday]}
  - key: regular
    branch:
      if: {audience: regulars}
      then: goodbye
  - key: booked
    branch:
      if: {event: stay.booked}
      then: thanks
  - key: reminder
    send: {template: reminder, channels: [email], useful_for: {days: 2}}
  - key: stop
    exit: {reason: reminded}
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 2}}
  - key: goodbye
    exit: {reason: knows-us}
"""


def welcoming(make_database: MakeDatabase, text: str = WELCOME) -> Campaigns:
    campaigns = Campaigns(make_database("campaigns"))
    with campaigns.database.transaction() as tx:
        publish(tx, parse(text), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "welcome", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    return campaigns


def first_stay(version: int = 1, at: str = "2016-03-02 06:00") -> Chunk:
    return audience(ANA, version, True, at, segment="first-stay")


def steps(campaigns: Campaigns) -> list[tuple[str, str]]:
    return [(message["step"], message["due_at"]) for message in campaigns.requested()]


def test_all_steps_up_to_a_wait_are_one_pass(make_database: MakeDatabase) -> None:
    campaigns = welcoming(make_database)
    campaigns.hear(first_stay())
    campaigns.tick("2016-03-02 06:00")
    assert steps(campaigns) == [("hello", "2016-03-02T06:00:00Z")]
    assert campaigns.next_due() == instant("2016-03-08 17:30")  # Tuesday, 18:30 in Berlin
    campaigns.run("2016-12-31 00:00")
    assert steps(campaigns)[1:] == [("reminder", "2016-03-08T17:30:00Z")]
    assert campaigns.requested()[0]["local_time"] is None
    assert campaigns.requested()[1]["local_time"] == "18:30"


def test_what_everybody_gets_says_so_in_its_request(make_database: MakeDatabase) -> None:
    marked = WELCOME.replace("{hours: 36}}", "{hours: 36}, wants: [for_everyone]}", 1)
    campaigns = welcoming(make_database, marked)
    campaigns.hear(first_stay())
    campaigns.tick("2016-03-02 06:00")
    assert campaigns.requested()[0]["wants"] == ["for_everyone"]


def test_a_branch_asks_for_the_audience_as_it_is_then(make_database: MakeDatabase) -> None:
    campaigns = welcoming(make_database)
    campaigns.hear(first_stay())
    campaigns.hear(audience(ANA, 1, True, "2016-03-05 06:00", segment="regulars"))
    campaigns.run("2016-12-31 00:00")
    assert [step for step, _ in steps(campaigns)] == ["hello"]
    with campaigns.database.transaction() as tx:
        assert tx.execute("select state, reason from enrolment").fetchall() == [("done", "knows-us")]


@pytest.mark.parametrize(("booked", "second"), [("2016-03-05 06:00", "thanks"), ("2016-03-02 05:00", "reminder")])
def test_a_branch_asks_for_what_happened_since_the_entry(make_database: MakeDatabase, booked: str, second: str) -> None:
    campaigns = welcoming(make_database)
    campaigns.hear(first_stay())
    campaigns.hear(stay("booked", 1, at=booked, reservation="R2"))
    campaigns.run("2016-12-31 00:00")
    assert [step for step, _ in steps(campaigns)] == ["hello", second]


@pytest.mark.parametrize("entry_first", [True, False])
@pytest.mark.parametrize(("opened", "messages"), [("2016-03-02 07:00", 0), ("2016-03-02 05:00", 2)])
def test_an_exit_by_an_event_counts_if_it_came_after_the_entry_whatever_was_heard_first(
    make_database: MakeDatabase, entry_first: bool, opened: str, messages: int
) -> None:
    campaigns = welcoming(make_database)
    chunks = [first_stay(), complaint(opened)]
    for chunk in chunks if entry_first else reversed(chunks):
        campaigns.hear(chunk, "2016-03-02 07:00")
    campaigns.run("2016-12-31 00:00")
    assert len(campaigns.requested()) == messages


def test_each_entry_is_an_occurrence_unless_once_is_said(make_database: MakeDatabase) -> None:
    for text, expected in ((WELCOME, 2), (WELCOME + "re_entry: once\n", 1)):
        campaigns = welcoming(make_database, text)
        campaigns.hear(first_stay(1))
        campaigns.hear(first_stay(3, "2016-08-02 06:00"))
        campaigns.run("2016-12-31 00:00")
        assert sum(step == "hello" for step, _ in steps(campaigns)) == expected


def test_a_later_entry_of_a_journey_once_a_guest_leaves_others_alone(make_database: MakeDatabase) -> None:
    campaigns = welcoming(make_database, WELCOME + "re_entry: once\n")
    campaigns.hear(first_stay())
    campaigns.hear(audience(BEN, 1, True, "2016-03-02 06:00", segment="first-stay"))
    assert len(campaigns.enrolments()) == 2


@pytest.mark.parametrize(
    ("went", "booked", "reached"),
    [("sent", "2016-03-20 06:00", 1), ("sent", "2016-06-20 06:00", 0), ("skipped", "2016-03-20 06:00", 0)],
)
def test_a_booking_soon_after_a_message_reaches_the_goal_once(
    make_database: MakeDatabase, went: str, booked: str, reached: int
) -> None:
    campaigns = welcoming(make_database)
    campaigns.hear(first_stay())
    campaigns.tick("2016-03-02 06:00")
    campaigns.hear(outcome(campaigns.requested()[0], went, 2, "2016-03-02 06:00"))
    for reservation in ("R2", "R3"):
        campaigns.hear(stay("booked", 1, at=booked, reservation=reservation))
    with campaigns.database.transaction() as tx:
        assert journey_figures(tx, "welcome").goals == reached


def test_figures_tell_where_guests_are_and_what_became_of_messages(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    for guest in (ANA, BEN, CARLA):
        campaigns.hear(audience(guest, 1, True, "2016-05-29 22:00", because=lapse()))
    campaigns.hear(audience(CARLA, 2, False, "2016-05-30 02:00"))
    campaigns.tick("2016-05-30 08:00")
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 2, "2016-05-30 08:00"))
    later = audience(CARLA, 3, True, "2016-06-10 05:00", because=lapse("stay", "stay.cancelled"))
    campaigns.hear(later)
    campaigns.hear(audience(make_id("guest", "x"), 1, True, "2016-06-10 05:00", because=lapse()))
    campaigns.hear(audience(make_id("guest", "x"), 2, False, "2016-06-10 06:00"))
    with campaigns.database.transaction() as tx:
        assert step_figures(tx, "win-back") == [
            StepFigures(1, "invitation", 1, {"sent": 1, "requested": 1}),
        ]
        assert journey_figures(tx, "win-back") == JourneyFigures(
            {"done": 2, "waiting": 1, "exited": 1}, {"left_audience": 1}, 0
        )


def test_outcomes_are_kept_by_version_in_any_order(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 2))
    campaigns.tick("2016-03-02 10:00")
    (message,) = campaigns.requested()
    for state, version in (("sent", 4), ("held", 2), ("sent", 4)):
        campaigns.hear(outcome(message, state, version, "2016-03-02 11:00"))
    with campaigns.database.transaction() as tx:
        assert tx.execute("select state, version, settled_at is null from message").fetchall() == [("sent", 4, False)]


def test_messages_of_others_are_passed_over(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(stay("checked_out", 2))
    campaigns.tick("2016-03-02 10:00")
    (message,) = campaigns.requested()
    campaigns.hear(outcome({**message, "message_id": str(make_id("message", "alert"))}, "sent", 2, "2016-03-02 11:00"))
    with campaigns.database.transaction() as tx:
        assert tx.execute("select state from message").fetchall() == [("requested",)]
