"""Guests who have not come for three months: two texts against one another, and an offer to who has not booked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.stories.guests import YES, booked_again, stay
from tests.browser.stories.house import HouseOfStories
from tests.browser.stories.marketer import Marketer
from tests.browser.test_journey import choose, promise, write
from tests.browser.test_mail_arrives import an_offer

KEY = "come-back"
GUESTS, BOOK = 8, 2


def guests(house: HouseOfStories) -> None:
    """In three days their last stay is ninety days ago; the first of them book some days after the first mail."""
    today = house.clock.now().date()
    lapsing = today + timedelta(days=3 - 90 - 2)
    stays = [stay("winback", number, lapsing, email_consent=YES) for number in range(GUESTS)]
    house.receive([*stays, *(booked_again(one, today + timedelta(days=8)) for one in stays[:BOOK])])


@pytest.mark.proof
def test_who_stays_away_gets_one_of_two_texts_and_then_an_offer(house: HouseOfStories, marketer: Marketer) -> None:
    guests(house)
    marketer.page.once("dialog", lambda asked: asked.accept())
    an_offer(marketer.page)
    marketer.new_template("A short word", "win-back")
    marketer.new_template("A second word", "win-back-offer", offer="A glass at sunset")
    house.settle()
    page = marketer.new_journey("Come back")
    promise(page, "0")
    choose(page, "entry", "Segment", "lapsed-3-months")
    choose(page, "entry", "An occasion is", "lapse")
    marketer.add("Wait until an hour")
    marketer.add("Split", below="hour-1")
    marketer.add("Message", into="split-1", way=0)
    choose(page, "message-1", "Template", "win-back")
    marketer.add("Message", into="split-1", way=1)
    choose(page, "message-2", "Template", "a-short-word")
    marketer.add("Wait", below="split-1")
    write(page, "wait-1", "days", "14")
    marketer.add("Fork", below="wait-1")
    choose(page, "branch-1", "The fork asks", "event")
    choose(page, "branch-1", "What", "stay.booked")
    marketer.add("Message", into="branch-1", way=1)
    choose(page, "message-3", "Template", "a-second-word")
    marketer.look("win-back-editor", f"/campaigns/journeys/{KEY}/edit")
    marketer.publish()
    marketer.rehearse(KEY, 30)
    assert marketer.figure("Would be sent") == f"{2 * GUESTS} messages"
    marketer.launch(KEY)
    marketer.days_pass(20)
    sent = {part: int(count) for part, count in marketer.sent(KEY, "step").items()}
    halves = (sent["Three months after the last stay"], sent["A short word"])
    assert min(halves) > 0 and sum(halves) == GUESTS
    assert sent["A second word"] == GUESTS - BOOK
    assert marketer.figure("Booked").split() == [str(BOOK), "guests"]
    assert set(marketer.sent(KEY, "way")) == {"Way A", "Way B", "all together"}
    marketer.look("win-back-results", f"/campaigns/journeys/{KEY}/results?by=step")
    marketer.end(KEY)
