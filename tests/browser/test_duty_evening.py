"""A duty manager's evening on a phone, in English and in Chinese: a complaint comes in and is put right by night."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.again import read_until
from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import unanswered_surveys

WORDS = {
    False: "The ceiling of our bathroom is leaking, and the desk only laughed.",
    True: "浴室天花板漏水，前台只是笑了笑。",
}
SAID = {
    False: {"take": "Take it on", "open": "Close the case", "told": "Dina Duarte took it on.", "end": "Compensated",
            "given": "Refund, €40.00", "closed": "Closed: Compensated", "content": "The guest is content",
            "unsent": "not sent: nothing is really sent from this installation", "answered": "Answered by Dina Duarte"},
    True: {"take": "我来负责", "open": "关闭工单", "told": "Dina Duarte 接手。", "end": "已补偿",
           "given": "退款，€40.00", "closed": "已关闭：已补偿", "content": "宾客满意",
           "unsent": "此系统并未真正发送邮件和短信", "answered": "Dina Duarte 已响应"},
}  # fmt: skip


def picture() -> FilePayload:
    made = io.BytesIO()
    Image.new("RGB", (1200, 900), (90, 120, 130)).save(made, "JPEG")
    return {"name": "ceiling.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def a_guest_complains(visitor: Visitor, installation: Installation, chinese: bool) -> None:
    phone = visitor.open(phone=True)
    phone.goto(f"{unanswered_surveys(installation.home)[0].path}?in={'zh-Hans' if chinese else 'en'}")
    phone.locator("input[name=score][value='2']").check(force=True)
    phone.locator("textarea").fill(WORDS[chinese])
    phone.locator("form button.button-main, form button[type=submit], form button").last.tap()
    expect(phone.locator("h1")).to_be_visible()


def on_the_list(page: Page) -> None:
    """Dina puts herself on the duty list, unless she stands there already."""
    page.goto("/feedback/care")
    if page.locator(".duty-line").count():
        return
    page.locator("details:has(#f-person) > summary").tap()
    page.select_option("#f-person", label="Dina Duarte")
    page.fill("#f-number", "+351 910 000 101")
    page.locator("form[action$='/duty'] button.button-main").tap()
    expect(page.locator(".duty-line")).to_contain_text("+351910000101")


def top_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def no_wider_than_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("chinese", [False, pytest.param(True, marks=pytest.mark.proof)], ids=["english", "chinese"])
def test_a_complaint_comes_in_and_is_put_right_on_the_phone(
    visitor: Visitor, installation: Installation, chinese: bool
) -> None:
    told = SAID[chinese]
    hers = visitor.signed_in("dina", phone=True, chinese=chinese)
    on_the_list(hers)
    a_guest_complains(visitor, installation, chinese)

    hers.goto("/feedback/alerts")
    no_wider_than_the_phone(hers)
    hers.locator("main .task-line a").last.tap()
    expect(hers.locator(".case-words").first).to_have_text(WORDS[chinese])
    expect(hers.locator(".case-calls")).to_contain_text("Dina Duarte")
    calls = hers.locator(".case-calls")  # messaging says in a moment that nothing leaves a sandbox
    read_until(hers, lambda: told["unsent"] in (calls.text_content() or ""), "nobody says that nothing leaves")
    expect(hers.locator(".case-calls")).to_contain_text(told["unsent"])
    expect(hers.locator(".case-reach a[href^='mailto:']")).to_be_visible()
    no_wider_than_the_phone(hers)

    hers.get_by_role("button", name=told["take"]).tap()
    expect(hers.get_by_text(told["told"])).to_be_visible()
    expect(hers.locator(".case-calls")).to_contain_text(told["answered"])
    hers.fill("#f-words", "Plumber at nine, another room for tonight.")
    hers.locator("form[action$='/notes'] button").tap()
    hers.set_input_files("#f-picture", [picture()])
    hers.locator("form[action*='/pictures?'] button").tap()
    expect(hers.locator(".case-pictures img")).to_be_visible()
    assert hers.locator(".case-pictures img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 1200

    hers.locator("details:has(#f-amount) > summary").tap()
    hers.fill("#f-amount", "40")
    hers.select_option("#f-currency", "EUR")
    hers.locator("form[action$='/compensation'] button").tap()
    expect(hers.locator(".case-given")).to_contain_text(told["given"])
    no_wider_than_the_phone(hers)

    hers.get_by_text(told["open"], exact=True).tap()
    words, end = hers.locator("#f-closing"), hers.get_by_role("button", name=told["end"], exact=True)
    assert top_of(words) < top_of(end)
    words.fill("Dinner and a dry room.")
    hers.get_by_role("radio", name=told["content"], exact=True).tap()
    end.tap()
    expect(hers.get_by_text(told["closed"])).to_be_visible()
    expect(hers.get_by_text("Plumber at nine, another room for tonight.")).to_be_visible()
    no_wider_than_the_phone(hers)
    hers.goto("/feedback/alerts")
    expect(hers.locator(".task-line")).to_have_count(0)
    assert not re.search("Traceback", hers.content())


def test_a_task_is_given_and_ticked_and_praise_is_entered_on_the_phone(visitor: Visitor) -> None:
    hers = visitor.signed_in("filipa", phone=True)
    hers.goto("/feedback/tasks")
    hers.get_by_role("link", name="New task").first.tap()
    hers.fill("#f-title", "Cot to room 412 before the family comes")
    hers.select_option("#f-department", "housekeeping")
    hers.select_option("#f-owner", label="Dina Duarte")
    hers.get_by_role("button", name="Put it on the list").tap()
    line = hers.locator(".task-line").filter(has_text="Cot to room 412")
    expect(line).to_contain_text("Housekeeping")
    no_wider_than_the_phone(hers)
    line.get_by_role("button", name="Done").tap()
    expect(hers.locator(".task-line").filter(has_text="Cot to room 412")).to_have_count(0)

    hers.goto("/feedback/praise")
    hers.fill("#f-words", "Breakfast was like at home, and somebody remembered our names.")
    hers.select_option("#f-department", "food")
    hers.get_by_role("button", name="Keep the praise").tap()
    expect(hers.locator(".praise-line")).to_contain_text("like at home")
    expect(hers.locator("main aside")).to_contain_text("Restaurant and bar")
    no_wider_than_the_phone(hers)
