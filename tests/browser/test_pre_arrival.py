"""The ready journey before an arrival is built and launched; a booking comes, moves, and is cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from guestloop.operations.connect import connect
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import cancel
from services.segments.rules.reservations import Reservation
from shared.clock import SystemClock
from shared.vocabulary.stay import StayStatus
from tests.browser.again import read_until
from tests.browser.conftest import Installation, Visitor
from tests.browser.test_journey import choose, part, publish, settled, write

FAR = timedelta(days=200)  # no stay of the demo is booked so far ahead
AT = "/campaigns/journeys/pre-arrival"


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.signed_in("marta")


def reservation() -> Reservation:
    today = SystemClock().now().date()
    return Reservation(
        source="pms",
        property="LIS",
        reservation="PRE-1",
        status=StayStatus.BOOKED,
        status_date=today,
        booked_on=today,
        arrival=today + FAR,
        departure=today + FAR + timedelta(days=2),
        given_name="Inês",
        family_name="Antes-Chegada",
        email="ines.antes@example.com",
        language="pt",
    )


def told(installation: Installation, row: Reservation, *, cancelled: bool = False) -> None:
    """The hotel's system tells of the booking, or that it is cancelled."""
    now = SystemClock().now()
    with (
        connect({"GUESTLOOP_HOME": str(installation.home)}, SystemClock()) as found,
        found.group.database("segments").transaction() as tx,
    ):
        if cancelled:
            cancel(tx, [row.key()], now)
        else:
            book(tx, [row], now)


def becomes(page: Page, text: str) -> None:
    """The guests of the journey, read until it stands there: services hear of one another within a moment."""
    page.goto(f"{AT}/people")
    read_until(page, page.get_by_text(text).count, f"«{text}» does not stand there")


@pytest.mark.proof
def test_before_an_arrival_a_journey_follows_the_booking(page: Page, installation: Installation) -> None:
    page.goto("/campaigns/journeys")
    ready = page.get_by_role("listitem").filter(has_text="3 days before the arrival")
    expect(ready).to_contain_text("3 days before the arrival at 15:00, hotel's time")
    ready.get_by_role("button", name="Use it").click()
    write(page, "entry", "How many", "5")
    choose(page, "entry", "Hotel", "LIS")
    expect(page.locator("#says-entry")).to_contain_text("5 days before the arrival at 15:00, at LIS, hotel's time")
    page.goto(f"{AT}/edit")
    part(page, "Message")
    choose(page, "what-we-may-prepare", "Template", "post-stay-survey")
    settled(page)
    publish(page)
    page.get_by_role("link", name="Check and launch").click()
    expect(page.get_by_text("stays booked already are in")).to_be_visible()
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("Just launched.")).to_be_visible()

    row = reservation()
    told(installation, row)
    becomes(page, "the stay PRE-1")
    line = page.get_by_role("row").filter(has_text="PRE-1")
    expect(line).to_contain_text("waits")
    before = line.inner_text()
    told(
        installation, replace(row, arrival=row.arrival + timedelta(days=7), departure=row.departure + timedelta(days=7))
    )
    page.goto(f"{AT}/people")
    line = page.get_by_role("row").filter(has_text="PRE-1")
    read_until(page, lambda: line.inner_text() != before, "the guest's line stays as it was")
    expect(line).to_contain_text("waits")
    told(installation, row, cancelled=True)
    becomes(page, "the stay was cancelled")
