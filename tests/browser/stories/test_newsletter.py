"""Every Friday a newsletter: a broadcast that repeats, and what the frequency cap makes of the third one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.stories.guests import YES, stay
from tests.browser.stories.house import HouseOfStories
from tests.browser.stories.marketer import Marketer

FRIDAY = 4
AT = "/campaigns/broadcasts/news-of-friday"


def guests(house: HouseOfStories) -> None:
    ago = house.clock.now().date() - timedelta(days=200)
    house.receive([stay("news", number, ago, email_consent=YES if number < 4 else None) for number in range(5)])


@pytest.mark.proof
def test_a_newsletter_goes_every_friday_until_the_cap_keeps_it(house: HouseOfStories, marketer: Marketer) -> None:
    guests(house)
    marketer.segment_of_tag("Readers of the news", "news")
    marketer.new_template("News of Friday", "newsletter")
    house.settle()
    page = marketer.page
    today = house.clock.now().date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    page.goto("/campaigns/broadcasts/new")
    page.get_by_label("Name").fill("News of Friday")
    page.get_by_label("Who gets it").select_option(label="Readers of the news")
    page.get_by_label("Text", exact=True).select_option(label="News of Friday")
    page.get_by_label("Day", exact=True).fill(friday.isoformat())
    page.get_by_label("How often").select_option(label="every week on that weekday")
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_text("Every Friday at 10:00, where each guest is")).to_be_visible()
    marketer.look("newsletter-draft", AT)
    marketer.rehearse("news-of-friday", 30)
    marketer.look("newsletter-rehearsal", "/campaigns/rehearsals?journey=news-of-friday")
    page.goto(AT)
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("Planned. Until its hour it can be stopped whole.")).to_be_visible()
    house.settle()
    marketer.days_pass((friday - today).days + 15)
    sent = list(marketer.sent("news-of-friday", "day").values())
    assert sent == ["4", "4", "0", "8"], "two in thirty days is the cap"
    marketer.look("newsletter-results", "/campaigns/journeys/news-of-friday/results?by=day")
    page = marketer.page
    page.once("dialog", lambda asked: asked.accept())
    page.goto(AT)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped. What was not sent by now is not sent any more.")).to_be_visible()
    house.settle()
