"""Forks of many ways: asked in their order, by segment, event, value, score and click; drawn as they run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.pages.flow import Node, flow_of
from services.campaigns.rules.document import offers_named, segments_named
from services.campaigns.rules.drafting import rename_step
from services.campaigns.rules.placing import take_out
from services.campaigns.schemas import parse, validated
from services.campaigns.service import SERVICE
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from tests.campaigns.cast import Campaigns, click, instant, stay, stay_id, survey_answered
from tests.cast import ANA, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import browser, words

AFTER = """
key: after
name: After the stay
purpose: feedback
entry: {stay: checked_out}
steps:
  - key: ask
    send: {template: survey, channels: [email], useful_for: {days: 3}}
  - key: wait
    wait: {days: 3}
  - key: how
    branch:
      ways:
        - if: {score: {of: stay, at_least: 9}}
        - if: {score: {of: stay, at_most: 6}}
          to: sorry
        - if: {clicked: ask}
          to: nudge
        - if: {event: case.opened}
          to: sorry
      else: quiet
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 3}}
  - key: happy
    exit: {reason: happy}
  - key: sorry
    send: {template: sorry, channels: [email], useful_for: {days: 3}}
  - key: unhappy
    exit: {reason: unhappy}
  - key: nudge
    send: {template: nudge, channels: [email], useful_for: {days: 3}}
  - key: quiet
    exit: {reason: quiet}
