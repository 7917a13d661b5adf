"""What a message costs: said by the house, taken when a message is claimed, told with what was sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER
from tests.messaging.hotel import MONDAY, Hotel, claim, guest, heard, lisbon, mobile, win_back
from tests.messaging.pages_cast import looking
from tests.web import words

DAY = MONDAY + timedelta(hours=1)
TYPED = {"channel": "sms", "country": "*", "amount": "0.0452", "currency": "EUR", "source": "Agreement of May"}


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), heard(MONDAY), guest(points=[mobile(hotel.keyring, NUMBER)], consents=[claim("sms")]))
    return hotel


def said(hotel: Hotel, **more: str) -> Any:
    page = looking(hotel, MARTA)
    page.get("/messaging/prices")
    return page.post("/messaging/prices", {**TYPED, "stated_on": "2026-05-01", **more}, follow=False)


def costs(hotel: Hotel) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for kind, _, columns in hotel.said():
        if kind == "message.sent.v1":
            found += zip(columns["parts"], columns["cost"], columns["currency"], strict=True)
    return found


def test_a_text_message_costs_its_parts_at_the_price_of_its_country(hotel: Hotel) -> None:
    assert said(hotel).status_code == 303
    assert said(hotel, country="PT", amount="0.03").status_code == 303
    hotel.hears(win_back(channels=["sms"], due_at=DAY, local_time=None))
    hotel.runs(DAY)
    ((parts, cost, currency),) = costs(hotel)
    assert parts >= 1
    assert Decimal(cost) == Decimal("0.03") * parts
    assert currency == "EUR"


def test_without_a_price_nothing_is_said_to_cost_nothing(hotel: Hotel) -> None:
    hotel.hears(win_back(channels=["sms"], due_at=DAY, local_time=None))
    hotel.runs(DAY)
    ((_, cost, currency),) = costs(hotel)
    assert (cost, currency) == (None, None)
    assert "No price is known" in words(looking(hotel, MARTA).get("/messaging/prices"))


def test_a_price_is_changed_and_taken_back_and_whoever_was_slower_is_told(hotel: Hotel) -> None:
    said(hotel)
    text = words(looking(hotel, MARTA).get("/messaging/prices"))
    assert "€0.0452" in text and "Agreement of May" in text
    assert said(hotel, seen="1", amount="").status_code == 303
    assert "not known" in words(looking(hotel, MARTA).get("/messaging/prices"))
    said(hotel, seen="1", amount="9")  # of what a colleague changed meanwhile
    assert "not known" in words(looking(hotel, MARTA).get("/messaging/prices"))


@pytest.mark.parametrize(
    ("wrong", "words_of_it"),
    [
        ({"amount": "NaN"}, "Write the price as 0.045"),
        ({"amount": "-1"}, "Write the price as 0.045"),
        ({"currency": ""}, "Write the currency as EUR"),
        ({"currency": "euro"}, "Write the currency as EUR"),
        ({"country": "XX"}, "Choose a country from the list"),
        ({"source": ""}, "Say whose list or which agreement"),
        ({"stated_on": "soon"}, "Choose the day of the list"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(hotel: Hotel, wrong: dict[str, str], words_of_it: str) -> None:
    answer = said(hotel, **wrong)
    assert answer.status_code == 422
    assert words_of_it in words(answer)
