"""A journey is drawn: by keys alone, by the mouse, on a phone; and without a script its list does the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.test_journey import add_step, new_journey, settled
from tests.browser.test_people_with_other_needs import AXE, hurdles

LONG = 40


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe is not there: deploy/install-browser brings it")
    return AXE.read_text()


def drawn(page: Page) -> list[str]:
    """The steps of the drawing from the top down, by their keys."""
    found = page.locator("#drawing [data-step]").evaluate_all("steps => steps.map(step => step.dataset.step)")
    return [str(key) for key in found]


def said(page: Page, text: str) -> None:
    expect(page.locator("#canvas-live")).to_have_text(text)
    settled(page)


def card(key: str) -> str:
    return f"#drawing [data-step='{key}'] > :is(.flow-card, .flow-question, .flow-length)"


def test_a_journey_is_drawn_by_keys_alone_and_every_change_can_be_undone(visitor: Visitor, axe: str) -> None:
    page = visitor.signed_in("marta")
    new_journey(page, "By keys")
    page.locator("#editor.is-canvas").wait_for()
    page.locator("#drawing .flow-open").first.focus()
    page.keyboard.press("Insert")
    expect(page.locator("#canvas-menu button").first).to_be_focused()
    page.keyboard.press("Enter")
    said(page, "Added: Step 1: Message")
    expect(page.get_by_label("Template")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Insert")
    page.locator("#canvas-menu [data-kind=branch]").focus()
    page.keyboard.press("Enter")
    said(page, "Added: Step 2: Fork")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+ArrowDown")
    said(page, "Moved: Step 2: Message, first in its way")
    page.keyboard.press("Alt+ArrowDown")
    said(page, "Moved: Step 2: Message, first in its way")
    page.keyboard.press("Alt+ArrowDown")
    said(page, "Moved: Step 2: Message, below Step 1: Fork")
    page.keyboard.press("Alt+ArrowDown")
    said(page, "It cannot go further.")
    assert hurdles(page, axe) == []
    assert drawn(page) == ["branch-1", "message-1"]
    page.keyboard.press("Delete")
    said(page, "Removed: Step 2: Message")
    page.reload()
    page.locator("#editor.is-canvas").wait_for()
    page.locator("#drawing .flow-open").last.focus()
    page.keyboard.press("Control+z")
    said(page, "Undone: the last change, by Marta Marques.")
    assert drawn(page) == ["branch-1", "message-1"]


@pytest.mark.proof
def test_a_step_is_dragged_into_a_way_and_what_would_break_the_flow_stays(visitor: Visitor) -> None:
    page = visitor.signed_in("marta")
    new_journey(page, "By the mouse")
    for kind in ("Message", "Fork", "Wait"):
        add_step(page, kind)
    page.locator("#drawing [data-step=wait-1]").drag_to(page.locator("#drawing .flow-way ol").first)
    settled(page)
    expect(page.locator("#drawing .flow-way [data-step=wait-1]")).to_have_count(1)
    page.locator(f"{card('message-1')} .flow-open").click()
    page.get_by_role("textbox", name="Note for colleagues").fill("Written for regulars.")
    page.get_by_role("textbox", name="Note for colleagues").press("Tab")
    settled(page)
    expect(page.locator(f"{card('message-1')} .flow-note")).to_contain_text("Written for regulars.")
    page.get_by_role("button", name="Undo").click()
    settled(page)
    expect(page.locator("#drawing .flow-note")).to_have_count(0)


@pytest.mark.proof
def test_a_jump_leads_by_a_line_to_where_the_journey_goes_on(visitor: Visitor) -> None:
    page = visitor.signed_in("marta")
    new_journey(page, "With a jump")
    for kind in ("Jump", "Message", "Wait"):
        add_step(page, kind)
    expect(page.locator(".flow-jumps")).to_have_count(0)
    page.locator("#drawing [data-step=jump-1] .flow-open").click()
    page.get_by_label("Go on at", exact=True).select_option("wait-1")
    settled(page)
    expect(page.locator("#drawing [data-step=jump-1]")).to_contain_text("Go on at «1 day later»")
    line = page.locator(".flow-jumps path")
    expect(line).to_have_count(1)
    led, wait = line.bounding_box(), page.locator(card("wait-1")).bounding_box()
    assert led and wait and wait["y"] < led["y"] + led["height"] < wait["y"] + wait["height"]


@pytest.mark.proof
def test_a_long_journey_has_a_map_and_is_seen_whole_and_on_a_phone_nothing_hangs_over(visitor: Visitor) -> None:
    page = visitor.signed_in("marta")
    new_journey(page, "Long")
    address = page.url
    for _ in range(LONG):
        add_step(page, "Wait")
    expect(page.locator("#canvas-map")).to_be_visible()
    before = page.locator("#drawing").bounding_box()
    page.get_by_role("button", name="Whole").click()
    after = page.locator("#drawing").bounding_box()
    assert before and after and after["height"] < before["height"] / 2
    assert page.evaluate(
        "document.querySelector('#canvas').scrollHeight <= document.querySelector('#canvas').clientHeight + 1"
    )
    phone = visitor.signed_in("marta", phone=True)
    phone.goto(address)
    phone.locator("#drawing .flow-open").nth(1).click()
    expect(phone.locator(".part.is-chosen")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name="Close").click()
    phone.locator("#drawing [data-step=wait-40] .flow-open").click()
    expect(phone.locator(".part.is-chosen")).to_be_visible()
    step, settings = (
        phone.locator(one).bounding_box() for one in (".is-chosen-step > .flow-length", ".part.is-chosen")
    )
    assert step and settings and step["y"] + step["height"] <= settings["y"], "its settings do not lie over it"
    expect(phone.get_by_text("Tap a step to see its settings")).to_be_visible()


def test_without_a_script_the_list_of_steps_does_the_same(visitor: Visitor) -> None:
    page = visitor.signed_in("marta", scripts=False)
    new_journey(page, "As a list")
    adder = page.locator("details.adder").last
    adder.locator("summary").click()
    adder.get_by_role("button", name="Message", exact=True).click()
    expect(page.locator("#part-message-1")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: the last change, by Marta Marques.")).to_be_visible()
    expect(page.locator("#part-message-1")).to_have_count(0)
