"""Everybody can work with it: in Chinese, without a mouse, with a screen reader, in the dark, on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Installation, Visitor
from tests.browser.demo import text_message, unanswered_surveys, ways_out
from tests.browser.pages import RAIL, every_page

AXE = Path(__file__).parents[2] / ".venv" / "axe" / "axe.min.js"
HURTS = ("serious", "critical")
LOOK = """
    () => axe.run({resultTypes: ['violations']}).then(found => found.violations
      .filter(one => %s.includes(one.impact))
      .map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).join(', ')}`))
"""
CHINESE = {
    "/": "正在运行吗|今天|首页",
    "/segments/guests": "宾客",
    "/segments/segments": "客群",
    "/campaigns/journeys": "自动流程",
    "/messaging/messages": "已发送",
    "/messaging/templates": "模板",
    "/feedback/cases": "工单",
    "/feedback/answers": "答卷",
}
ENGLISH_LEFT = (
    "Guests",
    "Journeys",
    "Segments",
    "Templates",
    "Show",
    "Sent",
    "Cases",
    "Waiting",
    "How is this counted?",
)


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe is not there: deploy/install-browser brings it")
    return AXE.read_text()


def hurdles(page: Page, axe: str) -> list[str]:
    """What axe holds against a page, and whether it can be pushed sideways."""
    page.evaluate(axe)
    found: list[str] = page.evaluate(LOOK % list(HURTS))
    over = wider(page)
    return found + ([f"scrolls sideways by {over} px"] if over > 0 else [])


def wider(page: Page) -> int:
    """By how many pixels it can be pushed sideways."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def shut_out(page: Page, axe: str, addresses: Mapping[str, str]) -> dict[str, list[str]]:
    found = {}
    for name, address in addresses.items():
        told = page.goto(address)
        assert told is not None and told.status == 200, address
        if hurts := hurdles(page, axe):
            found[name] = hurts
    return found


@pytest.mark.proof
def test_no_page_shuts_anybody_out_at_a_desk(visitor: Visitor, axe: str) -> None:
    page = visitor.signed_in("ada")
    assert shut_out(page, axe, every_page(page)) == {}


def test_no_page_scrolls_sideways_on_a_phone(visitor: Visitor) -> None:
    page = visitor.signed_in("ada", phone=True)
    wide = {}
    for name, address in every_page(page).items():
        page.goto(address)
        if over := wider(page):
            wide[name] = over
    assert wide == {}


@pytest.mark.proof
def test_no_page_shuts_anybody_out_on_a_phone(visitor: Visitor, axe: str) -> None:
    page = visitor.signed_in("ada", phone=True)
    assert shut_out(page, axe, every_page(page)) == {}


@pytest.mark.parametrize(
    "look",
    [{"phone": True, "dark": True}, pytest.param({"phone": True, "chinese": True}, marks=pytest.mark.proof)],
    ids=["dark phone", "chinese phone"],
)
def test_no_place_of_the_rail_shuts_anybody_out_in(visitor: Visitor, axe: str, look: dict[str, bool]) -> None:
    assert shut_out(visitor.signed_in("ada", **look), axe, RAIL) == {}


def test_no_page_of_guests_shuts_anybody_out(visitor: Visitor, installation: Installation, axe: str) -> None:
    page = visitor.open(phone=True)
    for path in (unanswered_surveys(installation.home)[-1].path, ways_out(installation.home)[-1].path, "/sign-in"):
        for tongue in ("en", "zh-Hans", "de"):
            page.goto(f"{path}?in={tongue}")
            assert hurdles(page, axe) == [], f"{path} in {tongue}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_no_conversation_shuts_anybody_out(
    visitor: Visitor, installation: Installation, axe: str, scripts: bool
) -> None:
    text_message(installation.home, f"Is the pool heated? {scripts}", place=4)
    page = visitor.signed_in("dina", phone=True, scripts=scripts)
    page.goto("/feedback/inbox?view=unread")
    assert hurdles(page, axe) == []
    page.locator(".inbox-line", has_text="Is the pool heated?").get_by_role("link").first.click()
    page.locator("#thread").wait_for()
    assert hurdles(page, axe) == []
    page.locator("#f-words").fill("Yes, all year.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".said-us").last).to_contain_text("Yes, all year.")


def test_the_editor_of_a_survey_shuts_nobody_out(visitor: Visitor, axe: str) -> None:
    page = visitor.signed_in("ada", phone=True)
    page.goto("/feedback/surveys/SHA")
    page.get_by_role("button", name="Change the questions").click()
    page.wait_for_url("**/draft")
    for kind in ("csat", "choice", "departments"):
        page.get_by_label("Another question").select_option(kind)
        page.get_by_role("button", name="Add", exact=True).click()
    assert hurdles(page, axe) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete the draft").click()
    page.wait_for_url("**/feedback/surveys/SHA")


def test_in_chinese_no_english_is_left_over(visitor: Visitor) -> None:
    page = visitor.signed_in("marta", chinese=True)
    for address, words in CHINESE.items():
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        text = page.locator("body").inner_text()
        assert any(word in text for word in words.split("|")), f"{address} lacks {words}"
        lines = {line.strip() for line in text.splitlines()}
        assert lines.isdisjoint(ENGLISH_LEFT), f"{address}: {lines & set(ENGLISH_LEFT)}"


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Tab until the focus is there, and the focus can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_a_stop_is_recorded_by_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.open()
    page.goto("/segments/guests?which=in_house")
    expect(page.locator("input[type=email]")).to_be_focused()
    page.keyboard.type("dina@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    guest = page.get_by_role("region", name="Guests").get_by_role("link").first
    expect(guest).to_be_visible()
    tab_to(page, guest)
    page.keyboard.press("Enter")
    stop = page.get_by_role("link", name="Record a STOP")
    expect(stop).to_be_visible()
    tab_to(page, stop)
    page.keyboard.press("Enter")
    page.wait_for_url("**/consents")
    tab_to(page, page.locator(".stop-form summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="No more offers at all"))
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).not_to_be_empty()
    expect(page.locator(".consents")).to_contain_text("withdrawn")


def test_the_first_tab_skips_to_the_content_and_slash_searches(visitor: Visitor) -> None:
    page = visitor.signed_in("marta")
    page.goto("/segments/guests")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_dark_is_dark(visitor: Visitor) -> None:
    page = visitor.signed_in("marta", dark=True)
    colour = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert all(int(part) < 64 for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
