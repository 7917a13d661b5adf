"""Every kind of step has all its parts: rules, schema, words, form and drawing, and can be added, saved and drawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.campaigns.config import Config
from services.campaigns.pages.steps import VIEWS
from services.campaigns.pages.steps.view import StepView
from services.campaigns.rules.drafting import add_step, new_draft
from services.campaigns.schemas.forms import Form
from services.campaigns.schemas.journey import StepSchema
from services.campaigns.service import SERVICE
from services.campaigns.steps import KINDS, Step, UnknownStep, document_of, kind_of, step_of
from services.campaigns.steps.conditions import CONDITIONS, ConditionSchema, condition_of
from services.campaigns.steps.early_exits import EARLY_EXITS, EarlyExitSchema, early_exit_of
from services.campaigns.steps.entries import AudienceEntry, DateEntry, StayDateEntry, StayEntry, entry_of
from services.campaigns.steps.entry_schema import EntrySchema
from services.campaigns.steps.events import EVENTS
from services.campaigns.steps.kind import Facts, GoOn, Reached
from shared.database.pool import Database
from shared.events import all_types
from tests.campaigns.cast import BERLIN, instant
from tests.cast import ANA, MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

AT = instant("2016-05-29 22:00")
SIGNS = Path(__file__).parents[2] / "shared" / "web" / "templates"
TEMPLATES = Path(__file__).parents[2] / "services" / "campaigns" / "templates" / "steps"
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "send": [
        {
            "template": "welcome",
            "channels": ["email", "sms"],
            "useful_for": {"days": 1, "hours": 12},
            "wants": ["in_house"],
        }
    ],
    "wait": [{"days": 14, "hours": 2, "minutes": 30}],
    "wait_until": [{"hour": "18:30", "weekdays": ["tuesday", "friday"], "strictly_after": True}],
    "until_date": [
        {"date": "arrival", "days": 0, "hours": -36, "hour": "15:00"},
        {"date": "departure", "days": 1, "hours": 0, "hour": "10:00"},
        {"date": "birthday", "days": -3, "hours": 0, "hour": "09:30"},
    ],
    "wait_for": [
        {"event": "case.closed", "within": {"days": 7, "hours": 2, "minutes": 30}, "then": "a", "else": None},
        {"audience": "gold", "when": "entered", "within": {"days": 0, "hours": 0, "minutes": 1}}
        | {"then": None, "else": None},
        {"clicked": "any", "within": {"days": 3, "hours": 0, "minutes": 0}, "then": "a", "else": None},
        {"answered": "any", "within": {"days": 3, "hours": 0, "minutes": 0}, "then": None, "else": "b"},
        {"audience": "gold", "when": "left", "within": {"days": 365, "hours": 0, "minutes": 0}}
        | {"then": None, "else": "b"},
    ],
    "branch": [
        {"if": {"audience": "regulars"}, "then": "a", "else": None},
        {"if": {"event": "stay.booked"}, "then": None, "else": "b"},
        {"if": {"score": {"of": "own", "at_least": 0, "at_most": 6}}, "then": None, "else": "b"},
        {"if": {"data": "cause", "in": ["time"]}, "then": "a", "else": "b"},
        {
            "ways": [
                {"if": {"score": {"of": "stay", "at_least": 9, "at_most": 10}}, "to": "a"},
                {"if": {"value": {"value": "guests", "op": "at_least", "to": "3"}}, "to": "b"},
                {"if": {"clicked": "any"}, "to": None},
            ],
            "else": "b",
        },
    ],
    "split": [
        {"ways": [{"name": "a", "weight": 50, "to": None}, {"name": "b", "weight": 50, "to": "b"}], "winner": None},
        {"ways": [{"name": one, "weight": 1, "to": one} for one in "abc"], "winner": {"days": 14}},
    ],
    "offer": [{"offer": "winter"}],
    "task": [{"title": "Call the guest", "department": "front_desk", "within": {"days": 1, "hours": 12}}],
    "update": [{"tag": "spa", "given": True}, {"tag": "spa", "given": False}, {"tier": "gold"}, {"tier": None}],
    "webhook": [{"name": "welcome-gift"}],
    "jump": [{"to": "b"}, {"journey": "win-back"}],
    "exit": [{"reason": "knows-us"}],
}
EACH = [(kind, content) for kind, contents in SAMPLES.items() for content in contents]


def test_nothing_is_missing() -> None:
    assert KINDS.keys() == VIEWS.keys() == SAMPLES.keys()
    assert set(KINDS.values()) == set(Step.__args__)
    assert {path.stem for path in TEMPLATES.glob("*.html")} == set(KINDS)
    assert len({kind.stem for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_shown_with_a_name_a_sign_and_what_its_problems_are(kind: str) -> None:
    view: StepView = VIEWS[kind]
    assert str(view.label) and view.problems
    assert any(f'"{view.icon}"' in path.read_text() for path in SIGNS.glob("*.html"))
    assert len(view.ways) == len(KINDS[kind].leads)
    template = (TEMPLATES / f"{kind}.html").read_text()
    assert "{% macro fields(" in template and "{% macro draw(" in template


@pytest.mark.parametrize(("kind", "content"), EACH)
def test_a_step_is_read_and_written_without_loss(kind: str, content: dict[str, Any]) -> None:
    document = {"key": "it", kind: content}
    assert StepSchema().load(document) == document
    step = step_of(document)
    assert isinstance(step, KINDS[kind]) and document_of(step) == document


@pytest.mark.parametrize(("kind", "content"), EACH)
def test_a_step_is_planned_or_decides_and_leads_where_it_says(kind: str, content: dict[str, Any]) -> None:
    step = step_of({"key": "it", kind: content})
    planned = step.plan(AT, BERLIN, {"cause": "time"})
    assert planned is None or planned.at >= AT
    later = AT + timedelta(days=30)
    outcome = step.advance(Reached(AT, later, ANA, AT, {"cause": "time"}, Facts()))
    if isinstance(outcome, GoOn):
        assert outcome.to in (None, *KINDS[kind].ways_in(content).values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_step_can_be_edited_and_follows_a_step_renamed_or_removed(kind: str) -> None:
    draft, key = add_step(new_draft("welcome", "Welcome"), kind, None)
    (step,) = draft["steps"]
    assert step == {"key": key, kind: KINDS[kind].fresh} and kind_of(step) == kind
    for way in KINDS[kind].leads:
        content = {**KINDS[kind].fresh, way: "old"}
        assert KINDS[kind].led_elsewhere(content, "old", "new")[way] == "new"
        assert KINDS[kind].led_elsewhere(content, "old", None)[way] is None
    assert isinstance(VIEWS[kind].read(Form({})), dict)


@pytest.mark.parametrize("step", [{"key": "it"}, {"key": "it", "dance": {}}, {"key": "it", "wait": {}, "exit": {}}])
def test_a_step_of_no_known_kind_is_refused(step: dict[str, Any]) -> None:
    with pytest.raises(UnknownStep):
        step_of(step)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_added_saved_and_drawn(make_database: MakeDatabase, kind: str) -> None:
    database: Database = make_database("campaigns")
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    marta.get("/campaigns/journeys/new")
    marta.post("/campaigns/journeys", {"name": "Welcome", "key": "welcome"})
    edit = "/campaigns/journeys/welcome/edit"
    key = f"{KINDS[kind].stem}-1"
    for language in ("en", "zh-CN"):
        answer = marta.post(f"{edit}/steps", {"kind": kind}, headers={"Accept-Language": language})
        assert answer.status_code == 200 and f'id="part-{key}"' in answer.get_data(as_text=True)
    page = marta.get(edit)
    assert str(VIEWS[kind].label) in words(page)
    drawn = page.get_data(as_text=True).split('class="flow-steps"')[1]
    saved = marta.post(f"{edit}/steps/{key}", {}, headers={"HX-Request": "true", "HX-Target": "editor"})
    assert saved.status_code == 200 and "flow-" in drawn
    with database.transaction() as tx:
        (row,) = tx.execute("select document->'steps' from journey_draft").fetchall()
    assert all(kind_of(step) == kind for step in row[0])


@pytest.mark.parametrize(
    "document",
    [
        {"audience": "regulars"},
        {"event": "stay.booked"},
        {"data": "cause", "in": ["time", "initial"]},
        {"value": {"value": "guests", "op": "is", "to": "3"}},
        {"score": {"of": "last", "at_least": 0, "at_most": 6}},
        {"clicked": "invitation"},
    ],
)
def test_every_condition_is_read_written_and_asked(document: dict[str, Any]) -> None:
    assert ConditionSchema().load(document) == document
    condition = condition_of(document)
    assert condition.document == document and type(condition) in CONDITIONS.values()
    assert condition.holds(Reached(AT, AT, ANA, AT, {}, Facts())) is False


@pytest.mark.parametrize("document", [{"audience": "left"}, {"stay": "undone"}, {"event": "case.opened"}])
def test_every_early_exit_is_read(document: dict[str, Any]) -> None:
    assert EarlyExitSchema().load(document) == document
    assert isinstance(early_exit_of(document), EARLY_EXITS[next(iter(document))])


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"audience": "gold", "when": "left", "occurrence": "entry"}, AudienceEntry),
        ({"date": "birthday", "audience": "gold", "offset_days": -7}, DateEntry),
        ({"stay": "checked_out"}, StayEntry),
        (
            {"stay_date": "departure", "days": 0, "hours": 48, "hour": "11:00", "hotel": "LIS"}
            | {"stays": {"nights_from": 2, "rates": ["BAR"]}},
            StayDateEntry,
        ),
    ],
)
def test_every_entry_is_read(document: dict[str, Any], kind: type) -> None:
    assert EntrySchema().load(document) == document
    assert isinstance(entry_of(document), kind)


def test_what_may_happen_is_published_by_somebody() -> None:
    assert {f"{event}.v1" for event in EVENTS} <= {one.name for one in all_types()}
