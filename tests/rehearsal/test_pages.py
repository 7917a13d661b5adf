"""The page of a rehearsal: asked for, under way, cancelled, and its report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from services.campaigns.commands.rehearsal.play import Launch
from services.campaigns.config import Config
from services.campaigns.schemas import validated
from services.campaigns.service import SERVICE
from services.campaigns.shipped import shipped
from services.messaging.commands.offers.editing import go_live, start_offer
from services.segments.commands.house_dates import define
from services.segments.facts.families.lunar import lunar_md
from services.segments.rules.house_dates import HouseDate
from services.segments.store.guests.dates import GuestDate, save_days
from shared.vocabulary.offer import OfferKind
from tests.cast import ANTON, MARTA, Member
from tests.messaging.hotel import Hotel
from tests.messaging.offers.offering import template, written
from tests.rehearsal.house import ADA, House
from tests.web import Browser, browser, words

AT = "/campaigns/rehearsals"


def as_(made: House, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), made.group.database("campaigns"), who, at=made.clock.now())


def test_all_journeys_are_rehearsed_from_the_page_and_reported(a_house: House) -> None:
    page = as_(a_house)
    assert "Not rehearsed yet" in words(page.get(AT)) or "Would be sent" in words(page.get(AT))
    page.post(AT, {"days": "90", "as_booked": "1"})
    assert "Part 1 of 3: who enters and leaves the segments" in words(page.get(AT))
    a_house.settle_rehearsals(a_house.clock.now())
    told = words(page.get(AT))
    assert "Would be sent" in told
    assert "Birthday, a week before" in told
    assert "the guest has not agreed to offers on this channel" in told
    assert "Five guests, step by step" in told
    assert "Would cost" in told and "price not known" in told
    assert "Stays that nobody has booked yet" in told


def test_a_rehearsal_under_way_can_be_cancelled_and_nobody_goes_on_with_it(a_house: House) -> None:
    page = as_(a_house)
    page.get(AT)
    shown = page.post(AT, {"days": "14", "journey": "birthday"}).get_data(as_text=True)
    assert "/cancel" in shown, shown
    id_ = shown.split(f"{AT}/")[1].split("/cancel")[0]
    page.post(f"{AT}/{id_}/cancel", {})
    a_house.settle_rehearsals(a_house.clock.now())
    assert "Cancelled" in words(page.get(f"{AT}?journey=birthday"))


def test_a_draft_is_rehearsed_as_if_it_were_launched_now(a_house: House) -> None:
    page = as_(a_house)
    page.get("/campaigns/journeys")
    like = shipped("birthday")
    page.post("/campaigns/journeys", {"like": "birthday", "key": "second-birthday", "name": "A second birthday"})
    page.post(AT, {"days": "60", "journey": "second-birthday"})
    a_house.settle_rehearsals(a_house.clock.now())
    told = words(page.get(f"{AT}?journey=second-birthday"))
    assert like["entry"]["date"] == "birthday"
    assert "as if this journey were launched now" in told
    assert "A second birthday" in told
    with a_house.group.database("campaigns").transaction() as tx:
        assert tx.execute("select state from journey where key = 'second-birthday'").fetchone() == ("draft",)
        assert tx.execute("select 1 from enrolment where journey = 'second-birthday'").fetchone() is None


def test_a_draft_by_a_birthday_is_rehearsed_before_anything_was_made_for_it(a_house: House) -> None:
    """Whom it lets in is a segment that its launch makes: twenty days ahead nobody needs one here."""
    early = {**shipped("birthday"), "key": "early-birthday", "entry": {"date": "birthday", "offset_days": -20}}
    lines = a_house.rehearsed(a_house.rehearse(60, launches=[Launch("early-birthday", validated(early))]))
    assert [line for line in lines if line["journey"] == "early-birthday"]
    with a_house.group.database("segments").transaction() as tx:
        assert not tx.execute("select 1 from segment where key = 'journeys-birthday-20'").fetchall()


def test_a_message_that_makes_an_offer_is_rehearsed_and_no_code_is_given(a_house: House) -> None:
    """A word for all is given in the copy: its rehearsal stood still for ever."""
    hotel, now = Hotel(a_house.group.database("messaging")), a_house.clock.now()
    with hotel.database.transaction() as tx:
        key = start_offer(tx, OfferKind.WORD, {**written(), "word": "SUNSET"}, by=ADA, at=now)
        go_live(tx, key, by=ADA, at=now)
    template(hotel, key, "with-an-offer", now, subject="Something for you", body=["{{ offer.code }}"])
    steps = [{"key": "offer", "send": {"template": "with-an-offer", "channels": ["email"], "useful_for": {"days": 3}}}]
    giving = {**shipped("birthday"), "key": "giving", "steps": steps}
    lines = a_house.rehearsed(a_house.rehearse(30, launches=[Launch("giving", validated(giving))]))
    assert "sent" in {line["state"] for line in lines if line["journey"] == "giving"}
    with hotel.database.transaction() as tx:
        assert not tx.execute("select 1 from offer_taken").fetchall()


def test_the_calendar_shows_what_is_planned_and_what_was_rehearsed_and_a_day_opens(a_house: House) -> None:
    page = as_(a_house)
    page.get(AT)
    page.post(AT, {"days": "30", "as_booked": "1"})
    a_house.settle_rehearsals(a_house.clock.now())
    shown = page.get("/campaigns/calendar")
    told = words(shown)
    assert "messages that would be sent, by the rehearsal of" in told
    assert "Birthday, a week before" in told
    day = shown.get_data(as_text=True).split("/campaigns/calendar/")[1].split('"')[0]
    by_hour = words(page.get(f"/campaigns/calendar/{day}")).partition("would give way over the cap ")[2]
    assert re.match(r"1\d:00 .* e-mail", by_hour), by_hour
    assert page.get("/campaigns/calendar/someday").status_code == 404
    narrow = words(page.get("/campaigns/calendar?journey=win-back&channel=email"))
    assert told.count("Birthday, a week before") > narrow.count("Birthday, a week before") == 1  # the choice alone
    assert "Nothing of this kind" in words(page.get("/campaigns/calendar?journey=nothing"))


@pytest.mark.parametrize("lunar", [False, True])
def test_a_journey_by_a_date_of_the_houses_own_stands_in_the_calendar(a_house: House, lunar: bool) -> None:
    now = a_house.clock.now()
    key, day = "ancestors" if lunar else "wedding", (now + timedelta(days=20)).date()
    born = next(one for one in days_of_2010() if lunar_md(one) == lunar_md(day)) if lunar else day.replace(year=2010)
    with a_house.group.database("segments").transaction() as tx:
        define(tx, HouseDate(key, key, True, None, lunar), ADA, now)
        guests = [id for (id,) in tx.execute("select id from guest where merged_into is null").fetchall()]
        save_days(tx, [GuestDate(id, key, born, True, now, "Ada") for id in guests])
    entry = {"date": f"own:{key}", "days": -7, "hour": "10:00"}
    wedding = {**shipped("birthday"), "key": key, "name": "Another year together", "entry": entry}
    page = as_(a_house)
    page.get("/campaigns/journeys")
    page.post("/campaigns/journeys", {"like": "birthday", "key": key, "name": "Another year together"})
    a_house.rehearse(30, launches=[Launch(key, validated(wedding))])
    shown = page.get(f"/campaigns/calendar?journey={key}")
    assert "Another year together" in words(shown)
    (opened,) = {part.split('"')[0] for part in shown.text.split('href="/campaigns/calendar/')[1:]}
    assert opened.startswith(str(day - timedelta(days=7))), "a week before, and on no other day"
    assert "10:00" in words(page.get(f"/campaigns/calendar/{opened}"))


def days_of_2010() -> Iterator[date]:
    return (date(2010, 1, 1) + timedelta(days=number) for number in range(365))


def test_the_last_days_are_replayed_from_the_page_which_says_what_cannot_be_known(a_house: House) -> None:
    page = as_(a_house)
    page.get(f"{AT}?back=1")
    page.post(AT, {"days": "14", "back": "1", "journey": "birthday"})
    a_house.settle_rehearsals(a_house.clock.now())
    told = words(page.get(f"{AT}?back=1&journey=birthday"))
    assert "What cannot be known of days that have passed" in told
    assert "Days that have passed" not in words(page.get(f"{AT}?journey=birthday"))


def test_a_journey_that_begins_with_what_guests_do_says_that_nobody_can_know_it(a_house: House) -> None:
    page = as_(a_house)
    page.get("/campaigns/journeys")
    page.post("/campaigns/journeys", {"like": "welcome", "key": "thanks", "name": "Thanks"})
    thanks = {**shipped("welcome"), "key": "thanks", "entry": {"happening": "survey.answered", "score_from": 9}}
    a_house.rehearse(30, journey="thanks", launches=[Launch("thanks", validated(thanks))])
    assert "Nobody can know whom it would reach" in words(page.get(f"{AT}?journey=thanks"))
    a_house.rehearse(30, launches=[Launch("thanks", validated(thanks))])
    told = words(page.get(AT))
    assert "Thanks When a guest answers a survey with 9 to 10 of 10" in told and "Would be sent" in told


def test_who_may_not_configure_sees_no_rehearsal(a_house: House) -> None:
    assert as_(a_house, ANTON).get(AT).status_code == 403
