"""Money is never added across currencies: a group of two, rates by day, changed and missing ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.segments.clock import Conversions
from services.segments.commands.evaluation.snapshot import take_snapshot
from services.segments.commands.money.currencies import choose_reporting_currency
from services.segments.commands.money.rates import enter_rates, take_rate_back
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.rules.money.rates import Rate, rates_in
from services.segments.rules.reservations import Reservation
from services.segments.store.guests.guests import await_turn
from services.segments.store.money.conversions import convert
from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Database
from shared.errors import InputError
from shared.events import chunk_of
from shared.events.console import PropertyChanged
from shared.vocabulary.currency import decimals_of
from shared.vocabulary.stay import StayStatus
from tests.harness import ServiceHarness
from tests.loopback import PATIENCE
from tests.segments.rows import row, rows_of

AT = datetime(2016, 6, 1, 9, tzinfo=UTC)
HISTORY = EntryOptions(booking_only=False, initial=True, lane=None)
ANA = {"name": "Ana Abreu", "email": "ana@example.com"}


def stayed(
    number: int, house: str, revenue: str, currency: str | None, arrival: date = date(2016, 3, 10), **who: Any
) -> Reservation:
    return row(
        number, property=house, revenue=Decimal(revenue), currency=currency, booked_on=date(2016, 1, 1),
        arrival=arrival, departure=arrival + timedelta(days=2), status=StayStatus.CHECKED_OUT,
        status_date=arrival + timedelta(days=2),
        **(who or ANA),
    )  # fmt: skip


def bring(database: Database, *rows: Reservation) -> None:
    with database.transaction() as tx:
        enter(tx, rows, AT, HISTORY)


def rate(base: str, quote: str, day: date, value: str) -> Rate:
    return Rate(base, quote, day, Decimal(value), "the house")


def say(database: Database, *rates: Rate) -> None:
    with database.transaction() as tx:
        enter_rates(tx, rates, AT, "Ada Azevedo")
    work_off(database)


def work_off(database: Database) -> None:
    clock = Conversions(database)
    while clock.next_due():
        clock.step(AT)


def amounts(database: Database) -> list[tuple[Any, ...]]:
    return rows_of(database, "select property, amount, reported from stay order by reservation")


def facts(database: Database) -> list[tuple[Any, ...]]:
    return rows_of(database, "select spend, mean_spend, last_property from guest_facts")


def members(database: Database, key: str) -> int:
    (found,) = rows_of(
        database,
        f"select count(*) from membership m join segment s on s.number = any(m.segments) where s.key = '{key}'",
    )
    return int(found[0])


def test_yuan_and_euros_are_not_added(segments: Database) -> None:
    bring(segments, stayed(1, "LIS", "300", "EUR"), stayed(2, "SHA", "7800", "CNY", date(2016, 4, 1)))
    assert amounts(segments) == [("LIS", 300, 300), ("SHA", 7800, None)]
    assert facts(segments) == [(300, 7800, "SHA")]
    say(segments, rate("EUR", "CNY", date(2016, 1, 1), "7.8"))
    assert amounts(segments)[1] == ("SHA", 7800, 1000)
    assert facts(segments) == [(1300, 7800, "SHA")]


def test_a_rule_of_one_hotel_is_in_its_currency_and_any_other_in_the_reporting_currency(segments: Database) -> None:
    bring(segments, stayed(1, "LIS", "300", "EUR"), stayed(2, "SHA", "7800", "CNY", date(2016, 4, 1)))
    here: dict[str, Any] = {"fact": "spend", "op": "at_least", "value": 7000, "where": {"property": ["SHA"]}}
    with segments.transaction() as tx:
        save_segment(tx, "here", "Here", here, AT)
        save_segment(tx, "all", "All", {"fact": "spend", "op": "at_least", "value": 1300}, AT)
        save_segment(tx, "two", "Two", {**here, "value": 1300, "where": {"property": ["LIS", "SHA"]}}, AT)
        use_segment(tx, "all", AT)
    bring(segments, stayed(3, "LIS", "0", "EUR", date(2016, 2, 1)))
    assert [members(segments, key) for key in ("here", "all", "two")] == [1, 0, 0]
    say(segments, rate("EUR", "CNY", date(2016, 1, 1), "7.8"))
    assert [members(segments, key) for key in ("here", "all", "two")] == [1, 1, 1]
    logged = rows_of(segments, "select entered from membership_change where not initial")
    assert logged == [], "a rate is nothing that happened to a guest: it begins no journey"


def test_a_stay_is_converted_by_the_latest_rate_on_or_before_its_arrival(segments: Database) -> None:
    bring(
        segments,
        stayed(1, "LIS", "110", "USD", date(2016, 3, 9)),
        stayed(2, "LIS", "110", "USD", date(2016, 3, 10)),
        stayed(3, "LIS", "110", "USD", date(2016, 4, 1)),
    )
    say(segments, rate("EUR", "USD", date(2016, 3, 10), "1.1"), rate("USD", "EUR", date(2016, 3, 31), "0.5"))
    assert [amount for _, amount, _ in amounts(segments)] == [None, 100, 55]


def test_a_changed_rate_touches_the_stays_from_its_day_on_and_nobody_else(segments: Database) -> None:
    ben, eva = {"name": "Ben Bauer", "email": "ben@example.com"}, {"name": "Eva Engel", "email": "eva@example.com"}
    bring(
        segments,
        stayed(1, "LIS", "110", "USD", date(2016, 3, 10)),
        stayed(2, "LIS", "110", "USD", date(2016, 4, 10), **ben),
        stayed(3, "LIS", "110", "EUR", date(2016, 4, 10), **eva),
    )
    say(segments, rate("EUR", "USD", date(2016, 3, 1), "1.1"), rate("EUR", "USD", date(2016, 4, 1), "1.1"))
    before = rows_of(segments, "select reservation, xmin::text, amount from stay order by 1")
    known = rows_of(segments, "select spend, xmin::text from guest_facts order by last_reservation")
    say(segments, rate("EUR", "USD", date(2016, 4, 1), "1"))
    after = rows_of(segments, "select reservation, xmin::text, amount from stay order by 1")
    assert [new == old for new, old in zip(after, before, strict=True)] == [True, False, True]
    assert after[1][2] == 110
    facts_now = rows_of(segments, "select spend, xmin::text from guest_facts order by last_reservation")
    assert [new == old for new, old in zip(facts_now, known, strict=True)] == [True, False, True]


def test_the_same_rate_again_plans_nothing_and_a_rate_taken_back_leaves_the_amount_out(segments: Database) -> None:
    bring(segments, stayed(1, "LIS", "110", "USD"))
    dollars = rate("EUR", "USD", date(2016, 3, 1), "1.1")
    say(segments, dollars)
    with segments.transaction() as tx:
        assert enter_rates(tx, [dollars], AT, "Ada Azevedo") == 0
    assert rows_of(segments, "select * from conversion_run") == []
    with segments.transaction() as tx:
        assert take_rate_back(tx, dollars, "Ada", AT)
        assert not take_rate_back(tx, dollars, "Ada", AT)
    work_off(segments)
    assert amounts(segments) == [("LIS", None, None)]
    assert facts(segments) == [(0, None, "LIS")]


def test_a_pair_turned_round_replaces_the_rate_of_that_day(segments: Database) -> None:
    bring(segments, stayed(1, "LIS", "100", "USD"))
    say(segments, rate("EUR", "USD", date(2016, 3, 1), "1.25"))
    say(segments, rate("USD", "EUR", date(2016, 3, 1), "0.5"))
    assert amounts(segments) == [("LIS", 50, 50)]
    assert rows_of(segments, "select base, quote from exchange_rate") == [("USD", "EUR")]


def test_two_rates_for_one_euro_convert_dollars_to_yuan(segments: Database) -> None:
    bring(segments, stayed(1, "SHA", "110", "USD"))
    say(segments, rate("EUR", "USD", date(2016, 3, 1), "1.1"), rate("EUR", "CNY", date(2016, 3, 1), "7.5"))
    assert amounts(segments) == [("SHA", 750, 100)]


def test_a_rate_that_comes_before_the_stay_counts_at_once(segments: Database) -> None:
    say(segments, rate("EUR", "USD", date(2016, 3, 1), "1.1"))
    bring(segments, stayed(1, "LIS", "110", "USD"))
    assert amounts(segments) == [("LIS", 100, 100)]
    bring(segments, stayed(1, "LIS", "110", "EUR"))
    assert amounts(segments) == [("LIS", 110, 110)], "it was a mistake of the source"


def test_yen_have_no_decimals_and_dinars_three(segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute("update property_known set currency = 'JPY' where code = 'ALG'")
        tx.execute("update property_known set currency = 'KWD' where code = 'SHA'")
    say(segments, rate("EUR", "JPY", date(2016, 1, 1), "120.45"), rate("KWD", "EUR", date(2016, 1, 1), "2.95"))
    bring(
        segments,
        stayed(1, "ALG", "12000.6", None),
        stayed(2, "ALG", "100.55", "EUR", date(2016, 4, 1)),
        stayed(3, "SHA", "10.00049", None, date(2016, 5, 1)),
    )
    assert amounts(segments) == [
        ("ALG", 12001, Decimal("99.63")),
        ("ALG", 12111, Decimal("100.55")),
        ("SHA", 10, Decimal("29.50")),
    ]


@pytest.mark.parametrize(("hotels", "counted"), [(None, None), ("AUD", 120)])
def test_a_dollar_is_the_hotels_dollar_or_nobodys(segments: Database, hotels: str | None, counted: int | None) -> None:
    with segments.transaction() as tx:
        tx.execute("update property_known set currency = %s where code = 'LIS'", [hotels])
    say(segments, rate("EUR", "USD", date(2016, 3, 1), "1.1"))
    bring(segments, stayed(1, "LIS", "120", "$"))
    assert amounts(segments)[0][:2] == ("LIS", counted)


def hotel(code: str, version: int, currency: str | None, country: str = "CN") -> PropertyChanged:
    return PropertyChanged(
        code=code, version=version, name="Bund", zone="Asia/Shanghai", country=country, legal_entity="one",
        postal_address="x", contact="y", told_of_survey=True, survey_threshold=6, occurred_at=AT, currency=currency,
    )  # fmt: skip


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


def test_a_hotel_paid_in_another_currency_has_its_stays_converted_anew(segments: Database) -> None:
    say(segments, rate("HKD", "CNY", date(2016, 1, 1), "0.8"))
    bring(segments, stayed(1, "SHA", "800", "CNY"), stayed(2, "SHA", "50", None, date(2016, 4, 1)))
    with segments.transaction() as tx:
        take_snapshot(tx, AT)
    assert rows_of(segments, "select mean_spend from property_average") == [(425,)]
    Segments(segments).hear_at(AT, chunk_of([hotel("SHA", 3, "HKD")]))
    Segments(segments).hear_at(AT, chunk_of([hotel("SHA", 2, "USD")]))  # late
    work_off(segments)
    assert [amount for _, amount, _ in amounts(segments)] == [1000, 50]
    assert rows_of(segments, "select mean_spend from property_average") == [(525,)]


def test_what_nobody_chose_is_the_currency_of_its_stays_else_of_its_country(segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute("update property_known set currency_seen = 'GBP' where code = 'ALG'")
        tx.execute("update property_known set currency = 'USD', currency_seen = 'GBP' where code = 'SHA'")
        known = load_currencies(tx)
    assert {code: (one.currency, one.origin.value) for code, one in known.hotels.items()} == {
        "LIS": ("EUR", "country"),
        "ALG": ("GBP", "stays"),
        "SHA": ("USD", "said"),
    }


def test_the_reporting_currency_is_that_of_most_hotels_until_somebody_chooses(segments: Database) -> None:
    bring(segments, stayed(1, "LIS", "100", "EUR"), stayed(2, "SHA", "780", "CNY", date(2016, 4, 1)))
    say(segments, rate("EUR", "CNY", date(2016, 1, 1), "7.8"))
    with segments.transaction() as tx:
        assert (load_currencies(tx).reporting, load_currencies(tx).is_chosen) == ("EUR", False)
        choose_reporting_currency(tx, "CNY", AT, "Ada Azevedo")
        with pytest.raises(InputError):
            choose_reporting_currency(tx, "Taler", AT, "Ada Azevedo")
    work_off(segments)
    assert amounts(segments) == [("LIS", 100, 780), ("SHA", 780, 780)]
    assert facts(segments) == [(1560, 780, "SHA")]


def test_a_conversion_that_breaks_off_goes_on_where_it_was(segments: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.segments.commands.money.convert_again.MOST_AT_ONCE", 2)
    bring(segments, *(stayed(n, "LIS", "110", "USD", date(2016, 3, n)) for n in range(1, 6)))
    with segments.transaction() as tx:
        enter_rates(tx, [rate("EUR", "USD", date(2016, 3, 2), "1.1")], AT, "Ada Azevedo")
    Conversions(segments).step(AT)
    with pytest.raises(RuntimeError), segments.transaction() as tx:
        convert(tx, [id for (id,) in tx.execute("select id from stay").fetchall()], load_currencies(tx))
        raise RuntimeError
    work_off(segments)
    assert [amount for _, amount, _ in amounts(segments)] == [None, 100, 100, 100, 100]


def test_where_nothing_is_planned_nobody_waits_for_an_import(segments: Database) -> None:
    with ThreadPoolExecutor(1) as pool, segments.transaction() as importing:
        await_turn(importing)
        assert pool.submit(Conversions(segments).step, AT).result(timeout=PATIENCE) == 0


def test_rates_come_from_a_file_of_pairs_or_of_the_european_central_bank() -> None:
    pairs = rates_in("from;to;date;rate\nEUR;CNY;13/03/2016;7,25\neur;usd;14/03/2016;1,1\n", "mine")
    assert pairs == [rate_from("EUR", "CNY", 13, "7.25", "mine"), rate_from("EUR", "USD", 14, "1.1", "mine")]
    bank = rates_in("Date,USD,JPY,CYP,\n2016-03-14,1.1119,126.43,N/A,\n2016-03-11,1.1090,126.32,N/A,\n", "ECB")
    assert bank[:2] == [rate_from("EUR", "USD", 14, "1.1119", "ECB"), rate_from("EUR", "JPY", 14, "126.43", "ECB")]
    assert len(bank) == 4
    with pytest.raises(InputError, match="3: Choose another"):
        rates_in("from,to,date,rate\nEUR,CNY,2016-03-13,7.25\nEUR,EUR,2016-03-14,1.5\n", "mine")
    with pytest.raises(InputError, match="read in several ways"):
        rates_in("from,to,date,rate\nEUR,CNY,3/4/2016,7.25\n", "mine")


def rate_from(base: str, quote: str, day: int, value: str, source: str) -> Rate:
    return Rate(base, quote, date(2016, 3, day), Decimal(value), source)


CODES = ("EUR", "CNY", "USD", "JPY")
DAYS = st.dates(date(2016, 1, 1), date(2016, 1, 9))
some_rates = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES), DAYS, st.decimals("0.01", 200, places=3)).filter(
        lambda one: one[0] != one[1]
    ),
    max_size=12,
)
some_stays = st.lists(
    st.tuples(st.sampled_from(["LIS", "SHA"]), st.sampled_from([None, *CODES]), DAYS, st.decimals(0, 5000, places=2)),
    min_size=1,
    max_size=8,
)


def plainly(
    rates: dict[tuple[str, str, date], Decimal], own: str, to: str, day: date, value: Decimal
) -> Decimal | None:
    """The rule once more, in plain Python: the pair's own rate, else two by way of a third currency."""
    if own == to:
        return value
    either = {**rates, **{(quote, base, when): 1 / one for (base, quote, when), one in rates.items()}}

    def latest(base: str, quote: str) -> tuple[date, Decimal] | None:
        return max(
            ((when, one) for (b, q, when), one in either.items() if (b, q) == (base, quote) and when <= day),
            default=None,
        )

    found = latest(own, to)
    if found is None:
        ways = [(latest(own, via), latest(via, to), via) for via in CODES if via not in (own, to)]
        known = [(-min(x[0], y[0]).toordinal(), via, x[1] * y[1]) for x, y, via in ways if x and y]
        if not known:
            return None
        found = (day, min(known)[2])
    return (value * found[1]).quantize(Decimal(1).scaleb(-decimals_of(to)), ROUND_HALF_UP)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_rates, some_stays)
