"""Tasks for the staff, and jumps: asked for once, told back, waited for; on to a later step or into another journey."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.launch import end, launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.pages.flow import flow_of
from services.campaigns.queries.deeds import TaskFigures, tasks_of
from services.campaigns.schemas import parse
from services.campaigns.service import SERVICE
from shared.access.scope import EVERYWHERE
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.feedback import TaskClosed
from shared.vocabulary.task import TaskOutcome
from tests.campaigns.cast import Campaigns, audience, instant, stay
from tests.campaigns.test_forks import shape
from tests.cast import ANA, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import browser, words

CALL = """
key: care
name: Care
purpose: stay_service
entry: {stay: checked_out}
steps:
  - key: call
    task: {title: Call the guest, department: front_desk, within: {hours: 30}}
  - key: called
    wait_for: {event: task.closed, within: {days: 3}, else: late}
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 3}}
  - key: over
    jump: {to: end}
  - key: late
    send: {template: sorry, channels: [email], useful_for: {days: 3}}
  - key: end
    exit: {reason: done}
"""
FIRST = """
key: first
name: First
purpose: marketing
entry: {audience: lapsed}
steps:
  - key: hello
    send: {template: hello, channels: [email], useful_for: {days: 3}}
  - key: further
    jump: {journey: second}
"""
SECOND = """
key: second
name: Second
purpose: marketing
entry: {audience: nobody}
steps:
  - key: news
    send: {template: news, channels: [email], useful_for: {days: 3}}
  - key: back
    jump: {journey: first}
