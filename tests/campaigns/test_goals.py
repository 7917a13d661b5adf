"""A journey has several goals: each with its own days, each only counted or the end of the journey."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.queries.goal_results import GoalLine, goal_rows
from services.campaigns.queries.results import Window
from services.campaigns.schemas import parse, validated
from services.campaigns.schemas.forms import Form
from services.campaigns.schemas.settings import settings_in
from services.campaigns.service import SERVICE
from shared.access.scope import EVERYWHERE
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, click, instant, outcome, stay, survey_answered
from tests.campaigns.test_tallies import agrees
from tests.cast import ANA, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import browser, words

JOURNEY = """
key: back
name: Back
purpose: marketing
holdout: 10
entry: {audience: lapsed-3-months}
goal: {event: stay.booked, within_days: 30}
further_goals:
  - {event: message.clicked, within_days: 2}
  - {event: survey.answered, within_days: 30, score_from: 9}
  - {event: stay.checked_out, within_days: 60}
  - {event: stay.checked_out, within_days: 60, spent_from: 500, currency: EUR, ends: true}
steps:
  - key: offer
    send: {template: back, channels: [email], useful_for: {days: 30}}
  - key: long
    wait: {days: 100}
  - key: again
    send: {template: back, channels: [email], useful_for: {days: 30}}