def test_every_amount_is_what_the_rule_says(
    segments: Database, given_rates: list[tuple[str, str, date, Decimal]], given_stays: list[tuple[Any, ...]]
) -> None:
    kept: dict[tuple[str, str, date], Decimal] = {}
    for base, quote, day, value in given_rates:
        kept.pop((quote, base, day), None)
        kept[base, quote, day] = value
    with segments.transaction() as tx:
        tx.execute("truncate stay, exchange_rate")
    bring(segments, *(stayed(n, house, str(value), own, day) for n, (house, own, day, value) in enumerate(given_stays)))
    say(segments, *(rate(base, quote, day, str(value)) for (base, quote, day), value in kept.items()))
    expected = []
    for house, stated, day, value in given_stays:
        hotels = "EUR" if house == "LIS" else "CNY"
        shown = value.quantize(Decimal(1), ROUND_HALF_UP) if stated == "JPY" else value
        own = stated or hotels
        expected.append((house, plainly(kept, own, hotels, day, shown), plainly(kept, own, "EUR", day, shown)))
    for found, wanted in zip(amounts(segments), expected, strict=True):
        assert found[0] == wanted[0]
        for mine, theirs in zip(found[1:], wanted[1:], strict=True):
            assert (mine is None) == (theirs is None)
            assert mine is None or abs(mine - theirs) <= Decimal(1).scaleb(-2)
