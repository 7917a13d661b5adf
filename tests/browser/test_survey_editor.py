"""A marketer writes a hotel's own survey; a guest answers it on a narrow phone, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import unanswered_surveys

PLACE = "/feedback/surveys/LIS"


@pytest.fixture
def survey(visitor: Visitor) -> Iterator[Page]:
    """Lisbon's own survey, for this test alone: the others ask what is shipped."""
    hers = visitor.signed_in("ada")
    hers.goto(PLACE)
    hers.get_by_role("button", name="Change the questions").click()
    hers.get_by_label("Another question").select_option("csat")
    hers.get_by_role("button", name="Add", exact=True).click()
    csat = hers.locator("#q-csat")
    csat.get_by_label("English").fill("And the room?")
    csat.get_by_label("简体中文").fill("对客房满意吗？")
    csat.get_by_label("Question", exact=True).select_option("nps")
    csat.get_by_label("Number").fill("6")
    csat.get_by_role("button", name="Save the question").click()
    expect(csat.get_by_text("shown to some")).to_be_visible()
    preview = hers.frame_locator("iframe.survey-preview")
    expect(preview.get_by_text("And the room?")).to_be_visible()
    hers.get_by_role("button", name="Publish").click()
    expect(hers.get_by_text("Published as version")).to_be_visible()
    yield hers
    hers.goto(PLACE)
    hers.on("dialog", lambda dialog: dialog.accept())
    hers.get_by_role("button", name="Ask nothing of its own any more").click()
    expect(hers.get_by_text("As it is shipped.")).to_be_visible()


@pytest.mark.proof
def test_a_guest_answers_in_chinese_on_a_narrow_phone_and_the_marketer_sees_it_counted(
    survey: Page, visitor: Visitor, installation: Installation
) -> None:
    link = unanswered_surveys(installation.home)[2].path
    phone = visitor.open(phone=True)
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(f"{link}?in=zh-Hans")
    scale = phone.locator(".guest-scale label")
    boxes = [scale.nth(number).bounding_box() for number in range(11)]
    assert len({round(box["y"]) for box in boxes if box}) == 1, "the scale is one row"
    assert all(box and box["width"] >= 24 and box["height"] >= 44 for box in boxes)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_role("radio", name="3", exact=True).tap()
    phone.get_by_role("textbox").fill("空调太吵")
    phone.get_by_role("button", name="下一步").tap()
    expect(phone.get_by_text("对客房满意吗？")).to_be_visible()
    phone.get_by_role("button", name="上一步").tap()
    expect(phone.get_by_role("radio", name="3", exact=True)).to_be_checked()
    phone.get_by_role("button", name="下一步").tap()
    phone.get_by_role("radio", name="2", exact=True).tap()
    phone.get_by_role("button", name="提交").tap()
    expect(phone.get_by_text("您打了 3 分")).to_be_visible()

    survey.goto(PLACE)
    expect(survey.get_by_text("1 guest began it")).to_be_visible()
    expect(survey.get_by_role("row").filter(has_text="And the room?")).to_contain_text("2.0")
