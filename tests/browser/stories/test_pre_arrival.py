"""Before an arrival something more is offered: one booking stays, one moves to a later week, one is cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import cancel
from services.segments.rules.reservations import Reservation
from shared.database.pool import Tx
from shared.vocabulary.stay import StayStatus
from tests.browser.stories.guests import YES, stay
from tests.browser.stories.house import HouseOfStories
from tests.browser.stories.marketer import Marketer

KEY = "pre-arrival-upsell"
AT = f"/campaigns/journeys/{KEY}"
AHEAD, LATER = 10, 6


def bookings(house: HouseOfStories) -> list[Reservation]:
    """Of members, who arrive in ten days."""
    today = house.clock.now().date()
    coming = [
        replace(
            stay("arrival", number, today + timedelta(days=AHEAD), tier="Gold", email_consent=YES),
            status=StayStatus.BOOKED,
            status_date=today,
        )
        for number in range(3)
    ]
    tell(house, coming)
    return coming


def tell(house: HouseOfStories, rows: list[Reservation]) -> None:
    with house.group.database("segments").transaction() as tx:
        book(tx, rows, house.clock.now())
    house.settle()


@pytest.mark.proof
def test_something_more_is_offered_before_an_arrival_wherever_the_booking_goes(
    house: HouseOfStories, marketer: Marketer
) -> None:
    first, moving, cancelled = bookings(house)
    marketer.use_ready("Something more for the stay")
    marketer.look("pre-arrival-editor", f"{AT}/edit")
    marketer.publish()
    marketer.rehearse(KEY, 30)
    assert marketer.figure("Would be sent") == "3 messages"
    marketer.launch(KEY)

    def moves(tx: Tx, now: datetime) -> None:
        later = moving.arrival + timedelta(days=LATER)
        book(tx, [replace(moving, arrival=later, departure=later + timedelta(days=2))], now)

    began = house.clock.now()
    marketer.days_pass(1.5, (began + timedelta(days=1), house.at("segments", moves)))
    marketer.days_pass(3)  # past the hour of whose booking stands
    assert marketer.results(KEY, "step")["all together"]["Messages sent"] == "2"
    away = (
        house.clock.now() + timedelta(hours=1),
        house.at("segments", lambda tx, now: cancel(tx, [cancelled.key()], now)),
    )
    marketer.days_pass(5, away)
    brought = marketer.results(KEY, "step")
    assert brought["all together"]["Messages sent"] == "3", "a week before the new day"
    marketer.look("pre-arrival-results", f"{AT}/results?by=step")
    page = marketer.page
    page.goto(f"{AT}/people")
    row = page.get_by_role("row").filter(has_text=cancelled.reservation)
    expect(row).to_contain_text("the stay was cancelled")
    desk = marketer.visitor.signed_in("dina")
    desk.goto("/feedback/tasks")
    expect(desk.locator(".task-line").filter(has_text="See whether a better room is free")).to_have_count(1)
    marketer.end(KEY)
    with house.group.database("segments").transaction() as tx:  # nobody leaves within another story
        cancel(tx, [first.key(), moving.key()], house.clock.now())
    house.settle()
