"""The page of currencies and rates, and where money is shown: never without its currency."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from services.segments.commands.money.rates import enter_rates
from services.segments.config import Config
from services.segments.service import SERVICE
from shared.database.pool import Database
from tests.cast import ADA, DINA, FILIPA, MARTA, NOW, Member
from tests.segments.rows import rows_of
from tests.segments.test_currencies import bring, rate, stayed, work_off
from tests.web import Browser, browser, words

MONEY = "/segments/money"


def at_desk(database: Database, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who)


def test_the_page_says_each_hotels_currency_how_it_is_known_and_what_is_not_counted(database: Database) -> None:
    bring(
        database, *(stayed(n, "LIS", "100", "USD", date(2016, 3, n)) for n in (1, 2, 3)), stayed(4, "SHA", "9", "CNY")
    )
    text = words(at_desk(database, ADA).get(MONEY))
    assert "EUR Euro not chosen: what its country pays in" in text
    assert "3 stays in USD at Casa do Tejo Lisboa are not counted: no rate to EUR." in text
    assert "1 stay in CNY at Riverside House Shanghai is not counted over all hotels: no rate to EUR." in text


def test_an_administrator_enters_a_rate_and_takes_it_back(database: Database) -> None:
    bring(database, stayed(1, "LIS", "110", "USD"))
    ada = at_desk(database, ADA)
    ada.get(MONEY)
    given = {"base": "EUR", "quote": "USD", "day": "2016-03-01", "rate": "1,1", "source": "ECB"}
    text = words(ada.post(f"{MONEY}/rates", given))
    assert "Amounts are being converted anew: 1 stay to go." in text
    assert "1 EUR in USD 1.10 ECB Ada Azevedo" in text
    work_off(database)
    assert rows_of(database, "select amount from stay") == [(100,)]
    assert "is not counted" not in words(ada.get(MONEY))
    ada.post(f"{MONEY}/rates/EUR/USD/2016-03-01/discard", {})
    work_off(database)
    assert rows_of(database, "select amount from stay") == [(None,)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate": "0"}, "A number above nothing is needed"),
        ({"rate": "much"}, "A number above nothing is needed"),
        ({"quote": "EUR"}, "Choose another currency than the first."),
        ({"base": ""}, "Choose a currency."),
        ({"day": "soon"}, "A day is needed"),
    ],
)
def test_what_makes_no_rate_is_said_at_its_field(database: Database, wrong: dict[str, str], said: str) -> None:
    given = {"base": "EUR", "quote": "USD", "day": "2016-03-01", "rate": "1.1", "source": ""}
    ada = at_desk(database, ADA)
    ada.get(MONEY)
    answer = ada.post(f"{MONEY}/rates", {**given, **wrong})
    assert answer.status_code == 422
    assert said in words(answer)
    assert rows_of(database, "select * from exchange_rate") == []


def test_rates_are_imported_from_a_file_whole_or_not_at_all(database: Database) -> None:
    ada = at_desk(database, ADA)

    def bring_file(text: str) -> str:
        ada.get(MONEY)
        return words(ada.post(f"{MONEY}/rates/file", {"file": (BytesIO(text.encode()), "ecb.csv")}))

    assert "2: A number above nothing is needed" in bring_file("from,to,date,rate\nEUR,USD,2016-03-01,0\n")
    assert "3: The day or the number cannot be read." in bring_file("Date,USD\n2016-03-02,1.1\nsoon,1.2\n")
    assert rows_of(database, "select * from exchange_rate") == []
    bring_file("Date,USD,JPY\n2016-03-01,1.1,N/A\n2016-03-02,1.2,120\n")
    assert rows_of(database, "select count(*), min(source) from exchange_rate") == [(3, "ecb.csv")]


def test_only_who_administers_all_hotels_changes_rates(database: Database) -> None:
    given = {"base": "EUR", "quote": "USD", "day": "2016-03-01", "rate": "1.1", "source": ""}
    marta = at_desk(database, MARTA)
    assert marta.get(MONEY).status_code == 200
    assert marta.post(f"{MONEY}/rates", given).status_code == 403
    assert [at_desk(database, who).get(MONEY).status_code for who in (DINA, FILIPA)] == [403, 403]


def test_the_reporting_currency_is_chosen(database: Database) -> None:
    ada = at_desk(database, ADA)
    assert "not chosen: that of most hotels" in words(ada.get(MONEY))
    chosen = words(ada.post(f"{MONEY}/reporting", {"currency": "CNY"}))
    assert "Figures over all hotels are now in Chinese Yuan." in chosen
    assert ada.post(f"{MONEY}/reporting", {"currency": "Taler"}).status_code == 422


def test_a_guests_page_adds_by_the_hotels_currency_and_says_what_is_left_out(database: Database) -> None:
    bring(
        database,
        stayed(1, "LIS", "1300", "EUR"),
        stayed(2, "LIS", "110", "USD", date(2016, 2, 1)),
        stayed(3, "SHA", "7800", None, date(2016, 4, 1)),
    )
    ((guest,),) = rows_of(database, "select distinct guest_id from stay")
    marta = at_desk(database, MARTA)
    text = words(marta.get(f"/segments/guests/{guest}"))
    assert "CN¥7,800.00" in text and "€1,300.00" in text
    assert "1 stay in USD is not counted: no rate." in text
    with database.transaction() as tx:
        enter_rates(tx, [rate("EUR", "USD", date(2016, 1, 1), "1.1")], NOW, "Ada Azevedo")
    work_off(database)
    text = words(marta.get(f"/segments/guests/{guest}"))
    assert "€1,400.00" in text and "$110.00 (€100.00)" in text


def test_a_rule_names_the_currency_of_its_amount(database: Database) -> None:
    bring(database, stayed(1, "LIS", "110", "USD"))
    marta = at_desk(database, MARTA)
    marta.get("/segments/segments/new")
    leaf = {"r:group": "all", "r.0:fact": "spend", "r.0:was": "spend", "r.0:op": "at_least", "r.0:value": "500"}
    answer = marta.post("/segments/segments/draft", {**leaf, "name": "Big", "version": "0"})
    assert "who have spent at least €500.00" in words(answer)
    assert "1 stay in USD at Casa do Tejo Lisboa is not counted: no rate to EUR." in words(answer)
    there = marta.post("/segments/segments/draft", {**leaf, "r.0:property": "SHA", "name": "Big", "version": "0"})
    assert "at least CN¥500.00" in words(there)
