"""A guest answers on her phone; the house hears of it on another."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Visitor
from tests.browser.demo import unanswered_surveys, ways_out

WORDS = "The lift was out of order, and nobody told us before the fourth floor."
A_SURVEY_PAGE = "One question about your stay"


def answer(page: Page, path: str, score: int, words: str) -> None:
    page.goto(path)
    page.get_by_role("radio", name=str(score), exact=True).tap()
    page.get_by_label("What should we know?").fill(words)
    page.get_by_role("button", name="Send my answer").tap()


def test_a_low_score_with_words_becomes_a_case_that_is_closed_in_two_taps(
    visitor: Visitor, installation: Installation
) -> None:
    link = unanswered_surveys(installation.home)[0].path
    phone = visitor.open(phone=True)
    answer(phone, f"{link}?in=en", 3, WORDS)
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(phone.get_by_text("Your answer waits for a person at Casa do Tejo Lisboa")).to_be_visible()
    phone.goto(f"{link}?in=en")
    expect(phone.get_by_text("You gave us 3 of 10. For three days")).to_be_visible()
    phone.get_by_label("What should we know?").fill("One thing more")
    phone.get_by_label("Language").click()
    phone.get_by_role("button", name="Deutsch").tap()
    expect(phone.get_by_role("heading", name="Eine Frage")).to_be_visible()
    expect(phone.get_by_role("textbox")).to_have_value("One thing more")

    hers = visitor.signed_in("dina", phone=True)
    hers.goto("/feedback/cases")
    case = hers.get_by_role("listitem").filter(has_text=WORDS)
    case.get_by_role("link").tap()
    expect(hers.get_by_text(WORDS)).to_be_visible()
    hers.get_by_text("Close the case").tap()
    hers.get_by_role("button", name="Apologised").tap()
    expect(hers.get_by_text("Closed: Apologised")).to_be_visible()
    hers.goto("/feedback/cases")
    expect(hers.get_by_text(WORDS)).to_have_count(0)


def test_looking_at_a_survey_votes_nothing(visitor: Visitor, installation: Installation) -> None:
    link = unanswered_surveys(installation.home)[1].path
    phone = visitor.open(phone=True)
    for _ in range(2):
        phone.goto(f"{link}?in=en&score=9")
        expect(phone.get_by_role("heading", name=A_SURVEY_PAGE)).to_be_visible()
    assert link in [one.path for one in unanswered_surveys(installation.home)]
    assert phone.context.cookies() == []


def test_a_forged_link_opens_nothing_and_says_what_to_do(visitor: Visitor, installation: Installation) -> None:
    survey, way_out = unanswered_surveys(installation.home)[0].path, ways_out(installation.home)[0].path
    phone = visitor.open(phone=True)
    for forged in (f"{survey[:-1]}{'a' if survey[-1] != 'a' else 'b'}", f"{way_out[:60]}"):
        told = phone.goto(f"{forged}?in=en")
        assert told is not None and told.status == 404
        expect(phone.get_by_text("This link is not complete.")).to_be_visible()
    crossed = phone.goto(way_out.replace("/messaging/way-out/", "/feedback/survey/"))
    assert crossed is not None and crossed.status == 404


def test_the_way_out_is_one_tap_and_asks_nothing(visitor: Visitor, installation: Installation) -> None:
    phone = visitor.open(phone=True)
    phone.goto(f"{ways_out(installation.home)[0].path}?in=en")
    expect(phone.get_by_role("heading", name="No more offers by e-mail?")).to_be_visible()
    phone.get_by_role("button", name="Yes, no more offers").tap()
    expect(phone.get_by_role("status")).to_have_text(re.compile("Done: no more offers go to .•"))
    expect(phone.get_by_text("Messages about a stay that you booked still come.")).to_be_visible()
