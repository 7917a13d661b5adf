"""Birthdays: members with a tier by text message, else by WhatsApp; everybody else by e-mail. Built from nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stories.guests import YES, booked_again, stay
from tests.browser.stories.house import HouseOfStories
from tests.browser.stories.marketer import Marketer
from tests.browser.test_journey import choose, promise, write

AT = "/campaigns/journeys/birthday-by-telephone"


def guests(house: HouseOfStories) -> None:
    """Their birthday is in ten days. The one who books does so when the mail has come."""
    today = house.clock.now().date()
    born, ago = (today + timedelta(days=10)).replace(year=1980), today - timedelta(days=200)
    numbers = (f"+35191234567{number}" for number in range(9))
    with_a_tier: dict[str, Any] = {"birth_date": born, "tier": "Gold"}
    booking = stay("birthday", 3, ago, birth_date=born, email_consent=YES)
    house.receive(
        [
            stay("birthday", 0, ago, phone=next(numbers), sms_consent=YES, whatsapp_consent=YES, **with_a_tier),
            stay("birthday", 1, ago, phone=next(numbers), whatsapp_consent=YES, **with_a_tier),
            stay("birthday", 2, ago, phone=next(numbers), email_consent=YES, **with_a_tier),
            booking,
            stay("birthday", 4, ago, birth_date=born),
            booked_again(booking, today + timedelta(days=5)),
        ]
    )


def approved(marketer: Marketer) -> None:
    """WhatsApp has approved the text; what it gave stands in the template, in the language of these guests."""
    page = marketer.page
    page.goto("/messaging/templates/birthday/edit?language=pt")
    page.locator("#f-subject-line").wait_for()
    page.get_by_label("ContentSid of the approved template").fill(f"HX{'0' * 32}")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published as version 2")).to_be_visible()
    marketer.house.settle()


@pytest.mark.proof
def test_birthdays_go_by_telephone_to_members_and_by_mail_to_everybody_else(
    house: HouseOfStories, marketer: Marketer
) -> None:
    guests(house)
    approved(marketer)
    page = marketer.new_journey("Birthday by telephone")
    promise(page, "0")
    choose(page, "entry", "What brings a guest in", "date")
    write(page, "entry", "Days", "7")
    marketer.add("Wait until an hour")
    write(page, "hour-1", "Hour, where the guest is", "10:00")
    marketer.add("Fork", below="hour-1")
    choose(page, "branch-1", "Segment", "members-with-a-tier")
    marketer.add("Message", into="branch-1", way=0)
    choose(page, "message-1", "Template", "birthday")
    choose(page, "message-1", "By", "sms")
    choose(page, "message-1", "Else by", "whatsapp")
    marketer.add("Message", into="branch-1", way=1)
    choose(page, "message-2", "Template", "birthday")
    marketer.look("birthday-editor", f"{AT}/edit")
    marketer.publish()
    marketer.rehearse("birthday-by-telephone", 14)
    assert (marketer.figure("Would be sent"), marketer.figure("Would not be sent")) == ("3 messages", "2 messages")
    marketer.launch("birthday-by-telephone")
    marketer.days_pass(8)
    sent = marketer.sent("birthday-by-telephone", "channel")
    assert sent == {"text message": "1", "WhatsApp": "1", "e-mail": "1", "all together": "3"}
    assert marketer.figure("Booked").startswith("1")
    marketer.look("birthday-results", f"{AT}/results?by=step")
    marketer.end("birthday-by-telephone")
