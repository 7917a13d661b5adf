"""The rules by country on a page: what is shipped, what the house changes, what law and bounds forbid, from when on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.messaging.channels.telephones.hours import hours
from services.messaging.commands.country_rules import house_rules
from services.messaging.rules.house import Cap, HouseRules
from tests.cast import MARTA, Member
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER, reached
from tests.messaging.hotel import MONDAY, Hotel, birthday, claim, guest, heard, lisbon, mobile, win_back
from tests.messaging.pages_cast import looking
from tests.web import words

OPEN = {
    "opens": "10:00", "closes": "17:00", "days": ["1", "2", "3", "4", "5", "6"], "cap_contacts": "2",
    "cap_days": "30", "why": "our guests read late", "seen": "0",
}  # fmt: skip
LATE = MONDAY + timedelta(hours=8)  # seven in the evening in Lisbon


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), heard(MONDAY), guest(points=[mobile(hotel.keyring, NUMBER)], consents=[claim("sms")]))
    return hotel


def change(hotel: Hotel, code: str = "PT", **more: Any) -> Any:
    return posted(hotel, MARTA, f"/messaging/countries/{code}", {**OPEN, **more})


def posted(hotel: Hotel, who: Member, path: str, values: dict[str, Any]) -> Any:
    """As the form on the country's page sends it."""
    page = looking(hotel, who)
    page.get("/messaging/countries/PT")
    return page.post(path, values, follow=False)


def rules(hotel: Hotel) -> HouseRules:
    with hotel.database.transaction() as tx:
        return house_rules(tx, MONDAY)


def test_the_list_names_hours_source_and_date(hotel: Hotel) -> None:
    text = words(looking(hotel, MARTA).get("/messaging/countries"))
    assert "Everywhere else 10:00" in " ".join(text.split()).replace(" –", "").replace("– ", " ")
    assert "47 CFR 64.1200(c)(1)" in text and "Portugal" in text and "France" in text


