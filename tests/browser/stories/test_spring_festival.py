"""A greeting a week before the Spring Festival: a ready journey, in each guest's language, at ten where each lives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.stories.guests import YES, stay
from tests.browser.stories.house import HouseOfStories
from tests.browser.stories.marketer import Marketer

FESTIVAL = date(2027, 2, 6)
SENT = """
    select zone, to_char(claimed_at at time zone zone, 'YYYY-MM-DD HH24:MI')
    from delivery where journey = 'festival' and state = 'sent' order by 1
"""


def guests(house: HouseOfStories) -> None:
    ago = house.clock.now().date() - timedelta(days=200)
    chinese = [stay("spring", number, ago, language="zh", email_consent=YES) for number in range(3)]
    house.receive([*chinese, stay("spring", 3, ago, email_consent=YES), stay("spring", 4, ago, language="zh")])


@pytest.mark.proof
def test_guests_are_greeted_a_week_before_the_spring_festival(house: HouseOfStories, marketer: Marketer) -> None:
    guests(house)
    marketer.segment_of_tag("Who keeps the festival", "spring")
    marketer.use_ready("Festival greeting")
    page = marketer.page
    entry = marketer.settings("entry")
    entry.get_by_label("Who is in this segment by then").select_option(label="Who keeps the festival")
    expect(page.locator("#says-entry")).to_contain_text(
        "7 days before Spring Festival at 10:00, where each guest lives: who is in «Who keeps the festival»"
    )
    marketer.publish()
    marketer.rehearse("festival", 90)
    assert (marketer.figure("Would be sent"), marketer.figure("Would not be sent")) == ("4 messages", "1 message")
    marketer.launch("festival")
    marketer.days_pass((FESTIVAL - house.clock.now().date()).days - 5)
    told = {"Chinese (Simplified)": "3", "Portuguese": "1", "all together": "4"}
    assert marketer.sent("festival", "language") == told
    at_ten = "2027-01-30 10:00"
    assert house.asked("messaging", SENT) == [("Asia/Shanghai", at_ten)] * 3 + [("Europe/Lisbon", at_ten)]
    marketer.look("festival-results", "/campaigns/journeys/festival/results?by=language")
    marketer.end("festival")
