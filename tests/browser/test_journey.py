"""A marketer with twenty minutes: a segment and a journey from nothing, live and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import published


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.signed_in("marta")


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def part(page: Page, title: str) -> None:
    """Chooses a part of the editor in the drawing."""
    found = page.locator("details.part", has=page.locator(".part-title", has_text=title)).last
    show(page, (found.get_attribute("id") or "").removeprefix("part-"))


def show(page: Page, part_: str) -> None:
    """The settings of a part, named as in its address. Before the drawing is there, all parts stand in a list."""
    page.locator("#editor.is-canvas").wait_for()
    if page.locator(f"#part-{part_}").is_visible():
        return
    if part_ == "settings":
        page.get_by_role("button", name="What it is").click()
    else:
        page.locator(f"#drawing [data-part='{part_}']").click()


def write_a_segment(page: Page, name: str) -> None:
    page.goto("/segments/segments")
    page.get_by_role("link", name="New segment").first.click()
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
    page.locator("#drawing .flow-plus").last.click()
    page.locator("#canvas-menu").get_by_role("button", name=kind, exact=True).click()
    settled(page)


def test_a_segment_and_a_journey_are_made_from_nothing_launched_and_taken_back(page: Page) -> None:
    write_a_segment(page, "Came back once")
    page.goto("/campaigns/journeys")
    page.get_by_role("link", name="New journey").click()
    page.get_by_label("Name", exact=True).fill("Thank you for coming back")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("1 thing is missing")).to_be_visible()

    page.locator("#editor.is-canvas").wait_for()
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
    expect(page.get_by_role("heading", name="What will be sent")).to_be_visible()
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("Just launched.")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("launch taken back")).to_be_visible()


def new_journey(page: Page, name: str) -> None:
    page.goto("/campaigns/journeys")
    page.get_by_role("link", name="New journey").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create").click()


def choose(page: Page, part_: str, label: str, value: str) -> None:
    field(page, part_, label).select_option(value)
    settled(page)


def write(page: Page, part_: str, label: str, text: str) -> None:
    field(page, part_, label).fill(text)
    field(page, part_, label).press("Tab")
    settled(page)


def tick(page: Page, part_: str, label: str) -> None:
    field(page, part_, label).check()
    settled(page)


def field(page: Page, part_: str, label: str) -> Any:
    """In a part of the editor, named as in its address; the part is shown then."""
    show(page, part_)
    return page.locator(f"#part-{part_}").get_by_label(label, exact=True)


def promise(page: Page, holdout: str) -> None:
    """What the shipped offers promise themselves: a booking within 60 days, measured against guests who get nothing."""
    choose(page, "settings", "What the journey is for", "stay.booked")
    write(page, "settings", "Control group, per cent", holdout)


def publish(page: Page) -> None:
    expect(page.get_by_text("Ready to publish")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("link", name="Check and launch")).to_be_visible()


def build_birthday(page: Page) -> None:
    choose(page, "settings", "Purpose", "marketing")
    write(page, "settings", "Priority", "200")
    promise(page, "10")
    choose(page, "entry", "What brings a guest in", "date")
    write(page, "entry", "Days", "7")
    choose(page, "entry", "Before or after", "before")
    add_step(page, "Wait until an hour")
    write(page, "hour-1", "Hour, where the guest is", "10:00")
    add_step(page, "Message")
    choose(page, "message-1", "Template", "birthday")


def build_survey(page: Page) -> None:
    choose(page, "settings", "Purpose", "feedback")
    choose(page, "entry", "What brings a guest in", "stay")
    choose(page, "entry", "When", "checked_out")
    tick(page, "exits", "The stay turns out not to have happened")
    add_step(page, "Wait until an hour")
    tick(page, "hour-1", "Always the next one, even where it is that hour just now")
    add_step(page, "Message")
    choose(page, "message-1", "Template", "post-stay-survey")
    choose(page, "message-1", "Else by", "sms")


def build_win_back(page: Page) -> None:
    promise(page, "10")
    choose(page, "entry", "Segment", "lapsed-3-months-regular")
    choose(page, "entry", "An occasion is", "lapse")
    tick(page, "exits", "The guest leaves the segment by which they entered")
    for step in ("Fork", "Wait", "Wait until an hour", "Message"):
        add_step(page, step)
    choose(page, "branch-1", "The fork asks", "cause")
    tick(page, "branch-1", "a cancelled stay")
    tick(page, "branch-1", "a stay the guest did not show up for")
    choose(page, "branch-1", "If not, go on at", "hour-1")
    write(page, "wait-1", "days", "14")
    choose(page, "message-1", "Template", "win-back")
    choose(page, "message-1", "Else by", "sms")
    write(page, "message-1", "days", "7")
    for want in ("Not to guests who have a booking", "Not while the hotel's data is out of date", "Once a household"):
        tick(page, "message-1", want)


def alike(document: dict[str, Any]) -> dict[str, Any]:
    """A journey without what its maker called it and its steps. A birthday needs no segment at the screen."""
    places = {step["key"]: place for place, step in enumerate(document["steps"])}
    steps = []
    for step in document["steps"]:
        ((kind, content),) = [(kind, dict(content)) for kind, content in step.items() if kind != "key"]
        for way in {"then", "else"} & set(content):
            content[way] = places.get(content[way])
        steps.append((kind, content))
    entry = {
        name: value
        for name, value in document["entry"].items()
        if name != "audience" or "date" not in document["entry"]
    }
    return {**document, "key": "", "name": "", "entry": entry, "steps": steps}


@pytest.mark.parametrize(
    ("shipped", "build"),
    [
        ("birthday", build_birthday),
        pytest.param("post-stay-survey", build_survey, marks=pytest.mark.proof),
        pytest.param("win-back", build_win_back, marks=pytest.mark.proof),
    ],
)
def test_each_shipped_journey_can_be_built_from_nothing_at_the_screen(
    page: Page, installation: Installation, shipped: str, build: Any
) -> None:
    new_journey(page, f"Own {shipped}")
    build(page)
    publish(page)
    assert alike(published(installation.home, f"own-{shipped}")) == alike(published(installation.home, shipped))


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