"""


def running(campaigns: Campaigns, *texts: str) -> Campaigns:
    with campaigns.database.transaction() as tx:
        for text in texts:
            document = parse(text)
            publish(tx, document, instant("2016-01-01 00:00"), "marketer")
            key, began = document["key"], date(2016, 1, 1)
            launch(tx, key, at=instant("2016-01-01 00:00"), by="marketer", entries_from=began)
    return campaigns


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return running(Campaigns(make_database("campaigns")), CALL)


def asked(campaigns: Campaigns) -> list[dict[str, Any]]:
    return campaigns.published("task.requested.v1")


def closed(task: dict[str, Any], version: int, at: str, *, is_open: bool = False, republished: bool = False) -> Chunk:
    event = TaskClosed(
        task_id=UUID(task["task_id"]),
        version=version,
        guest_id=UUID(task["guest_id"]),
        stay_id=UUID(task["stay_id"]) if task["stay_id"] else None,
        property=task["property"],
        journey=task["journey"],
        step=task["step"],
        open=is_open,
        outcome=None if is_open else TaskOutcome.NOT_REACHED,
        occurred_at=instant(at),
    )
    return off_the_wire(chunk_of([event], republished=republished))


def templates(campaigns: Campaigns) -> list[str]:
    return [message["template"] for message in campaigns.requested()]


def figures(campaigns: Campaigns, key: str = "care") -> list[TaskFigures]:
    with campaigns.database.transaction() as tx:
        return list(tasks_of(tx, key, EVERYWHERE).values())


def test_a_task_names_the_hotel_the_department_and_its_hour(campaigns: Campaigns) -> None:
    campaigns.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    campaigns.tick("2016-03-01 12:00")
    (task,) = asked(campaigns)
    assert (task["property"], task["title"], task["department"]) == ("LIS", "Call the guest", "front_desk")
    assert task["due_at"] == "2016-03-02T18:00:00Z" and task["journey_name"] == "Care"
    assert templates(campaigns) == [] and figures(campaigns) == [TaskFigures("call", 1, 0, 0)]


def test_planned_anew_or_fired_twice_it_asks_once(campaigns: Campaigns) -> None:
    campaigns.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    campaigns.tick("2016-03-01 12:00")
    campaigns.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    campaigns.hear(stay("checked_out", 3, at="2016-03-01 13:00"))  # the check-out is corrected
    campaigns.tick("2016-03-01 13:00")
    assert len(asked(campaigns)) == 1


@pytest.mark.parametrize(
    ("news", "then"),
    [
        ([(2, "2016-03-02 09:00", False)], ["thanks"]),
        ([(2, "2016-03-02 09:00", False)] * 2, ["thanks"]),
        ([], ["sorry"]),
        ([(2, "2016-03-09 09:00", False)], ["sorry"]),  # after the time-out
        ([(3, "2016-03-02 10:00", True)], ["sorry"]),  # open again
    ],
)
def test_a_journey_waits_for_its_task(campaigns: Campaigns, news: list[tuple[int, str, bool]], then: list[str]) -> None:
    campaigns.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    campaigns.tick("2016-03-01 12:00")
    for version, at, is_open in news:
        campaigns.run(at)
        campaigns.hear(closed(asked(campaigns)[0], version, at, is_open=is_open))
    campaigns.run("2016-12-31 00:00")
    assert templates(campaigns) == then


def test_the_newest_word_of_a_task_counts_whatever_came_first(campaigns: Campaigns) -> None:
    campaigns.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    campaigns.tick("2016-03-01 12:00")
    (task,) = asked(campaigns)
    campaigns.hear(closed(task, 4, "2016-03-02 11:00"))
    campaigns.hear(closed(task, 3, "2016-03-02 10:00", is_open=True))
    assert figures(campaigns) == [TaskFigures("call", 0, 1, 0)]


def test_without_a_hotel_it_is_that_of_the_last_stay_and_else_nobodys(make_database: MakeDatabase) -> None:
    text = CALL.replace("{stay: checked_out}", "{audience: lapsed}").replace("stay_service", "marketing")
    campaigns = running(Campaigns(make_database("campaigns")), text)
    campaigns.hear(stay("checked_out", 2, at="2016-01-05 12:00", hotel="BER", reservation="R7"))
    for guest in (ANA, BEN):
        campaigns.hear(audience(guest, 1, True, "2016-03-01 12:00", segment="lapsed"))
    campaigns.tick("2016-03-01 12:00")
    (task,) = asked(campaigns)
    assert (task["guest_id"], task["property"]) == (str(ANA), "BER")
    assert figures(campaigns) == [TaskFigures("call", 1, 0, 1)]
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    page = words(person.get("/campaigns/journeys/care"))
    assert "1 task open" in page and "1 task for no hotel: the guest has not stayed yet" in page


def test_a_jump_leads_on_at_a_later_step_and_is_drawn_where_the_ways_meet(campaigns: Campaigns) -> None:
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    with person.app.test_request_context():
        drawn = shape(flow_of(parse(CALL), {}))
    assert drawn == ["call", ("called", [(["thanks"], None, False), (["late"], None, False)]), "end"]


def test_a_guest_goes_on_in_another_journey_once_for_each_occasion(make_database: MakeDatabase) -> None:
    campaigns = running(Campaigns(make_database("campaigns")), FIRST, SECOND)
    campaigns.hear(audience(ANA, 1, True, "2016-03-01 12:00", segment="lapsed"))
    campaigns.run("2016-03-01 13:00")
    campaigns.hear(audience(ANA, 1, True, "2016-03-01 12:00", segment="lapsed"))
    campaigns.run("2016-12-31 00:00")
    assert templates(campaigns) == ["hello", "news"]
    assert "came_by" not in campaigns.requested()[1]["values"]
    with campaigns.database.transaction() as tx:
        rows = tx.execute("select journey, state, reason from enrolment order by journey").fetchall()
    assert rows == [("first", "done", "went-on"), ("second", "done", "went-round")]


def test_where_the_other_journey_does_not_run_the_guest_is_done_and_it_is_said(make_database: MakeDatabase) -> None:
    campaigns = running(Campaigns(make_database("campaigns")), FIRST, SECOND)
    with campaigns.database.transaction() as tx:
        end(tx, "second", at=instant("2016-02-01 00:00"))
    campaigns.hear(audience(ANA, 1, True, "2016-03-01 12:00", segment="lapsed"))
    campaigns.run("2016-12-31 00:00")
    assert templates(campaigns) == ["hello"]
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    page = words(person.get("/campaigns/journeys/first/people"))
    assert "was to go on in another journey, which does not run" in page
    with campaigns.database.transaction() as tx:
        assert tx.execute("select state, reason from enrolment").fetchall() == [("done", "other-does-not-run")]


@pytest.mark.parametrize(
    ("change", "to", "pointer"),
    [
        ("jump: {to: end}", "jump: {to: call}", "/steps/3/jump/to"),
        ("jump: {to: end}", "jump: {}", "/steps/3/jump"),
        ("title: Call the guest", 'title: ""', "/steps/0/task/title"),
        ("within: {hours: 30}", "within: {days: 90, hours: 1}", "/steps/0/task/within"),
    ],
)
def test_what_cannot_be_says_where(change: str, to: str, pointer: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(CALL.replace(change, to, 1))
    assert pointer in refused.value.problems
