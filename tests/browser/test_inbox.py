"""A conversation on two screens: a guest writes, one colleague is seen answering, the other sees what was sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import text_message
from tests.browser.test_duty_evening import no_wider_than_the_phone

QUESTION = {False: "Is there a shuttle from the airport at six?", True: "早上六点有机场班车吗？"}
ANSWER = {False: "Yes, from the door of arrivals.", True: "有的，在到达大厅门口。"}
SAID = {
    False: {"send": "Send", "put_in": "Put it in", "answering": "Dina Duarte is answering.",
            "new": "And one at seven?"},
    True: {"send": "发送", "put_in": "插入", "answering": "Dina Duarte 正在回复。", "new": "七点呢？"},
}  # fmt: skip


def a_canned_answer(page: Page, name: str) -> None:
    page.goto("/feedback/inbox/canned")
    page.fill("#f-name", name)
    for tag in ("en", "pt", "zh-Hans"):
        page.fill(f"#f-text_{tag}", "{{guest.name}}: {{hotel.name}}")
    page.locator("#form button.button-main").tap()
    expect(page.locator(".inbox").get_by_text(name, exact=True)).to_be_visible()


def later(*pages: Page) -> None:
    """The time after which a page asks for what is new."""
    for page in pages:
        page.clock.fast_forward(11_000)


@pytest.mark.parametrize("chinese", [False, pytest.param(True, marks=pytest.mark.proof)], ids=["english", "chinese"])
def test_a_guest_is_answered_from_a_phone_while_a_colleague_looks_on(
    visitor: Visitor, installation: Installation, chinese: bool
) -> None:
    told, name = SAID[chinese], f"Shuttle {chinese}"
    hers = visitor.signed_in("dina", phone=True, chinese=chinese)
    hers.clock.install()
    a_canned_answer(hers, name)
    hers.goto("/feedback/inbox?view=unread")
    no_wider_than_the_phone(hers)
    text_message(installation.home, QUESTION[chinese], place=int(chinese))
    line = hers.locator(".inbox-line", has_text=QUESTION[chinese])
    later(hers)
    expect(line).to_be_visible()  # without reload
    expect(hers.locator(".bottom-bar .count")).to_be_visible()
    assert hers.title().startswith("(")

    line.get_by_role("link").tap()
    expect(hers.locator("#thread")).to_be_visible()
    no_wider_than_the_phone(hers)
    colleague = visitor.signed_in("ada", chinese=chinese)
    colleague.clock.install()
    colleague.goto(hers.url)
    hers.select_option("#f-canned", label=name)
    hers.get_by_role("button", name=told["put_in"]).tap()
    box = hers.locator("#f-words")
    expect(box).to_have_value(f"{hers.locator('h1').inner_text()}: Casa do Tejo Lisboa")
    with hers.expect_response(lambda response: response.url.endswith("/presence")):
        box.press_sequentially(f"\n{ANSWER[chinese]}")
    later(colleague)
    expect(colleague.get_by_text(told["answering"])).to_be_visible()

    text_message(installation.home, told["new"], place=int(chinese))
    later(hers)
    expect(hers.locator(".said-guest").last).to_contain_text(told["new"])
    assert ANSWER[chinese] in box.input_value()  # what was typed stays
    hers.get_by_role("button", name=told["send"], exact=True).tap()
    expect(hers.locator(".said-us")).to_contain_text(ANSWER[chinese])
    later(colleague)
    expect(colleague.locator(".said-us")).to_contain_text(ANSWER[chinese])
    expect(colleague.get_by_text(told["answering"])).to_have_count(0)
    no_wider_than_the_phone(hers)
