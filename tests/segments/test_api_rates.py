"""Rates of exchange for programs: entered once, all or none, of all hotels; stays are converted anew by them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.segments.clock import Conversions
from services.segments.rules.money.rates import rates_in
from shared.database.pool import Database
from shared.errors import InputError
from shared.vocabulary.grant import Grant
from tests.cast import NOW
from tests.programs import Program, fields_of, program
from tests.segments.rows import rows_of
from tests.segments.test_api_guests import client, put, shop

__all__ = ["client", "shop"]
RATES = "/api/rates"


def rate(day: str = "2026-11-01", value: Any = "0.90", base: str = "USD", quote: str = "EUR") -> dict[str, Any]:
    return {"base": base, "quote": quote, "day": day, "rate": value}


def send(shop: Program, *rates: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = shop.ask("PUT", RATES, {"rates": list(rates), **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def planned(database: Database) -> int:
    return int(rows_of(database, "select count(*) from conversion_run")[0][0])


def convert(database: Database) -> None:
    clock = Conversions(database)
    while clock.step(NOW):
        pass


def test_a_rate_is_kept_once_whatever_its_way_round(shop: Program, database: Database) -> None:
    assert send(shop, rate()) == {"given": 1, "changed": 1}
    plans = planned(database)
    assert send(shop, rate()) == send(shop, rate(value="0.900")) == {"given": 1, "changed": 0}
    assert planned(database) == plans  # nothing is converted again for what is known
    turned = rate(value="1.25", base="EUR", quote="USD")
    assert send(shop, rate(), turned, source="ECB") == {"given": 2, "changed": 1}
    (known,) = shop.ask("GET", RATES).get_json()["items"]
    assert (known["base"], known["quote"], known["rate"], known["source"]) == ("EUR", "USD", "1.25", "ECB")


def test_stays_are_converted_anew_and_back(shop: Program, database: Database) -> None:
    put(shop, revenue="100.00", currency="USD")
    convert(database)
    amount = "select amount from stay"
    assert rows_of(database, amount) == [(None,)]
    send(shop, rate())
    convert(database)
    assert rows_of(database, amount) == [(Decimal("90.00"),)]
    assert shop.ask("DELETE", f"{RATES}/USD/EUR/2026-11-01").status_code == 204
    assert shop.ask("DELETE", f"{RATES}/USD/EUR/2026-11-01").status_code == 404
    convert(database)
    assert rows_of(database, amount) == [(None,)]


def test_one_that_is_none_keeps_all_away_and_each_names_its_field(shop: Program, database: Database) -> None:
    wrong = [rate(value="0"), rate(day="soon"), rate(base="EUR"), rate(quote="euro"), rate(value="a lot"), rate()]
    assert fields_of(shop.ask("PUT", RATES, {"rates": wrong})) == {
        "/rates/0/rate", "/rates/1/day", "/rates/3/quote", "/rates/4/rate"
    }  # fmt: skip
    assert fields_of(shop.ask("PUT", RATES, {"rates": [rate(), rate(base="EUR")]})) == {"/rates/1/quote"}
    assert fields_of(shop.ask("PUT", RATES, {"rates": []})) == {"/rates"}
    assert fields_of(shop.ask("DELETE", f"{RATES}/USD/EUR/soon")) == {"/day"}
    assert rows_of(database, "select * from exchange_rate") == []


def test_pages_go_by_day_and_may_be_narrowed(shop: Program) -> None:
    send(shop, *(rate(f"2026-11-{day:02}") for day in range(1, 8)), rate(base="GBP"), source="ECB")
    seen, page = list[tuple[str, str]](), shop.ask("GET", f"{RATES}?limit=3").get_json()
    while True:
        seen += [(one["day"], one["base"]) for one in page["items"]]
        if page["next"] is None:
            break
        page = shop.ask("GET", f"{RATES}?limit=3&cursor={page['next']}").get_json()
    days = [day for day, _ in seen]
    assert len(seen) == len(set(seen)) == 8 and days == sorted(days, reverse=True)
    assert len(shop.ask("GET", f"{RATES}?base=GBP").get_json()["items"]) == 1
    assert len(shop.ask("GET", f"{RATES}?since=2026-11-06").get_json()["items"]) == 2
    assert fields_of(shop.ask("GET", f"{RATES}?cursor=eHg&limit=0")) == {"limit"}
    assert fields_of(shop.ask("GET", f"{RATES}?cursor=eHg")) == {"cursor"}


def test_rates_are_for_keys_of_all_hotels_that_grant_them(database: Database, client: FlaskClient) -> None:
    lisbon = program(database, client, hotel="LIS")
    assert lisbon.ask("GET", RATES).status_code == 200
    for method, path in (("PUT", RATES), ("DELETE", f"{RATES}/USD/EUR/2026-11-01")):
        refused = lisbon.ask(method, path, {"rates": [rate()]})
        assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (403, "key")
        assert program(database, client, Grant.RATES_READ).ask(method, path, {"rates": [rate()]}).status_code == 403
    assert program(database, client, Grant.GUESTS_READ).ask("GET", RATES).status_code == 403


def test_each_bad_line_of_a_file_is_named_by_its_number() -> None:
    lines = ("EUR,USD,2016-03-01,0", "EUR,USD,2016-03-02,1.1", "EUR,USD,2016-03-03", "EUR,XXQ,2016-03-04,2")
    text = "\n".join(("from,to,date,rate", "", *lines))
    with pytest.raises(InputError) as error:
        rates_in(text, "file")
    assert set(error.value.problems) == {"3", "5", "6"}
    with pytest.raises(InputError) as error:
        rates_in("Date,USD,BLA\n2016-03-01,1.1,2\n", "ecb")
    assert set(error.value.problems) == {"1"}
    ecb = rates_in("Date,USD,JPY,\n2016-03-01,1.1,N/A,\n", "ecb")
    assert [(one.quote, one.day, one.rate) for one in ecb] == [("USD", date(2016, 3, 1), Decimal("1.1"))]