"""


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    found = Campaigns(make_database("campaigns"))
    with found.database.transaction() as tx:
        publish(tx, parse(AFTER), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "after", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    found.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    found.tick("2016-03-01 12:00")
    return found


def answer(score: int, *, version: int = 1, void: bool = False, of: str | None = "R1", at: str = "2016-03-02 09:00",
           guest: Any = ANA, republished: bool = False, number: str = "one") -> Chunk:  # fmt: skip
    whose = stay_id(of) if of else None
    event = survey_answered(number, at=at, guest=guest, score=score, version=version, stay_id=whose, void=void)
    return off_the_wire(chunk_of([event], republished=republished))


def sent(campaigns: Campaigns) -> list[str]:
    campaigns.run("2016-12-31 00:00")
    return [message["template"] for message in campaigns.requested()][1:]


@pytest.mark.parametrize(
    ("chunks", "then"),
    [
        ([answer(9)], ["thanks"]),
        ([answer(9), answer(9)], ["thanks"]),
        ([answer(3)], ["sorry"]),
        ([answer(8)], []),
        ([answer(3, republished=True)], ["sorry"]),  # what is known counts, though nothing happens by it
        ([answer(3), answer(10, version=2)], ["thanks"]),
        ([answer(10, version=2), answer(3)], ["thanks"]),  # the older one comes late
        ([answer(3), answer(3, version=2, void=True)], []),
        ([answer(3, of="R2")], []),
        ([answer(3, of=None)], []),
        ([answer(3, guest=BEN)], []),
        ([answer(3), answer(10, number="two", at="2016-03-02 10:00")], ["thanks"]),
        ([], []),
    ],
)
def test_a_fork_asks_the_score_of_the_stay(campaigns: Campaigns, chunks: list[Chunk], then: list[str]) -> None:
    for chunk in chunks:
        campaigns.hear(chunk, "2016-03-02 12:00")
    assert sent(campaigns) == then


def test_the_first_way_that_holds_decides_and_a_click_counts_of_this_occasion(campaigns: Campaigns) -> None:
    (asked,) = campaigns.requested()
    campaigns.hear(click(asked, 1, "2016-03-02 09:00"))
    assert sent(campaigns) == ["nudge"]


def test_a_score_goes_before_a_click(campaigns: Campaigns) -> None:
    (asked,) = campaigns.requested()
    campaigns.hear(click(asked, 1, "2016-03-02 09:00"))
    campaigns.hear(answer(9))
    assert sent(campaigns) == ["thanks"]


def test_the_last_score_of_all_may_be_of_another_stay(make_database: MakeDatabase) -> None:
    campaigns = Campaigns(make_database("campaigns"))
    text = AFTER.replace("{of: stay, at_least: 9}", "{of: last, at_least: 9}")
    with campaigns.database.transaction() as tx:
        publish(tx, parse(text), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "after", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    campaigns.hear(answer(10, of="R0", at="2015-05-01 09:00"))
    campaigns.hear(stay("checked_out", 2, at="2016-03-01 12:00"))
    assert sent(campaigns) == ["thanks"]


def test_a_value_of_the_entrys_event_is_asked_at_once() -> None:
    journey = validated(
        {
            "key": "spa",
            "name": "Spa",
            "purpose": "stay_service",
            "entry": {"event": "spa.booked"},
            "steps": [
                {"key": "big", "branch": {"if": {"value": {"value": "guests", "op": "at_least", "to": "3"}}, "else":
                "x"}}, {"key": "a", "send": {"template": "many", "channels": ["email"], "useful_for": {"days": 1}}},
                {"key": "x", "exit": {"reason": "done"}},
            ],
        }
    )  # fmt: skip
    from services.campaigns.rules.document import journey_of
    from services.campaigns.rules.planning import plan

    at = instant("2016-03-01 10:00")
    read = journey_of(journey)
    assert plan(read, 0, at, "UTC", {"details": {"guests": 4}}).place == 1
    assert plan(read, 0, at, "UTC", {"details": {"guests": 2}}).place == 2
    assert plan(read, 0, at, "UTC", {}).place == 2


@pytest.mark.parametrize(
    ("change", "to", "pointer"),
    [
        ("clicked: ask", "clicked: thanks", "/steps/2/branch/clicked"),
        ("{event: case.opened}", "{value: {value: a, op: is, to: b}}", "/steps/2/branch/value"),
        ("at_least: 9", "at_least: 9, at_most: 8", "/steps/2/branch/ways/0/if/score"),
        ("at_least: 9", "at_least: 11", "/steps/2/branch/ways/0/if/score/at_least"),
        ("to: nudge", "to: nowhere", "/steps/2/branch/ways/2/to"),
        ("else: quiet", "else: quiet\n      then: quiet", "/steps/2/branch"),
    ],
)
def test_a_fork_that_cannot_be_says_where(change: str, to: str, pointer: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(AFTER.replace(change, to, 1))
    assert pointer in refused.value.problems


def test_one_question_stands_as_it_always_did() -> None:
    many = {"ways": [{"if": {"audience": "gold"}, "to": "b"}], "else": None}
    gold = "steps:\n  - key: gold\n    branch: " + str(many).replace("None", "null").replace("'b'", "'quiet'") + "\n"
    document = parse(AFTER.replace("steps:\n", gold, 1))
    assert document["steps"][0]["branch"] == {"if": {"audience": "gold"}, "then": "quiet", "else": None}
    assert segments_named(document) == {"gold"} and offers_named(document) == set()


def test_a_fork_follows_its_steps_and_messages_when_they_are_renamed_or_removed() -> None:
    renamed = rename_step(rename_step(parse(AFTER), "nudge", "poke"), "ask", "question")
    ways = renamed["steps"][2]["branch"]["ways"]
    assert ways[2] == {"if": {"clicked": "question"}, "to": "poke"}
    removed = take_out(renamed, "question")
    assert removed["steps"][1]["branch"]["ways"][2]["if"] == {"clicked": "any"}


def shape(nodes: list[Node]) -> list[Any]:
    return [
        (node.key, [(shape(list(way.nodes)), way.goes_on, way.ends) for way in node.ways]) if node.ways else node.key
        for node in nodes
    ]


def test_every_way_is_drawn_and_no_line_leads_on_from_one_that_ends(make_database: MakeDatabase) -> None:
    person = browser(SERVICE.build_web, Config(), make_database("campaigns"), MARTA)
    with person.app.test_request_context():
        drawn = shape(flow_of(parse(AFTER), {}))
    assert drawn == [
        "ask",
        "wait",
        (
            "how",
            [
                (["thanks", "happy"], None, True),
                (["sorry", "unhappy"], None, True),
                (["nudge"], None, False),
                (["sorry", "unhappy"], None, True),
                ([], None, False),
            ],
        ),
        "quiet",
    ]


def test_a_fork_of_many_ways_is_made_by_forms_in_both_languages(make_database: MakeDatabase) -> None:
    database = make_database("campaigns")
    person = browser(SERVICE.build_web, Config(), database, MARTA)
    person.get("/campaigns/journeys/new")
    person.post("/campaigns/journeys", {"name": "After", "key": "after"})
    edit = "/campaigns/journeys/after/edit"
    person.post(f"{edit}/steps", {"kind": "send"})
    person.post(f"{edit}/steps", {"kind": "branch", "after": "message-1"})
    person.post(f"{edit}/steps", {"kind": "exit", "after": "branch-1"})
    person.post(f"{edit}/entry", {"kind": "entered", "audience": "gold"})
    person.post(f"{edit}/steps/message-1", {"template": "spa", "channel_1": "email", "useful_days": "3"})
    first = {"count": "3", "condition": "score", "score_of": "last", "at_least": "9", "at_most": "10", "then": "end-1"}
    second = {"condition-1": "clicked", "clicked-1": "message-1", "condition-2": "value", "value-2": "guests"}
    third = {"op-2": "at_least", "value_to-2": "3", "then-2": "end-1", "else": ""}
    page = person.post(f"{edit}/steps/branch-1", {**first, **second, **third})
    with database.transaction() as tx:
        ((content,),) = tx.execute("select document->'steps'->1->'branch' from journey_draft").fetchall()
    assert content == {
        "ways": [
            {"if": {"score": {"of": "last", "at_least": 9, "at_most": 10}}, "to": "end-1"},
            {"if": {"clicked": "message-1"}, "to": None},
            {"if": {"value": {"value": "guests", "op": "at_least", "to": "3"}}, "to": "end-1"},
        ],
        "else": None,
    }
    said = words(page)
    assert "Is the guest's last score from 9 to 10?" in said and "Question 3" in said
    assert "Only a journey that begins with what a hotel's system tells has values of its event." in said
    chinese = words(person.get(edit, headers={"Accept-Language": "zh-CN"}))
    assert "宾客最近一次评分是否在 9 至 10 之间？" in chinese
