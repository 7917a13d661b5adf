"""«What has happened with this guest, and why?» at the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import refused_guests, speechless_feedback, unanswered_surveys

WORDS = "The breakfast room was closed when we came down at nine."


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.signed_in("marta")


def entries(page: Page, kind: str) -> list[str]:
    return page.locator(f".timeline article[data-kind={kind}]").all_inner_texts()


def find(page: Page, guest: str) -> None:
    """By the name on her page, as somebody at the desk would."""
    page.goto(f"/segments/guests/{guest}")
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Guests").click()
    page.get_by_role("searchbox").fill(name.split()[-1])
    page.get_by_role("region", name="Guests").locator(f"a[href$='{guest}']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_story_tells_stays_message_answer_and_case_and_opens_the_text_as_sent(
    page: Page, visitor: Visitor, installation: Installation
) -> None:
    link = unanswered_surveys(installation.home)[-1]
    phone = visitor.open(phone=True)
    phone.goto(f"{link.path}?in=en")
    phone.get_by_role("radio", name="4", exact=True).tap()
    phone.get_by_label("What should we know?").fill(WORDS)
    phone.get_by_role("button", name="Send my answer").tap()

    find(page, str(link.guest_id))
    assert entries(page, "stay") and entries(page, "audience")
    assert any("Gave the stay 4 of 10." in entry and WORDS in entry for entry in entries(page, "answer"))
    assert any("A follow-up was opened." in entry for entry in entries(page, "case"))
    page.locator("article[data-kind=message] a").first.click()
    expect(page.get_by_role("heading", name="As it was sent")).to_be_visible()
    mail = page.frame_locator("iframe[title='The mail as it was sent']").locator("body")
    expect(mail).to_contain_text("Casa do Tejo Lisboa")
    expect(page.get_by_role("heading", name="What was decided, in order")).to_be_visible()


def test_a_refusal_is_told_in_words_and_the_story_can_be_narrowed_to_it(page: Page, installation: Installation) -> None:
    find(page, str(refused_guests(installation.home)[0]))
    refusal = "not sent: the guest has not agreed to offers on this channel"
    assert any(refusal in entry for entry in entries(page, "skip"))
    page.get_by_role("navigation", name="Show only").get_by_role("link", name="Not sent").click()
    page.wait_for_url("**kind=skip**")
    expect(page.locator("article:not([data-kind=skip])")).to_have_count(0)
    assert entries(page, "skip")


@pytest.mark.parametrize(
    ("path", "words", "choice"), [("/segments/guests", "Gomes", "Order"), ("/feedback/answers", "room", "Score")]
)
def test_leaving_a_search_is_no_other_search(page: Page, path: str, words: str, choice: str) -> None:
    """Its answer would replace the list under the pointer, and whoever clicks there has clicked nowhere."""
    page.goto(path)
    searches: list[str] = []
    page.on("request", lambda one: searches.append(one.url) if one.headers.get("hx-request") else None)
    search = page.get_by_role("searchbox")
    search.press_sequentially(words)
    page.wait_for_url(f"**q={words}*")
    search.blur()
    if (narrow := page.get_by_text("Narrow and sort")).count():
        narrow.click()
    page.get_by_label(choice, exact=True).select_option(index=1)
    page.wait_for_function("(before) => location.href !== before", arg=page.url)
    assert len(searches) == 2, searches


def test_a_guest_of_another_hotel_is_not_there(visitor: Visitor, installation: Installation) -> None:
    link = unanswered_surveys(installation.home)[-1]
    wei = visitor.signed_in("wei")
    told = wei.goto(f"/segments/guests/{link.guest_id}")
    assert told is not None and told.status == 404


def test_a_service_that_does_not_answer_is_a_line_and_the_rest_of_the_story_is_there(
    page: Page, installation: Installation
) -> None:
    guest = unanswered_surveys(installation.home)[-1].guest_id
    with speechless_feedback(installation.home):
        page.goto(f"/segments/guests/{guest}")
        expect(page.locator(".silent")).to_have_count(1)
        assert entries(page, "stay") and entries(page, "message")
    page.reload()
    expect(page.locator(".silent")).to_have_count(0)
    assert entries(page, "message")