def test_a_change_counts_from_the_next_claim_on_with_who_and_why(hotel: Hotel) -> None:
    hotel.hears(win_back(channels=["sms"], due_at=LATE, local_time=None))
    assert change(hotel, closes="20:00", is_sure="1").status_code == 303
    hotel.runs(LATE)
    assert hotel.outcomes() == [("sent", None)]
    text = words(looking(hotel, MARTA).get("/messaging/countries/PT"))
    assert "«our guests read late» (Marta Marques" in text
    (said,) = [body for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert (said["action"], said["subject"]) == (["country.changed"], ["country PT"])
    assert said["details"][0]["closes"] == "20:00"


def test_as_shipped_again_is_as_shipped(hotel: Hotel) -> None:
    change(hotel, closes="20:00", is_sure="1")
    assert hours("marketing", "PT", rules(hotel).hours).closes.hour == 20
    assert change(hotel, seen="1").status_code == 303
    assert rules(hotel).hours == {}
    assert hotel.one("select count(*) from country_rule") == 2


@pytest.mark.parametrize(
    ("code", "more", "sentence"),
    [
        ("PT", {"closes": "20:00"}, "Tick below that you are sure"),
        ("PT", {"days": ["1", "7"]}, "Tick below that you are sure"),
        ("PT", {"on_holidays": "1"}, "Tick below that you are sure"),
        ("PT", {"closes": "21:30", "is_sure": "1"}, "No text message goes before 08:00 or after 21:00"),
        ("PT", {"opens": "07:30", "is_sure": "1"}, "No text message goes before 08:00 or after 21:00"),
        ("US", {"closes": "18:00", "on_holidays": "1", "is_sure": "1"}, "The law allows no more than what is shipped"),
        ("US", {"days": ["7"], "on_holidays": "1", "is_sure": "1"}, "The law allows no more than what is shipped"),
        ("PT", {"opens": "17:00", "closes": "10:00"}, "It closes before it opens."),
        ("PT", {"days": []}, "Choose at least one day."),
        ("PT", {"opens": "ten"}, "Write the hour as 09:00."),
        ("PT", {"cap_contacts": "0"}, "A whole number from 1 to 100."),
        ("PT", {"why": ""}, "A few words"),
    ],
)
def test_what_may_not_be_is_refused_at_its_field_and_nothing_changes(
    hotel: Hotel, code: str, more: dict[str, Any], sentence: str
) -> None:
    answer = change(hotel, code, **more)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert hotel.one("select count(*) from country_rule") == 0


def test_the_law_may_be_narrowed(hotel: Hotel) -> None:
    assert change(hotel, "US", opens="11:00", on_holidays="1").status_code == 303
    assert hours("feedback", "US", rules(hotel).hours).opens.hour == 11


def test_two_colleagues_do_not_overwrite_each_other(hotel: Hotel) -> None:
    change(hotel, opens="11:00")
    assert change(hotel, opens="12:00").status_code == 303
    assert hours("marketing", "PT", rules(hotel).hours).opens.hour == 11


def test_a_cap_is_that_of_the_guests_country_else_of_everywhere_else(hotel: Hotel) -> None:
    usual = Cap(2, timedelta(days=30))
    assert change(hotel, cap_contacts="1", cap_days="60").status_code == 303
    assert change(hotel, "other", cap_contacts="4").status_code == 303
    house = rules(hotel)
    assert house.cap_of("PT", usual) == Cap(1, timedelta(days=60))
    assert house.cap_of("FR", usual) == house.cap_of(None, usual) == Cap(4, timedelta(days=30))
    assert house.longest(usual) == timedelta(days=60)


def test_a_cap_of_sixty_days_looks_back_so_far(hotel: Hotel) -> None:
    hotel.hears(reached(hotel, version=2), birthday())
    hotel.runs()
    change(hotel, cap_contacts="1", cap_days="60")
    for days in (59, 60):
        hotel.hears(birthday(plan=days, due_at=MONDAY + timedelta(days=days)))
        hotel.runs(MONDAY + timedelta(days=days))
    assert hotel.outcomes() == [("sent", None), ("skipped", "frequency_cap"), ("sent", None)]


def test_a_day_is_made_a_holiday_and_an_ordinary_one_again(hotel: Hotel) -> None:
    def day(is_holiday: str, day: str = "2016-06-06") -> int:
        data = {"day": day, "is_holiday": is_holiday, "day_why": "the town's own"}
        return int(posted(hotel, MARTA, "/messaging/countries/PT/days", data).status_code)

    assert day("yes") == 303
    hotel.hears(win_back(channels=["sms"]))
    hotel.runs()
    assert hotel.outcomes() == [("held", "quiet_hours")]
    assert day("no") == 303
    assert rules(hotel).days == {("PT", date(2016, 6, 6)): False}
    hotel.hears(win_back(plan=2, channels=["sms"]))
    hotel.runs()
    assert hotel.state_of(win_back(plan=2)) == "sent"
    assert day("no", "2026-12-25") == 303
    assert "Christmas Day an ordinary day here" in words(looking(hotel, MARTA).get("/messaging/countries/PT"))


@pytest.mark.parametrize("code", ["XX", "pt", "*"])
def test_there_is_no_such_country(hotel: Hotel, code: str) -> None:
    assert looking(hotel, MARTA).get(f"/messaging/countries/{code}").status_code == 404


def test_only_who_sees_all_hotels_changes_what_is_every_hotels(hotel: Hotel) -> None:
    page = looking(hotel, MARTA)
    with hotel.database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}', version = 9 where name = %s", [MARTA.name])
    assert "who sees all hotels may change them" in words(page.get("/messaging/countries/PT"))
    page.get("/messaging/stops")  # a page with a form
    for path in ("/messaging/countries/PT", "/messaging/countries/PT/days"):
        assert page.post(path, OPEN).status_code == 403
    assert hotel.one("select count(*) from country_rule") == 0