"""
SPENT = "stay.checked_out spent_from=500 currency=EUR"


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    """Ana was written to, Ben was kept out."""
    made = Campaigns(make_database("campaigns"))
    with made.database.transaction() as tx:
        publish(tx, validated(parse(JOURNEY)), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "back", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    for guest in (ANA, BEN):
        made.hear(audience(guest, 1, True, "2016-03-02 06:00"))
    made.run("2016-03-02 12:00")
    for message in made.requested():
        kept_out = message["guest_id"] == str(BEN)
        told = ("skipped", 2, "2016-03-02 10:00", "holdout") if kept_out else ("sent", 2, "2016-03-02 10:00", None)
        made.hear(outcome(message, *told[:3], reason=told[3]))
    return made


def goals(campaigns: Campaigns, guest: UUID = ANA) -> list[str]:
    query = "select goal from goal join enrolment on id = enrolment_id where guest_id = %s order by goal"
    with campaigns.database.transaction() as tx:
        return [goal for (goal,) in tx.execute(query, [guest])]


def left(version: int, at: str, revenue: str | None, number: str = "N1", guest: UUID = ANA, **more: Any) -> Chunk:
    days = ("2016-04-01", at[:10])
    told = {"reservation": number, "days": days, "booked_at": "2016-03-05 09:00", "currency": "EUR", **more}
    return stay("checked_out", version, at=at, guest=guest, revenue=revenue, **told)


def answered(score: int, at: str, *, void: bool = False) -> Chunk:
    return off_the_wire(chunk_of([survey_answered(at, at=at, score=score, void=void)]))


def test_each_goal_is_reached_by_itself_within_its_own_days(campaigns: Campaigns) -> None:
    (message,) = [one for one in campaigns.requested() if one["guest_id"] == str(ANA)]
    campaigns.hear(click(message, 0, "2016-03-05 10:00"))  # after its two days
    campaigns.hear(answered(8, "2016-03-06 10:00"))
    campaigns.hear(answered(10, "2016-03-06 11:00", void=True))
    assert goals(campaigns) == []
    campaigns.hear(click(message, 1, "2016-03-03 10:00"))
    campaigns.hear(answered(9, "2016-03-07 10:00"))
    assert goals(campaigns) == ["message.clicked", "survey.answered score_from=9"]
    campaigns.hear(stay("booked", 1, at="2016-03-08 10:00", reservation="N1"))
    assert goals(campaigns)[0] == ""
    agrees(campaigns)


def test_somebody_elses_message_of_the_same_journey_makes_no_click_of_mine(campaigns: Campaigns) -> None:
    (message,) = [one for one in campaigns.requested() if one["guest_id"] == str(ANA)]
    campaigns.hear(click({**message, "message_id": str(make_id("message", "another"))}, 0, "2016-03-03 10:00"))
    assert goals(campaigns) == []


def test_what_was_spent_is_the_sum_of_all_stays_however_late_it_is_told(campaigns: Campaigns) -> None:
    campaigns.hear(left(3, "2016-04-03 10:00", None))
    assert goals(campaigns) == ["stay.checked_out"]
    campaigns.hear(left(4, "2016-04-03 10:00", "300"))
    campaigns.hear(left(1, "2016-04-10 10:00", "199.99", number="N2"))
    campaigns.hear(left(1, "2016-04-11 10:00", "9000", number="N3", currency="CNY"))
    assert SPENT not in goals(campaigns)
    campaigns.hear(left(5, "2016-04-03 10:00", "300.01"))
    assert SPENT in goals(campaigns)
    campaigns.hear(left(4, "2016-04-03 10:00", "300"))  # an older word changes nothing
    assert SPENT in goals(campaigns)


def test_a_goal_that_ends_the_journey_takes_back_what_waits_and_one_that_counts_does_not(campaigns: Campaigns) -> None:
    campaigns.hear(stay("booked", 1, at="2016-03-08 10:00", reservation="N1"))
    campaigns.hear(left(2, "2016-04-03 10:00", "100"))
    assert campaigns.enrolments() != []
    campaigns.hear(left(3, "2016-04-03 10:00", "800"))
    query = "select state, reason from enrolment where guest_id = %s"
    with campaigns.database.transaction() as tx:
        assert tx.execute(query, [ANA]).fetchall() == [("exited", "goal_reached")]
        assert tx.execute(query, [BEN]).fetchall() == [("waiting", None)]
    campaigns.run("2016-09-01 00:00")
    assert {one["guest_id"] for one in campaigns.requested() if one["step"] == "again"} == {str(BEN)}


def test_the_control_group_reaches_goals_beside_it_and_results_show_each(campaigns: Campaigns) -> None:
    campaigns.hear(left(2, "2016-04-03 10:00", "800"))
    campaigns.hear(left(2, "2016-04-03 10:00", "800", number="N9", guest=BEN))
    campaigns.hear(stay("booked", 1, at="2016-03-08 10:00", reservation="N8"))
    window = Window(instant("2016-01-01 00:00"), instant("2017-01-01 00:00"), timedelta(days=30))
    with campaigns.database.transaction() as tx:
        found = [GoalLine(*values) for values in goal_rows(tx, "back", window, EVERYWHERE)]
        lines = {one.goal: (one.reached, one.control) for one in found}
    assert lines == {"": (1, 0), "stay.checked_out": (1, 1), SPENT: (1, 1)}
    agrees(campaigns)
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=datetime(2016, 9, 1, tzinfo=UTC))
    page = words(person.get("/campaigns/journeys/back/results?from=2016-01-01&to=2016-08-01"))
    assert "come to €500.00 at least; the journey is over then 1 100.0% 1 100.0%" in page
    assert "The guest opens a link of a message within 2 days 0" in page
    chinese = person.get("/campaigns/journeys/back/results?from=2016-01-01&to=2016-08-01",
                         headers={"Accept-Language": "zh-CN"})  # fmt: skip
    assert "流程随即结束" in words(chinese)


def test_a_goal_as_it_always_was_is_the_same_document_and_the_same_journey() -> None:
    plain = parse(JOURNEY.replace(JOURNEY[JOURNEY.index("further_goals") : JOURNEY.index("steps:")], ""))
    assert validated(plain)["goal"] == {"event": "stay.booked", "within_days": 30}
    assert "further_goals" not in validated(plain)


CLICKED = "{event: message.clicked, within_days: 2}"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{event: stay.booked, within_days: 9}", CLICKED),
        (
            "{event: message.clicked, within_days: 9, spent_from: 5, currency: EUR}",
            CLICKED,
        ),
        ("{event: stay.checked_out, within_days: 9, spent_from: 5}", CLICKED),
        (
            "{event: survey.answered, within_days: 9, score_from: 9, score_to: 3}",
            CLICKED,
        ),
        ("null", "{event: stay.booked, within_days: 30}"),
    ],
)
def test_goals_that_contradict_themselves_are_refused(wrong: str, right: str) -> None:
    with pytest.raises(InputError) as refused:
        validated(parse(JOURNEY.replace(right, wrong, 1)))
    assert all("goals" in pointer for pointer in refused.value.problems)


def test_the_form_gives_each_goal_its_days_and_the_first_chosen_is_the_chief_one() -> None:
    form = Form(
        {
            "goal": [""],
            "goal-1": ["stay.checked_out"],
            "within_days-1": ["90"],
            "spent_from-1": ["500"],
            "currency-1": ["eur"],
            "ends-1": ["1"],
            "goal-2": ["survey.answered"],
            "score_from-2": ["9"],
        }
    )
    read = settings_in(form)
    spent = {"event": "stay.checked_out", "within_days": 90, "spent_from": 500, "currency": "EUR", "ends": True}
    assert read["goal"] == spent
    assert read["further_goals"] == [{"event": "survey.answered", "within_days": 60, "score_from": 9}]


def test_the_editor_has_a_row_for_each_goal_and_says_them_in_both_languages(campaigns: Campaigns) -> None:
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    page = person.get("/campaigns/journeys/back/edit").get_data(as_text=True)
    assert all(f'name="goal-{place}"' in page for place in range(1, 6)) and 'name="goal-6"' not in page
    assert 'name="currency-4"' in page and 'name="score_from-2"' in page
    shown = words(person.get("/campaigns/journeys/back", headers={"Accept-Language": "zh-CN"}))
    assert "内打开信息中的链接" in shown
