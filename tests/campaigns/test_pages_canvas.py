"""The drawing in which a journey is edited: what is done on its lines, what would break it, and the one undo."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.config import Config
from services.campaigns.service import SERVICE
from services.campaigns.shipped import install_shipped
from services.campaigns.steps import KINDS
from shared.database.pool import Database
from tests.cast import ANTON, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

EDIT = "/campaigns/journeys/spring/edit"


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("campaigns")


@pytest.fixture
def marta(database: Database) -> Browser:
    """At a journey of one message and a fork below it."""
    person = browser(SERVICE.build_web, Config(), database, MARTA)
    person.get("/campaigns/journeys/new")
    person.post("/campaigns/journeys", {"name": "Spring", "key": "spring"})
    put(person, "send")
    put(person, "branch", after="message-1")
    return person


def put(person: Browser, kind: str, **line: str) -> str:
    return words(person.post(f"{EDIT}/steps", {"kind": kind, "drawn": "1", **line}))


def move(person: Browser, step: str, **line: str) -> str:
    return words(person.post(f"{EDIT}/steps/{step}/place", {"drawn": "1", **line}))


def steps(database: Database) -> list[Any]:
    with database.transaction() as tx:
        ((found,),) = tx.execute("select document->'steps' from journey_draft").fetchall()
    assert isinstance(found, list)
    return found


def keys(database: Database) -> list[str]:
    return [step["key"] for step in steps(database)]


def test_steps_are_put_in_ways_and_moved_from_one_to_the_other(marta: Browser, database: Database) -> None:
    put(marta, "wait", into="branch-1", way="0")
    put(marta, "wait", into="branch-1", way="1")
    assert keys(database) == ["message-1", "branch-1", "wait-1", "jump-1", "wait-2", "end-1"]
    move(marta, "wait-2", after="wait-1")
    assert keys(database) == ["message-1", "branch-1", "wait-1", "wait-2", "end-1"]
    assert steps(database)[1]["branch"]["else"] == "end-1"
    move(marta, "wait-2")
    assert keys(database)[0] == "wait-2"


def test_what_would_break_the_flow_says_why_and_changes_nothing(marta: Browser, database: Database) -> None:
    put(marta, "wait", into="branch-1", way="0")
    before = steps(database)
    assert "A fork cannot stand in one of its own ways" in move(marta, "branch-1", after="wait-1")
    marta.post(f"{EDIT}/steps/branch-1", {"condition": "clicked", "clicked": "message-1", "else": "end-1"})
    asked = steps(database)
    assert asked != before
    said = move(marta, "message-1", after="branch-1")
    assert "The step stays where it was. Choose a message that stands above the fork." in said
    assert steps(database) == asked


def test_one_undo_takes_back_whatever_was_changed_last_and_brings_it_again(marta: Browser, database: Database) -> None:
    states = [steps(database)]
    for change in (
        lambda: put(marta, "wait", into="branch-1", way="1"),
        lambda: marta.post(f"{EDIT}/steps/wait-1", {"days": "9", "note": "Nine, as last year."}),
        lambda: marta.post(f"{EDIT}/steps/wait-1/copy"),
        lambda: marta.post(f"{EDIT}/steps/branch-1/removal"),
    ):
        change()
        states.append(steps(database))
    marta.post(f"{EDIT}/settings", {"name": "Spring again", "purpose": "feedback", "re_entry": "once"})
    assert "Undone: the last change, by Marta Marques." in words(marta.post(f"{EDIT}/undo"))
    assert "Edit «Spring»" in words(marta.get(EDIT))
    for state in reversed(states[:-1]):
        marta.post(f"{EDIT}/undo")
        assert steps(database) == state
    for state in states[1:]:
        marta.post(f"{EDIT}/redo")
        assert steps(database) == state
    marta.post(f"{EDIT}/redo")
    assert "Edit «Spring again»" in words(marta.get(EDIT))
    assert "Nothing to do again." in words(marta.post(f"{EDIT}/redo"))


def test_after_another_change_what_was_undone_is_gone(marta: Browser, database: Database) -> None:
    marta.post(f"{EDIT}/undo")
    put(marta, "wait", after="message-1")
    assert "Nothing to do again." in words(marta.post(f"{EDIT}/redo"))
    assert keys(database) == ["message-1", "wait-1"]


def test_a_draft_that_was_discarded_comes_back_by_undo(database: Database) -> None:
    person = browser(SERVICE.build_web, Config(), database, MARTA)
    with database.transaction() as tx:
        install_shipped(tx, NOW)
    edit = "/campaigns/journeys/win-back/edit"
    person.get(edit)
    person.post(f"{edit}/steps/invitation", {"template": "spring", "channel_1": "sms", "useful_days": "2"})
    person.post(f"{edit}/discard")
    assert "As published, version 1" in words(person.get(edit))
    person.post(f"{edit}/undo")
    assert steps(database)[-1]["send"]["template"] == "spring"
    person.post(f"{edit}/undo")
    assert "Nothing." in words(person.get(edit))


def test_a_note_stands_in_the_drawing_and_among_the_differences(marta: Browser, database: Database) -> None:
    marta.post(f"{EDIT}/steps/message-1", {"template": "spring", "note": "  Only to regulars \n this year. "})
    assert steps(database)[0]["note"] == "Only to regulars \n this year."
    drawn = words(marta.get(EDIT)).split("How it runs")[1]
    assert "Only to regulars this year." in drawn
    marta.post(f"{EDIT}/steps/message-1", {"template": "spring", "note": " "})
    assert "note" not in steps(database)[0]


def test_a_fork_says_how_many_steps_go_with_it_and_what_nobody_reaches_is_told(marta: Browser) -> None:
    put(marta, "wait", into="branch-1", way="0")
    put(marta, "wait", into="branch-1", way="1")
    page = words(marta.get(EDIT))
    assert "Remove with the 2 steps in its ways" in page and "Nobody comes here." not in page
    put(marta, "exit", after="message-1")
    assert words(marta.get(EDIT)).count("Nobody comes here.") >= 1


def test_every_kind_of_step_is_drawn_with_a_way_to_its_settings(marta: Browser, database: Database) -> None:
    """Whatever kind is added: the drawing knows of none by name."""
    for kind in KINDS:
        put(marta, kind)
    page = marta.get(EDIT).get_data(as_text=True)
    drawn = page[page.index('id="drawing"') : page.index('id="canvas-menu"')]
    assert all(f'data-kind="{kind}"' in page for kind in KINDS)
    assert all(f'href="#part-{key}" data-part="{key}"' in drawn for key in keys(database))


def test_in_place_the_drawing_and_the_history_come_along(marta: Browser) -> None:
    asks = {"HX-Request": "true", "HX-Target": "verdict"}
    kept = marta.post(f"{EDIT}/steps/message-1", {"template": "spring"}, headers=asks).get_data(as_text=True)
    assert 'id="drawing" hx-swap-oob' in kept and 'id="canvas-history" hx-swap-oob' in kept
    asks["HX-Target"] = "editor"
    moved = marta.post(f"{EDIT}/steps/branch-1/place", {"drawn": "1"}, headers=asks).get_data(as_text=True)
    assert 'data-opened="branch-1" data-said="Moved: Step 1: Fork"' in moved


@pytest.mark.usefixtures("marta")
def test_who_may_not_configure_changes_nothing(database: Database) -> None:
    anton = browser(SERVICE.build_web, Config(), database, ANTON)
    anton.get("/campaigns/journeys")
    for path in ("undo", "redo", "steps/message-1/copy", "steps/message-1/removal"):
        assert anton.post(f"{EDIT}/{path}").status_code == 403
