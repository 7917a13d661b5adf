"""A marketer with twenty minutes: a segment and a journey from nothing, live and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.signed_in("marta")


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def part(page: Page, title: str) -> None:
    """Opens a part of the editor where it is closed."""
    found = page.locator("details.part", has=page.locator(".part-title", has_text=title)).last
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()


def write_a_segment(page: Page, name: str) -> None:
    page.goto("/segments/segments")
    page.get_by_role("link", name="Write a segment").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("What is asked about").select_option(label="number of stays")
    settled(page)
    page.get_by_label("Value").fill("2")
    page.get_by_label("Value").press("Tab")
    settled(page)
    expect(page.locator("#found")).to_contain_text("guests")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def add_step(page: Page, kind: str) -> None:
    adder = page.locator("details.adder").last
    adder.locator("summary").click()
    adder.get_by_role("button", name=kind, exact=True).click()
    settled(page)


def test_a_segment_and_a_journey_are_made_from_nothing_launched_and_taken_back(page: Page) -> None:
    write_a_segment(page, "Came back once")
    page.goto("/campaigns/journeys")
    page.get_by_role("link", name="Make a journey").click()
    page.get_by_label("Name", exact=True).fill("Thank you for coming back")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("1 thing is missing")).to_be_visible()

    page.get_by_label("Segment", exact=True).select_option(label="Came back once")
    settled(page)
    add_step(page, "Wait")
    add_step(page, "Message")
    part(page, "Message")
    page.get_by_label("Template").select_option(index=1)
    settled(page)
    expect(page.get_by_text("Ready to publish")).to_be_visible()
    page.get_by_role("button", name="Publish").click()

    page.get_by_role("link", name="Check and launch").click()
    expect(page.get_by_role("heading", name="What will leave")).to_be_visible()
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("Just launched.")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("launch taken back")).to_be_visible()


def test_a_template_is_read_as_its_guest_would(page: Page) -> None:
    page.goto("/messaging/templates")
    page.get_by_role("region", name="Templates and their languages").get_by_role("link").first.click()
    desk = page.frame_locator("iframe[title='On a desk']").locator("body")
    expect(desk).to_contain_text("Müller")
    page.get_by_role("navigation", name="Languages").get_by_role("link").nth(1).click()
    expect(page.frame_locator("iframe[title='On a phone']").locator("body")).not_to_be_empty()


def test_a_text_in_simplified_chinese_counts_for_those_who_read_chinese(page: Page) -> None:
    page.goto("/messaging/templates")
    shown = page.get_by_role("region", name="Templates and their languages")
    expect(shown.get_by_role("columnheader").filter(has_text="Chinese")).to_have_count(1)
    expect(shown.get_by_text("missing")).to_have_count(0)
