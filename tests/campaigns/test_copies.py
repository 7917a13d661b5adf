"""A journey with every kind of step is copied, given as YAML and taken in again without loss."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.schemas import parse, validated
from services.campaigns.service import SERVICE
from services.campaigns.steps import KINDS
from shared.database.pool import Database
from tests.campaigns.cast import instant
from tests.campaigns.test_steps_registry import SAMPLES
from tests.cast import ANTON, MARTA
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

NEW = "/campaigns/journeys"


def everything() -> dict[str, Any]:
    """Each sample of each kind that an entry by an event may have, its ways leading on or to the end."""
    steps = []
    for kind in (one for one in KINDS if one != "until_date"):
        for number, content in enumerate(SAMPLES[kind]):
            ways = list(KINDS[kind].ways_in(content).values())
            first = ways[0] if len(ways) > 1 and None not in ways else None
            for to in filter(None, ways):
                content = KINDS[kind].led_elsewhere(content, to, None if to == first else "the-end")
            steps.append({"key": f"{kind.replace('_', '-')}-{number}", kind: content})
    steps.append({"key": "the-end", "exit": {"reason": "done"}})
    entry = {"event": "spa.booked", "where": {"value": "guests", "op": "at_least", "to": "2"}}
    more = {"re_entry": "after_days", "again_after_days": 30, "room": {"a_day": 5}, "entry": entry}
    goal = {"event": "stay.booked", "within_days": 60}
    return {"key": "all", "name": "Alles 全部", "purpose": "marketing", "goal": goal, "steps": steps, **more}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    made = make_database("campaigns")
    with made.transaction() as tx:
        publish(tx, validated(everything()), instant("2016-01-01 00:00"), "marketer")
    return made


def marta(database: Database) -> Browser:
    person = browser(SERVICE.build_web, Config(), database, MARTA)
    person.get(f"{NEW}/new")
    return person


def drafts(database: Database) -> dict[str, Any]:
    with database.transaction() as tx:
        return dict(tx.execute("select journey, document from journey_draft").fetchall())


def test_a_journey_leaves_as_yaml_and_comes_in_again_as_it_was(database: Database) -> None:
    person = marta(database)
    answer = person.get(f"{NEW}/all/document")
    assert answer.content_type.startswith("application/yaml") and "全部" in answer.get_data(as_text=True)
    assert parse(answer.get_data(as_text=True)) == validated(everything())
    text = answer.get_data(as_text=True)
    assert person.post(NEW, {"name": "Taken in", "document": text}).status_code == 200
    taken = drafts(database)["taken-in"]
    assert {**taken, "key": "all", "name": "Alles 全部"} == validated(everything())


def test_a_copy_is_a_draft_of_its_own_and_drawn_in_both_languages(database: Database) -> None:
    person = marta(database)
    assert person.post(NEW, {"copy": "all"}).status_code == 200
    copied = drafts(database)["copy-of-alles"]
    assert copied["name"] == "Copy of Alles 全部" and copied["steps"] == validated(everything())["steps"]
    page = person.get(f"{NEW}/copy-of-alles/edit")
    assert "Ready to publish" in words(page)
    chinese = words(person.get(f"{NEW}/copy-of-alles/edit", headers={"Accept-Language": "zh-CN"}))
    assert "宾客分流" in chinese and "员工任务" in chinese


@pytest.mark.parametrize(
    ("text", "says"),
    [("key: [", "line 1"), ("key: x\nname: X\npurpose: marketing\nentry: {audience: a}\nsteps: []", "/steps")],
)
def test_a_document_that_cannot_be_says_where(database: Database, text: str, says: str) -> None:
    answer = marta(database).post(NEW, {"name": "X", "document": text})
    assert answer.status_code == 422 and says in words(answer)
    assert not drafts(database)


def test_nobody_else_reads_or_copies(database: Database) -> None:
    other = browser(SERVICE.build_web, Config(), database, ANTON)
    assert other.get(f"{NEW}/all/document").status_code == 403
    assert marta(database).get(f"{NEW}/nowhere/document").status_code == 404
    assert marta(database).post(NEW, {"copy": "nowhere"}).status_code == 404
