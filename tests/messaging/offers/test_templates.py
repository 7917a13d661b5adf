"""A text that names an offer may say what others may not, and only such a text reads an offer's values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.messaging.commands.templates.publish import publish_template
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.library.offers import day_in_words, worth_in_words
from services.messaging.rules.offers.offer import Worth
from services.messaging.rules.offers.pace import Stock
from shared.errors import InputError, Problem
from shared.vocabulary.offer import WorthKind
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel
from tests.messaging.offers.offering import offer
from tests.messaging.words import document


def problems(text: dict[str, Any]) -> dict[str, str]:
    try:
        check(read_template(text, version=1))
    except InputError as error:
        return {place: one.code for place, one in error.problems.items() if isinstance(one, Problem)}
    return {}


@pytest.mark.parametrize("subject", ["15 % off", "20 € for you", "Until 31.12.", "满100元减20元"])
def test_a_price_or_a_date_in_a_subject_is_allowed_where_an_offer_is_named_and_nowhere_else(subject: str) -> None:
    assert problems({**document(subject=subject), "offer": "winter"}) == {}
    assert set(problems(document(subject=subject)).values()) <= {"price", "date"} != set()
    assert problems(document(subject=subject)) != {}


def test_values_of_an_offer_need_one() -> None:
    text = document(body=["{{ offer.code }} {{ offer.worth }}", {"button": {"label": "See", "link": "links.offer"}}])
    assert set(problems(text).values()) == {"no_offer"}
    assert problems({**text, "offer": "winter"}) == {}


def test_a_question_about_a_stay_names_no_offer() -> None:
    text = {**document(), "purpose": "feedback", "offer": "winter"}
    assert set(problems(text).values()) == {"offer"}


def test_a_text_is_published_with_a_live_offer_only(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    for name, is_there in (("winter", False), ("winter", True)):
        if is_there:
            offer(hotel)
        with hotel.database.transaction() as tx:
            if is_there:
                assert publish_template(tx, {**document(), "offer": name}, at=MONDAY, by="Mira").offer == name
            else:
                with pytest.raises(InputError) as refused:
                    publish_template(tx, {**document(), "offer": name}, at=MONDAY, by="Mira")
                assert list(refused.value.problems) == ["/offer"]


@pytest.mark.parametrize(
    ("worth", "language", "words"),
    [
        (Worth(kind=WorthKind.PERCENT, number=Decimal(15)), "en", "15%"),
        (Worth(kind=WorthKind.PERCENT, number=Decimal("12.5")), "de", "12,5\xa0%"),
        (Worth(kind=WorthKind.AMOUNT, number=Decimal(20), currency="EUR"), "en", "€20"),
        (Worth(kind=WorthKind.AMOUNT, number=Decimal("20.5"), currency="EUR"), "de", "20,50\xa0€"),
        (Worth(kind=WorthKind.AMOUNT, number=Decimal(100), currency="CNY"), "zh-Hans", "¥100"),
        (Worth(kind=WorthKind.AMOUNT, number=Decimal(1500), currency="JPY"), "ja", "￥1,500"),
        (Worth(kind=WorthKind.GIFT, gift={"en": "breakfast", "pt": "pequeno-almoço"}), "pt-BR", "pequeno-almoço"),
    ],
)
def test_what_an_offer_is_worth_reads_as_its_language_writes_it(worth: Worth, language: str, words: str) -> None:
    assert worth_in_words(worth, language) == words


def test_a_last_day_reads_as_its_language_writes_it() -> None:
    day = date(2026, 12, 31)
    assert [day_in_words(day, tag) for tag in ("en", "de", "zh-Hans")] == [
        "December 31, 2026",
        "31. Dezember 2026",
        "2026年12月31日",
    ]


@pytest.mark.parametrize(
    ("left", "lately", "days", "is_low"),
    [(312, 240, 9, True), (0, 0, None, True), (5, 0, None, False), (100, 50, 14, False), (99, 50, 13, True)],
)
def test_codes_last_for_as_many_days_as_the_pace_of_late_says(
    left: int, lately: int, days: int | None, is_low: bool
) -> None:
    assert (Stock(left, lately).days, Stock(left, lately).is_low) == (days, is_low)
