"""After the stay a survey; after a good answer thanks and a word for a review, after a bad one somebody calls."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from shared.crypto.signing import LinkSigner
from tests.browser.stories.guests import stay
from tests.browser.stories.house import HouseOfStories
from tests.browser.stories.marketer import Marketer

KEY = "survey-review-or-task"
SURVEYS = """
    select reservation, message_id from message_known join stay_known using (stay_id)
    where journey = %s and purpose = 'feedback' order by 1
"""
WORDS = "The heating knocked all night."


def guests(house: HouseOfStories) -> None:
    """They came yesterday and leave tomorrow."""
    came = house.clock.now().date() - timedelta(days=1)
    house.receive([stay("survey", number, came) for number in range(3)])


def answer(house: HouseOfStories, marketer: Marketer, message: UUID, score: int, words: str = "") -> None:
    """The guest presses the link of the mail."""
    page = marketer.visitor.open(phone=True)
    token = LinkSigner.of(house.group.database("feedback").keyring).sign("survey", message)
    page.goto(f"/feedback/survey/{token}?in=en")
    page.get_by_role("radio", name=str(score), exact=True).tap()
    if words:
        page.get_by_label("What should we know?").fill(words)
    page.get_by_role("button", name="Send my answer").tap()
    expect(page.get_by_text("Thank you").first).to_be_visible()


@pytest.mark.proof
def test_a_survey_ends_in_a_word_for_a_review_or_in_a_call(house: HouseOfStories, marketer: Marketer) -> None:
    guests(house)
    marketer.use_ready("Survey, then review or call")
    marketer.look("survey-editor", f"/campaigns/journeys/{KEY}/edit")
    marketer.publish()
    marketer.rehearse(KEY, 7)
    assert marketer.figure("Would be sent") == "3 messages"
    marketer.launch(KEY)
    marketer.days_pass(2.5)
    messages = [message for _, message in house.asked("feedback", SURVEYS, KEY)]
    answer(house, marketer, messages[0], 10)
    answer(house, marketer, messages[1], 3, WORDS)
    marketer.days_pass(1.5)
    brought = marketer.results(KEY, "step")
    sent = {part: cells["Messages sent"] for part, cells in brought.items()}
    assert sent == {"How was the stay": "3", "After a good answer": "1", "all together": "4"}
    assert brought["all together"]["Answered"] == "2 66.7%"
    marketer.look("survey-results", f"/campaigns/journeys/{KEY}/results?by=step")
    desk = marketer.visitor.signed_in("dina")
    desk.goto("/feedback/tasks")
    calls = desk.locator(".task-line").filter(has_text="Call the guest about the answer to the survey")
    expect(calls).to_have_count(1)
    marketer.end(KEY)
