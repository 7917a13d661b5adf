"""Splits: guests are divided by their hash, numbers are kept by way, and the way that brings more becomes
everybody's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.commands.splits import choose_way
from services.campaigns.config import Config
from services.campaigns.queries.splits import SplitFigures, splits_of
from services.campaigns.rules.winner import FEWEST_GUESTS, Standing, WayCount, judge
from services.campaigns.schemas import parse
from services.campaigns.service import SERVICE
from services.campaigns.steps import step_of
from services.campaigns.steps.split import Split
from shared.access.scope import EVERYWHERE
from shared.errors import InputError, NotFound
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, instant, outcome, stay
from tests.campaigns.test_tallies import COUNTED, TALLIED
from tests.cast import ANTON, MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

OFFERS = """
key: offers
name: Two offers
purpose: marketing
entry: {audience: lapsed}
goal: {event: stay.booked, within_days: 60}
steps:
  - key: which
    split:
      ways: [{name: a, weight: 50}, {name: b, weight: 50, to: second}]
      winner: {days: 7}
  - key: first
    send: {template: spa, channels: [email], useful_for: {days: 3}}
  - key: done
    exit: {reason: done}
  - key: second
    send: {template: dinner, channels: [email], useful_for: {days: 3}}
"""
GUESTS = [make_id("guest", "split", number) for number in range(8)]
A, B = "spa", "dinner"


def split(**changes: Any) -> Split:
    content = {
        "ways": [{"name": "a", "weight": 70, "to": None}, {"name": "b", "weight": 30, "to": "x"}],
        "winner": None,
    }
    step = step_of({"key": "which", "split": {**content, **changes}})
    assert isinstance(step, Split)
    return step


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    found = Campaigns(make_database("campaigns"))
    with found.database.transaction() as tx:
        publish(tx, parse(OFFERS), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "offers", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    return found


def enter(campaigns: Campaigns, at: str, guests: list[UUID], version: int = 1) -> None:
    for guest in guests:
        campaigns.hear(audience(guest, version, True, at, segment="lapsed"))
    campaigns.tick(at)


def templates(campaigns: Campaigns) -> dict[str, str]:
    return {message["guest_id"]: message["template"] for message in campaigns.requested()}


def figures(campaigns: Campaigns) -> SplitFigures:
    with campaigns.database.transaction() as tx:
        return splits_of(tx, "offers", EVERYWHERE)["which"]


def decide(campaigns: Campaigns, way: str | None, at: str) -> None:
    with campaigns.database.transaction() as tx:
        choose_way(tx, "offers", "which", way, instant(at), "Marta")


def tallies_agree(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        assert tx.execute(TALLIED).fetchall() == tx.execute(COUNTED).fetchall()


def test_guests_are_divided_by_the_shares_and_each_always_the_same() -> None:
    guests = [make_id("guest", number) for number in range(4000)]
    ways = [split().way_of("offers", guest).name for guest in guests]
    assert 0.66 < Counter(ways)["a"] / len(guests) < 0.74
    assert ways == [split().way_of("offers", guest).name for guest in guests]
    others = [split().way_of("another", guest).name for guest in guests]
    together = sum(mine == theirs for mine, theirs in zip(ways, others, strict=True)) / len(guests)
    assert 0.53 < together < 0.63  # 0.7² + 0.3²: another journey divides them anew


def test_every_guest_gets_one_way_and_the_numbers_are_kept_by_way(campaigns: Campaigns) -> None:
    enter(campaigns, "2016-03-01 10:00", GUESTS)
    got = templates(campaigns)
    assert len(got) == len(GUESTS) and set(got.values()) == {A, B}
    assert figures(campaigns).taken == {"a": list(got.values()).count(A), "b": list(got.values()).count(B)}
    tallies_agree(campaigns)


def test_twice_late_and_on_another_occasion_a_guest_keeps_their_way(campaigns: Campaigns) -> None:
    enter(campaigns, "2016-03-01 10:00", GUESTS)
    first, taken = templates(campaigns), figures(campaigns).taken
    enter(campaigns, "2016-03-01 10:00", GUESTS)  # once more
    assert figures(campaigns).taken == taken
    enter(campaigns, "2016-04-01 10:00", GUESTS, version=3)
    assert templates(campaigns) == first  # the later message of each has the same template
    assert sum(figures(campaigns).taken.values()) == 2 * len(GUESTS)
    tallies_agree(campaigns)


def test_a_person_gives_everybody_a_way_and_has_them_divided_again(campaigns: Campaigns) -> None:
    decide(campaigns, "b", "2016-02-01 00:00")
    enter(campaigns, "2016-03-01 10:00", GUESTS)
    assert set(templates(campaigns).values()) == {B}
    decide(campaigns, None, "2016-03-02 00:00")
    enter(campaigns, "2016-04-01 10:00", GUESTS, version=3)
    assert set(templates(campaigns).values()) == {A, B}
    assert [(one.way, one.by) for one in figures(campaigns).decided] == [(None, "Marta"), ("b", "Marta")]


def test_only_a_way_of_a_split_that_is_there_can_be_chosen(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        with pytest.raises(InputError):
            choose_way(tx, "offers", "which", "z", instant("2016-02-01 00:00"), "Marta")
        with pytest.raises(NotFound):
            choose_way(tx, "offers", "elsewhere", "a", instant("2016-02-01 00:00"), "Marta")
        with pytest.raises(NotFound):
            choose_way(tx, "nowhere", "which", "a", instant("2016-02-01 00:00"), "Marta")


def test_the_way_that_brings_more_wins_and_the_rest_gets_it(campaigns: Campaigns, monkeypatch: Any) -> None:
    monkeypatch.setattr("services.campaigns.rules.winner.FEWEST_GUESTS", 20)
    guests = [make_id("guest", "many", number) for number in range(120)]
    enter(campaigns, "2016-03-01 10:00", guests)
    asked = {message["guest_id"]: message for message in campaigns.requested()}
    for message in asked.values():
        campaigns.hear(outcome(message, "sent", 2, "2016-03-01 10:05"))
    for guest in guests:
        if asked[str(guest)]["template"] == B:
            campaigns.hear(stay("booked", 1, at="2016-03-03 09:00", guest=guest, reservation=f"R{guest}"))
    campaigns.run("2016-03-08 00:00")
    assert figures(campaigns).winner is None  # nobody had seven days yet
    campaigns.run("2016-03-10 00:00")
    found = figures(campaigns)
    assert found.winner == "b" and found.decided[0].by is None
    assert found.figures is not None and found.figures["standing"] == Standing.WON
    goals = {one["way"]: (one["guests"], one["goals"]) for one in found.figures["ways"]}
    assert goals["a"][1] == 0 and goals["b"][0] == goals["b"][1] and sum(one[0] for one in goals.values()) == 120
    assert campaigns.published("audit.recorded.v1")[-1]["action"] == "journey.way_won"
    enter(campaigns, "2016-04-01 10:00", GUESTS)
    assert {templates(campaigns)[str(guest)] for guest in GUESTS} == {B}
    assert campaigns.next_due() is None  # nothing is judged any more
    decide(campaigns, None, "2016-04-02 00:00")
    assert campaigns.next_due() is None and figures(campaigns).winner is None


def test_the_control_group_and_late_goals_count_for_no_way(campaigns: Campaigns) -> None:
    enter(campaigns, "2016-03-01 10:00", GUESTS)
    for number, message in enumerate(campaigns.requested()):
        state, reason = ("skipped", "holdout") if number < 3 else ("sent", None)
        campaigns.hear(outcome(message, state, 2, "2016-03-01 10:05", reason=reason))
        campaigns.hear(
            stay("booked", 1, at="2016-03-20 09:00", guest=UUID(message["guest_id"]), reservation=f"R{number}")
        )
    campaigns.run("2016-03-09 00:00")
    shown = figures(campaigns).figures
    assert shown is not None and shown["standing"] == Standing.TOO_FEW
    assert sum(one["guests"] for one in shown["ways"]) == len(GUESTS) - 3
    campaigns.run("2016-03-25 00:00")
    later = figures(campaigns).figures
    assert later is not None and sum(one["goals"] for one in later["ways"]) == 0  # nineteen days are more than seven


def test_too_few_tell_nothing_and_chance_is_no_winner() -> None:
    assert judge([WayCount("a", 99, 40), WayCount("b", 5000, 10)]).standing is Standing.TOO_FEW
    assert judge([WayCount("a", 5000, 9), WayCount("b", 5000, 10)]).standing is Standing.TOO_FEW
    assert judge([WayCount("a", 1000, 50), WayCount("b", 1000, 60)]).standing is Standing.NO_DIFFERENCE
    won = judge([WayCount("a", 2000, 60), WayCount("b", 2000, 160), WayCount("c", 2000, 70)])
    assert (won.standing, won.best) == (Standing.WON, "b") and won.low is not None and 0 < won.low < 0.045


def test_looked_at_every_day_equal_ways_seldom_win() -> None:
    """Of 200 splits of two equal ways, judged every day of a year, 5 per cent at most have a winner."""
    random, won = Random(20161129), 0
    for _ in range(200):
        guests, goals = {"a": 0, "b": 0}, {"a": 0, "b": 0}
        for _day in range(120):
            for way in guests:
                guests[way] += 20
                goals[way] += sum(random.random() < 0.05 for _ in range(20))
            verdict = judge([WayCount(way, guests[way], goals[way]) for way in guests])
            if verdict.standing is Standing.WON:
                won += 1
                break
    assert won <= 10
    assert FEWEST_GUESTS == 100


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ("to: second}]", "/steps/0/split/ways"),
        ("to: second}", "/steps/0/split/ways/1/to"),
        ("goal: {event: stay.booked, within_days: 60}\n", "/steps/0/split/winner"),
        ("name: b,", "/steps/0/split/ways"),
    ],
)
def test_a_split_that_cannot_be_says_where(change: str, pointer: str) -> None:
    to = {
        "to: second}]": "}]",
        "to: second}": "to: nowhere}",
        "goal: {event: stay.booked, within_days: 60}\n": "",
        "name: b,": "name: a,",
    }[change]
    with pytest.raises(InputError) as refused:
        parse(OFFERS.replace(change, to, 1))
    assert pointer in refused.value.problems


def test_the_page_shows_the_ways_and_a_person_chooses_one(campaigns: Campaigns) -> None:
    enter(campaigns, "2016-03-01 10:00", GUESTS)
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    page = words(person.get("/campaigns/journeys/offers"))
    assert "Which way brings more" in page and "Too few to tell." in page and "taken by" in page
    answer = person.post("/campaigns/journeys/offers/splits/which/winner", {"way": "b"})
    assert "gets Way B" in words(answer) and "everybody gets this one" in words(answer)
    assert "gave everybody Way B" in words(answer)
    again = person.post("/campaigns/journeys/offers/splits/which/winner", {"way": ""})
    assert "divided again" in words(again)
    assert person.post("/campaigns/journeys/offers/splits/which/winner", {"way": "z"}).status_code == 422
    chinese = words(person.get("/campaigns/journeys/offers", headers={"Accept-Language": "zh-CN"}))
    assert "哪条路径效果更好" in chinese
    other = browser(SERVICE.build_web, Config(), campaigns.database, ANTON)
    assert other.post("/campaigns/journeys/offers/splits/which/winner", {"way": "b"}).status_code == 403
