"""The hotels, and the audit trail of what was done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.console.commands.record_audit import record_audit
from shared.ids import make_id
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house
from tests.web import words

ALGARVE = {
    "code": "ALG",
    "name": "Casa do Mar Algarve",
    "zone": "Europe/Lisbon",
    "country": "PT",
    "legal_entity": "Casa do Tejo Hotels",
    "postal_address": "Praia 1, Lagos",
    "contact": "hello@alg.example.com",
    "told_of_survey": "1",
    "survey_threshold": "7",
}


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def test_a_hotel_is_entered_changed_and_said_to_all(house: House) -> None:
    ada = house.signed_in()
    assert "Casa do Mar Algarve is saved." in words(ada.post("/properties", ALGARVE))
    assert 'value="Europe/Lisbon"' in ada.get("/properties/ALG").get_data(as_text=True)
    unticked = {name: value for name, value in ALGARVE.items() if name != "told_of_survey"}
    ada.post("/properties/ALG", {**unticked, "version": 1, "code": "EVIL"})
    said = [chunk for chunk in house.said("property.changed.v1") if chunk["code"] == ["ALG"]]
    assert [(one["version"], one["told_of_survey"], one["survey_threshold"]) for one in said] == [
        ([1], [True], [7]),
        ([2], [False], [7]),
    ]
    assert "no survey is sent" in words(ada.get("/properties"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "Lisbon"}, "A time zone such as Europe/Lisbon is needed."),
        ({"country": "Portugal"}, "Two capital letters such as PT are needed."),
        ({"survey_threshold": "11"}, "A score from 0 to 10 is needed."),
        ({"survey_threshold": "six"}, "A score from 0 to 10 is needed."),
        ({"code": "a/b"}, "as your hotel system writes it."),
        ({"code": "LIS"}, "There is a hotel with this code already."),
        ({"postal_address": " "}, "This is needed."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_rest_is_kept(
    house: House, wrong: dict[str, str], says: str
) -> None:
    answer = house.signed_in().post("/properties", {**ALGARVE, **wrong})
    assert answer.status_code == 422 and says in words(answer)
    assert 'value="hello@alg.example.com"' in answer.get_data(as_text=True)
    assert len(house.said("property.changed.v1")) == 2  # of the house as it was


def test_a_stale_hotel_is_not_written_over(house: House) -> None:
    ada = house.signed_in()
    ada.post("/properties", ALGARVE)
    ada.post("/properties/ALG", {**ALGARVE, "name": "Casa do Mar", "version": 1})
    stale = ada.post("/properties/ALG", {**ALGARVE, "name": "Casa da Praia", "version": 1})
    assert stale.status_code == 409
    assert "Casa do Mar" in words(ada.get("/properties"))
    assert ada.get("/properties/XXX").status_code == 404


def test_the_trail_is_filtered_by_who_what_to_what_and_the_day_where_the_reader_is(house: House) -> None:
    guest = make_id("guest", 1)
    with house.database.transaction() as tx:
        late = NOW.replace(month=11, day=19, hour=23, minute=30)  # the 20th in Shanghai
        record_audit(tx, "Marta Marques", "guest.viewed", f"guest {guest}", {"page": "guest"}, late)
        record_audit(tx, "Dina Duarte", "case.noted", "case 7", {"guest": str(guest)}, NOW)
    ada = house.signed_in()
    page = ada.get(f"/audit?subject={guest}")
    assert (
        f"Marta Marques viewed the guest Guest {str(guest)[:8]} page: guest" in words(page)
        and "Dina" not in words(page).split("Details")[1]
    )
    assert f'href="/segments/guests/{guest}"' in page.get_data(as_text=True)
    assert "Dina Duarte wrote a note Case 7 Guest" in words(ada.get("/audit?actor=Dina+Duarte"))
    assert "Marta" not in words(ada.get("/audit?action=case.noted")).split("Details")[1]
    assert "viewed" in words(ada.get("/audit?day=2026-11-20&hotel=SHA")).split("Details")[1]
    assert "No entry matches this." in words(ada.get("/audit?day=2026-11-20&hotel=LIS"))
    wrong = ada.get("/audit?day=yesterday")
    assert wrong.status_code == 422 and "A day is needed" in words(wrong)


def test_a_long_trail_is_turned_page_by_page_without_missing_or_repeating(house: House) -> None:
    with house.database.transaction() as tx:
        for number in range(230):  # several in one instant
            record_audit(tx, "Eva", "case.noted", f"case {number:03}", {}, NOW - timedelta(minutes=number // 7))
    ada, path, seen = house.signed_in(), "/audit?actor=Eva", []
    while path:
        page = ada.get(path).get_data(as_text=True)
        seen += [part[:3] for part in page.split("/feedback/cases/")[1:]]
        path = page.split('<a href="/audit?')[-1].split('"')[0].replace("&amp;", "&") if ">Next<" in page else ""
        path = f"/audit?{path}" if path else ""
    assert sorted(seen) == [f"{number:03}" for number in range(230)]
