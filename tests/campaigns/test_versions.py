"""Versions: waiting guests are moved with a mapping and back, older versions come again, a pause is asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from services.campaigns.commands.launch import launch, pause, resume
from services.campaigns.commands.publish import publish
from services.campaigns.commands.versions import NothingMoved, move_waiting, undo_move
from services.campaigns.config import Config
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.moving import proposed
from services.campaigns.rules.resuming import Overdue
from services.campaigns.schemas import parse, validated
from services.campaigns.service import SERVICE
from services.campaigns.steps.kind import Document
from services.campaigns.store.version_moves import Move
from shared.errors import InputError, NotFound
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, instant, stay
from tests.campaigns.test_tallies import COUNTED, TALLIED
from tests.cast import ANTON, MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

FIRST = """
key: hello
name: Hello
purpose: marketing
entry: {audience: lapsed}
steps:
  - key: hello
    send: {template: hello, channels: [email], useful_for: {days: 3}}
  - key: week
    wait: {days: 7}
  - key: again
    send: {template: again, channels: [email], useful_for: {days: 3}}
"""
SECOND = FIRST.replace("key: week\n    wait: {days: 7}", "key: rest\n    wait: {days: 2}").replace("again,", "later,")
GUESTS = [make_id("guest", "versions", number) for number in range(3)]


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    found = Campaigns(make_database("campaigns"))
    put_out(found, parse(FIRST), "2016-01-01 00:00", entries_from=date(2016, 1, 1))
    return found


def put_out(campaigns: Campaigns, document: Document, at: str, **more: Any) -> int:
    with campaigns.database.transaction() as tx:
        publish(tx, document, instant(at), "marketer")
        return launch(tx, document["key"], at=instant(at), by="marketer", **more)


def enter(
    campaigns: Campaigns, at: str = "2016-03-01 10:00", guests: Any = tuple(GUESTS), segment: str = "lapsed"
) -> None:
    for guest in guests:
        campaigns.hear(audience(guest, 1, True, at, segment=segment), at)
    campaigns.tick(at)


def move(campaigns: Campaigns, mapping: Mapping[str, str | None], at: str, versions: tuple[int, int] = (1, 2)) -> Move:
    with campaigns.database.transaction() as tx:
        return move_waiting(tx, "hello", versions, mapping, instant(at), by="Marta")


def undo(campaigns: Campaigns, done: Move, at: str) -> int:
    with campaigns.database.transaction() as tx:
        return undo_move(tx, "hello", done.id, instant(at), by="Marta")


def standing(campaigns: Campaigns) -> set[tuple[Any, ...]]:
    return set(campaigns.all("select version, step, state, reason from enrolment"))


def templates(campaigns: Campaigns) -> Counter[str]:
    campaigns.run("2016-12-31 00:00")
    return Counter(message["template"] for message in campaigns.requested())


def tallies_agree(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        assert tx.execute(TALLIED).fetchall() == tx.execute(COUNTED).fetchall()


def test_waiting_guests_go_on_in_the_new_version_where_the_mapping_says(campaigns: Campaigns) -> None:
    enter(campaigns)
    assert put_out(campaigns, parse(SECOND), "2016-03-02 10:00") == 2
    done = move(campaigns, {"again": "rest"}, "2016-03-02 10:00")  # that is where they wait: the wait led there at once
    assert (done.moved, done.left_it) == (3, 0)
    assert standing(campaigns) == {(2, "again", "waiting", None)}
    tallies_agree(campaigns)
    assert templates(campaigns) == {"hello": 3, "later": 3}
    assert campaigns.due_at()[-1].startswith("2016-03-03 23:00")  # two calendar days from the move, in Berlin


def test_whoever_waits_in_a_step_of_both_waits_on_to_the_same_instant(campaigns: Campaigns) -> None:
    enter(campaigns)
    before = campaigns.next_due()
    put_out(campaigns, parse(FIRST.replace("again,", "later,")), "2016-03-02 10:00")
    move(campaigns, {"hello": "hello", "week": "week", "again": "again"}, "2016-03-02 10:00")
    assert campaigns.next_due() == before
    assert templates(campaigns) == {"hello": 3, "later": 3}


def test_a_move_back_to_a_step_that_was_passed_sends_nothing_twice(campaigns: Campaigns) -> None:
    enter(campaigns)
    put_out(campaigns, parse(SECOND), "2016-03-02 10:00")
    move(campaigns, {"hello": "hello", "week": "hello", "again": "hello"}, "2016-03-02 10:00")
    assert templates(campaigns) == {"hello": 3, "later": 3}


def test_who_has_no_place_leaves_and_a_step_that_is_nowhere_is_refused(campaigns: Campaigns) -> None:
    enter(campaigns)
    put_out(campaigns, parse(SECOND), "2016-03-02 10:00")
    for wrong in ({}, {"again": "nowhere"}):
        with pytest.raises(InputError):
            move(campaigns, wrong, "2016-03-02 10:00")
    with pytest.raises(NotFound):
        move(campaigns, {}, "2016-03-02 10:00", versions=(1, 9))
    assert standing(campaigns) == {(1, "again", "waiting", None)}
    done = move(campaigns, {"again": None}, "2016-03-02 10:00")
    assert (done.moved, done.left_it) == (0, 3)
    assert standing(campaigns) == {(1, "again", "exited", "not-in-the-version")}


def test_a_move_is_undone_for_those_who_have_not_gone_on(campaigns: Campaigns) -> None:
    enter(campaigns)
    enter(campaigns, "2016-03-05 10:00", [make_id("guest", "versions", 9)])
    put_out(campaigns, parse(FIRST.replace("again,", "later,")), "2016-03-06 10:00")
    done = move(campaigns, {"again": "again"}, "2016-03-06 10:00")
    campaigns.run("2016-03-09 00:00")  # the first three go on
    assert undo(campaigns, done, "2016-03-09 10:00") == 1
    with pytest.raises(NothingMoved):
        undo(campaigns, done, "2016-03-09 10:00")
    tallies_agree(campaigns)
    assert templates(campaigns) == {"hello": 4, "later": 3, "again": 1}


@pytest.mark.parametrize(
    ("overdue", "sent", "last_due"),
    [
        (Overdue.SEND, {"hello": 3, "again": 3}, "2016-03-07 23:00"),
        (Overdue.SKIP, {"hello": 3}, "2016-03-01 10:00"),
        (Overdue.SHIFT, {"hello": 3, "again": 3}, "2016-03-13 23:00"),
    ],
)
def test_a_pause_is_asked_what_becomes_of_what_was_due(
    campaigns: Campaigns, overdue: Overdue, sent: dict[str, int], last_due: str
) -> None:
    enter(campaigns)
    with campaigns.database.transaction() as tx:
        pause(tx, "hello", at=instant("2016-03-02 12:00"))
    with campaigns.database.transaction() as tx:
        resume(tx, "hello", at=instant("2016-03-08 09:00"), overdue=overdue)
    tallies_agree(campaigns)
    assert templates(campaigns) == sent
    assert campaigns.due_at()[-1] == last_due
    if overdue is Overdue.SKIP:
        assert standing(campaigns) == {(1, "again", "exited", "overdue-after-pause")}


def test_the_pages_move_undo_go_back_to_an_older_version_and_ask_after_a_pause(campaigns: Campaigns) -> None:
    enter(campaigns)
    put_out(campaigns, parse(SECOND), "2016-03-02 10:00")
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    at = "/campaigns/journeys/hello"
    assert "Move them to version 2" in words(person.get(at))
    page = words(person.get(f"{at}/moves/new?from=1&to=2"))
    assert "3 guests wait in version 1." in page and "Move 3 guests" in page
    form = {"from": "1", "to": "2", "step-hello": "hello", "step-week": "rest", "step-again": "again"}
    answer = words(person.post(f"{at}/moves", form))
    assert "3 guests go on in version 2." in answer and "3 guests from version 1 to version 2" in answer
    ((number,),) = campaigns.all("select id from version_move")
    assert "3 guests stand where they stood." in words(person.post(f"{at}/moves/{number}/undone"))
    assert person.post(f"{at}/moves/{number}/undone").status_code == 409
    assert "Version 1 is live from now on." in words(person.post(f"{at}/launch", {"version": "1"}))
    assert person.get(f"{at}/moves/new?from=1&to=1").status_code == 404
    person.post(f"{at}/pause")
    asked = words(person.get(at))
    assert "The time of 3 guests came while the journey was paused." in asked
    assert person.post(f"{at}/resume", {"overdue": "forget"}).status_code == 422
    assert "Resumed" in words(person.post(f"{at}/resume", {"overdue": "skip"}))
    assert browser(SERVICE.build_web, Config(), campaigns.database, ANTON).post(f"{at}/moves", form).status_code == 403


# Random edits × histories.

LEAD_ON = ("send", "send", "wait", "wait_until", "task", "update", "webhook", "offer", "offer")
KINDS = (*LEAD_ON, "split", "branch", "wait_for", "jump", "exit")
ASKED_ONCE = (
    *("message.requested.v1", "task.requested.v1", "guest.update_requested.v1", "guest.tier_requested.v1"),
    "journey.told.v1",
)


def any_step(random: Random, key: str, later: list[str]) -> Document:
    kind = random.choice(KINDS if later else LEAD_ON)
    to = random.choice(later) if later else None
    content: dict[str, Any] = {
        "send": {"template": f"t-{key}", "channels": ["email"], "useful_for": {"days": 365}},
        "wait": {"days": random.randint(1, 9)},
        "split": {"ways": [{"name": "a", "weight": 1}, {"name": "b", "weight": 1, "to": to}]},
        "branch": {"if": {"audience": "gold"}, "then": to},
        "wait_for": {"event": "survey.answered", "within": {"days": random.randint(1, 9)}, "else": to},
        "task": {"title": "Call", "department": "spa", "within": {"days": 1}},
        "wait_until": {"hour": "10:00"},
        "update": random.choice([{"tag": f"tag-{key}"}, {"tier": f"tier-{key}"}, {"tier": None}]),
        "webhook": {"name": f"tell-{key}"},
        "offer": {"offer": f"offer-{key}"},
        "exit": {"reason": "done"},
        "jump": {"to": to},
    }
    return {"key": key, kind: content[kind]}


def any_document(random: Random, keys: list[str], kept: dict[str, Document]) -> Document:
    """With the steps kept as far as they still lead to a later one."""
    steps: list[Document] = []
    for place in reversed(range(len(keys))):
        key, later = keys[place], [step["key"] for step in steps]
        step = kept.get(key)
        if step is None or any(to not in (None, *later) for to in _targets(step)):
            step = any_step(random, key, later)
        steps.insert(0, step)
    first = {"key": "first", "send": {"template": "first", "channels": ["email"], "useful_for": {"days": 365}}}
    head = {"key": "hello", "name": "Hello", "purpose": "marketing", "entry": {"audience": "lapsed"}}
    return validated({**head, "steps": [first, *steps]})


def _targets(step: Document) -> list[str | None]:
    (content,) = (value for name, value in step.items() if name != "key")
    return [
        content.get("then"),
        content.get("else"),
        content.get("to"),
        *(w.get("to") for w in content.get("ways", ())),
    ]


def play(campaigns: Campaigns, random: Random, round_: int, histories: int) -> None:
    """A journey of some steps, guests on their way, an edit, a move in the middle of it, and sometimes back again."""
    key = f"j{round_}"
    keys = [f"s{number}" for number in range(random.randint(2, 6))]
    own = {"key": key, "entry": {"audience": key, "when": "entered", "occurrence": "entry"}}
    first = {**any_document(random, keys, {}), **own}
    at = instant("2016-03-01 10:00")
    put_out(campaigns, first, "2016-01-01 00:00", entries_from=date(2016, 1, 1))
    guests = [make_id("guest", round_, number) for number in range(histories)]
    campaigns.hear(stay("checked_out", 1, guest=guests[0], reservation=f"R{round_}"))  # whose tasks a hotel is given
    enter(campaigns, "2016-03-01 10:00", guests, key)
    campaigns.run(f"{at + timedelta(days=random.randint(0, 15)):%Y-%m-%d %H:%M}")
    kept = {step["key"]: step for step in first["steps"] if random.random() < 0.7}
    changed = [one for one in [*keys, f"n{round_}"] if random.random() < 0.8]
    random.shuffle(changed)
    second = {**any_document(random, changed, kept), **own}
    now = instant("2016-03-17 10:00")
    with campaigns.database.transaction() as tx:
        version = publish(tx, second, now, "marketer")
        launch(tx, key, at=now, by="marketer", version=version)
        if version > 1:
            mapping = proposed(journey_of(first), journey_of(second))
            done = move_waiting(tx, key, (1, version), mapping, now, by="Marta")
    if version > 1 and random.random() < 0.3:
        campaigns.run("2016-03-20 00:00")
        with campaigns.database.transaction() as tx:
            undo_move(tx, key, done.id, instant("2016-03-20 00:00"), by="Marta")
    campaigns.run("2017-12-31 00:00")


def checked(campaigns: Campaigns) -> None:
    """Nobody waits for ever, at a step that is nowhere, or gets a step's message, task, change or telling twice. A
    message makes an offer only of a step behind which it can stand."""
    assert campaigns.all("select id from enrolment where state in ('waiting', 'paused')") == []
    assert campaigns.all("select role, reason from set_aside") == []
    for event in ASKED_ONCE:
        asked = Counter((one["guest_id"], one["journey"], one["step"]) for one in campaigns.published(event))
        assert asked and max(asked.values()) == 1, event
    made = {one["values"].get("offer") for one in campaigns.requested()}
    assert None in made and len(made) > 1
    assert {one["values"].get("offer") for one in campaigns.requested() if one["step"] == "first"} == {None}
    tallies_agree(campaigns)


def test_random_edits_orphan_nobody_and_repeat_no_step(make_database: MakeDatabase) -> None:
    """Some 150 histories; two thousand in the proof."""
    campaigns, random = Campaigns(make_database("campaigns")), Random(20161129)
    for round_ in range(19):
        play(campaigns, random, round_, 8)
    checked(campaigns)


@pytest.mark.proof
def test_two_thousand_random_edits_orphan_nobody_and_repeat_no_step(make_database: MakeDatabase) -> None:
    campaigns, random = Campaigns(make_database("campaigns")), Random(15)
    for round_ in range(250):
        play(campaigns, random, round_, 8)
    checked(campaigns)
