"""The house's own dates in texts: a guest's wedding day, the end of their membership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.messaging.commands.templates.publish import publish_template
from services.messaging.config import Config
from services.messaging.library.checks import check
from services.messaging.library.documents import read_template
from services.messaging.queries.templates.audience import audience
from services.messaging.service import SERVICE
from services.messaging.wording.lunar_days import lunar_day_in_words
from services.messaging.wording.own_dates import days_in_words, key_of, value_of
from shared.access.scope import EVERYWHERE
from shared.errors import InputError, Problem
from shared.events.dictionary import chunk_of
from shared.events.segments.guests import OwnDate
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.web.config import WebConfig
from tests.cast import ANA, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, birthday, email, guest, lisbon
from tests.messaging.neighbour import Neighbour, neighbouring
from tests.messaging.pages_cast import house
from tests.messaging.test_pages_templates import PAGE, write
from tests.messaging.words import document
from tests.web import Browser, browser, words

WEDDING = OwnDate(key="wedding-day", day=date(2010, 6, 14), yearly=True)
JUBILEE = OwnDate(key="jubilee", day=date(2013, 9, 19), yearly=True, lunar="08-15")
ENDS = OwnDate(key="membership-ends", day=date(2026, 12, 31), yearly=False)
THERE = [{"key": "wedding-day", "name": "Wedding day"}, {"key": "2nd-home", "name": "Second home"}]


@pytest.mark.parametrize(
    ("language", "wedding", "ends"),
    [
        ("en", "14 June", "31 December 2026"),
        ("de", "14. Juni", "31. Dezember 2026"),
        ("pt", "14 de junho", "31 de dezembro de 2026"),
        ("zh-Hans", "6月14日", "2026年12月31日"),
    ],
)
def test_a_day_is_said_as_the_language_writes_it_and_of_one_of_every_year_without_the_year(
    language: str, wedding: str, ends: str
) -> None:
    said = days_in_words({"wedding-day": "--06-14", "membership-ends": "2026-12-31", "leap": "--02-29"}, language)
    assert (said["wedding_day"], said["membership_ends"]) == (wedding, ends) and said["leap"]


@pytest.mark.parametrize(
    ("language", "mid_autumn", "eve"),
    [
        ("en", "day 15 of lunar month 8", "day 30 of lunar month 12"),
        ("zh-Hans", "农历八月十五", "农历十二月三十"),
        ("zh-TW", "農曆八月十五", "農曆十二月三十"),
        ("fr", "jour 15 du 8e mois lunaire", "jour 30 du 12e mois lunaire"),
        ("pt-BR", "dia 15 do 8.º mês lunar", "dia 30 do 12.º mês lunar"),
        ("sv", "day 15 of lunar month 8", "day 30 of lunar month 12"),
    ],
)
def test_a_day_of_the_lunar_calendar_is_said_by_it(language: str, mid_autumn: str, eve: str) -> None:
    said = days_in_words({"jubilee": "lunar--08-15", "eve": "lunar--12-30"}, language)
    assert (said["jubilee"], said["eve"]) == (mid_autumn, eve)


def test_chinese_has_a_numeral_for_each_day_of_a_lunar_month() -> None:
    said = [lunar_day_in_words(1, day, "zh") for day in range(1, 31)]
    assert {len(one) for one in said} == {6} and len(set(said)) == 30
    days = [said[day - 1][4:] for day in (1, 10, 11, 20, 21, 29, 30)]
    assert days == ["初一", "初十", "十一", "二十", "廿一", "廿九", "三十"]


@pytest.mark.parametrize("key", ["wedding", "wedding-day", "2nd-home", "d-2nd-home", "d2", "7"])
def test_a_date_is_known_by_what_a_text_reads_of_it(key: str) -> None:
    written = document(body=["{{ guest.greeting }}, {{ " + value_of(key) + " }}"])
    check(read_template(written, version=1))
    assert key_of(value_of(key)) == key
    for other in ("own_date.", "own_date.A", "own_date.a__b", "own_date.a_", "guest.name", "own_date.d__a"):
        assert key_of(other) is None


@pytest.mark.parametrize(
    ("mail", "dates", "code"),
    [
        ({"subject": "{{ own_date.wedding_day }}"}, None, "telling"),
        ({"body": ["{{ guest.greeting }} {{ own_date.wedding_day }}"]}, ["membership-ends"], "no_value"),
        ({"body": ["{{ guest.greeting }} {{ own_date.Wedding }}"]}, None, "no_value"),
        ({"body": ["{{ guest.greeting }} {{ own_date.wedding_day }}"]}, ["wedding-day"], ""),
    ],
)
def test_a_day_stands_in_no_subject_and_a_date_that_is_not_there_in_no_text(
    mail: dict[str, Any], dates: list[str] | None, code: str
) -> None:
    template = read_template(document(**mail), version=1)
    if not code:
        check(template, dates=dates)
        return
    with pytest.raises(InputError) as refused:
        check(template, dates=dates)
    assert [one.code for one in refused.value.problems.values() if isinstance(one, Problem)] == [code]


def test_a_guests_day_stands_in_their_mail_and_who_has_none_gets_the_words_or_no_mail(
    make_database: MakeDatabase,
) -> None:
    hotel = Hotel(make_database("messaging"), provider := Provider())
    say = "Until {{ own_date.membership_ends }}. {{ own_date.wedding_day | default('that day') }} is yours."
    with hotel.database.transaction() as tx:
        publish_template(tx, {**document(body=["{{ guest.greeting }}", say]), "key": "birthday"}, at=MONDAY, by="Marta")
    points = [email(hotel.keyring, "ana@example.com")]
    hotel.hears(lisbon(), guest(points=points, own_dates=[WEDDING]), birthday(property="LIS"))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "missing_value")]
    hotel.hear_at(MONDAY, chunk_of([guest(points=points, own_dates=[ENDS, JUBILEE, WEDDING])], republished=True))
    hotel.hears(birthday(property="LIS", plan=2))
    hotel.runs()
    assert "Until 31 December 2026. 14 June is yours." in provider.taken[0].text
    kept = {"membership-ends": "2026-12-31", "wedding-day": "--06-14", "jubilee": "lunar--08-15"}
    assert hotel.one("select own_dates from recipient") == kept
    hotel.hears(guest(points=points, version=2, own_dates=[ENDS]))
    hotel.hears(guest(points=points, own_dates=[WEDDING]), birthday(property="LIS", plan=3))  # late: an older version
    hotel.runs()
    assert "Until 31 December 2026. that day is yours." in provider.taken[1].text
    hotel.hears(guest(points=points, version=3))
    assert hotel.one("select own_dates from recipient") is None


def test_who_lacks_a_day_is_counted_of_each_purpose(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    hotel.hears(guest(ANA, version=2, points=[email(hotel.keyring, "ana@example.com")], own_dates=[WEDDING]))
    asked = [value_of("wedding-day"), value_of("2nd-home")]
    with hotel.database.transaction() as tx:
        for purpose in Purpose:
            audience(tx, purpose, Channel.EMAIL, asked, NOW.date(), EVERYWHERE)
        found = audience(tx, Purpose.MARKETING, Channel.EMAIL, asked, NOW.date(), EVERYWHERE)
    assert found.guests == Counter(en=2)
    assert found.lacking == {asked[0]: Counter(en=1), asked[1]: Counter(en=2)}


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with neighbouring() as found:
        found.answers = {"/segments/segments/choices": {"segments": [], "dates": THERE}}
        yield found


@pytest.fixture
def marta(make_database: MakeDatabase, neighbour: Neighbour) -> Browser:
    hotel = house(make_database("messaging"))
    hotel.hears(guest(ANA, version=2, points=[email(hotel.keyring, "ana@example.com")], own_dates=[WEDDING]))
    return browser(SERVICE.build_web, Config(), hotel.database, MARTA, web=WebConfig(gateway=neighbour.origin))


def test_the_menu_offers_the_dates_by_name_with_words_for_who_has_none(marta: Browser) -> None:
    page = marta.get(f"{PAGE}/edit?language=en").text
    assert "the guest&#39;s day «Wedding day»" in page and "the guest&#39;s day «Second home»" in page
    assert "{{ own_date.wedding_day | default(&#34;that day&#34;) }}" in page
    assert "{{ own_date.d__2nd_home | default(&#34;that day&#34;) }}" in page
    write(marta, body="{{ guest.greeting }}, {{ own_date.wedding_day }}")
    assert "14 June" in words(marta.get(f"{PAGE}/preview?draft=1&language=en"))
    assert "14 June" in words(marta.get(f"{PAGE}/preview?draft=1&language=en&guest={ANA}"))


def test_publishing_says_of_how_many_the_day_is_missing_and_refuses_a_date_that_is_not_there(
    marta: Browser, neighbour: Neighbour
) -> None:
    told = write(marta, body="{{ guest.greeting }}, {{ own_date.name_day }}", then="publish")
    assert "There is no value «own_date.name_day»" in told
    body = "{{ guest.greeting }}, {{ own_date.wedding_day | default('that day') }}"
    missing = "English, E-mail: the guest's day «Wedding day» is missing for 1 of 2; they read «that day»."
    write(marta, version=2, body=body)
    assert missing in words(marta.get(f"{PAGE}/audience"))
    assert missing in write(marta, version=3, body=body, then="publish")
    neighbour.answers = {}  # its own service does not answer: the date is called by its key
    assert "the guest's day «wedding-day» is missing for 1 of 2" in words(marta.get(f"{PAGE}/audience"))
