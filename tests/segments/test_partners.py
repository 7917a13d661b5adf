"""Partners agree with an oracle over raw stays; the page ranks them, and each leads to the guests behind it."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.segments.clock import GuestFigures
from services.segments.commands.companies import CompanyEdit, change_company, merge_companies, part_companies
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.config import Config
from services.segments.queries.figures.partners import companies_between, guests_of_company, partners_in
from services.segments.rules.partners import Order, Part, partners_of, ranked
from services.segments.rules.reservations import Reservation
from services.segments.service import SERVICE
from services.segments.store.figures.partners import keep_partners
from shared.access.people import Person
from shared.database.pool import Database
from shared.vocabulary.role import Role
from shared.vocabulary.stay import StayStatus
from shared.vocabulary.window import Span, a_year_before, days_between, window_of
from tests.cast import ADA, DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.segments.partners_oracle import read_stays, sums
from tests.segments.rows import add_properties, row, rows_of
from tests.web import Browser, browser, words

NOW = datetime(2016, 11, 20, 9, tzinfo=UTC)
HISTORY = EntryOptions(booking_only=False, initial=True, lane=None)
ACTOR = Person(ADA.person_id, ADA.name, Role.ADMINISTRATOR, frozenset())
YEAR = window_of(Span.YEAR, date(2016, 1, 1))


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


def stay(number: int, left: date, **more: Any) -> Reservation:
    nights = more.pop("nights", 2)
    return row(
        number,
        **{
            "name": f"Guest N{number}",
            "status": StayStatus.CHECKED_OUT,
            "status_date": left,
            "arrival": left - timedelta(days=nights),
            "departure": left,
            "booked_on": left - timedelta(days=30),
            "revenue": Decimal(100),
            "channel": "Direct",
            **more,
        },
    )


def bring(database: Database, rows: Sequence[Reservation]) -> None:
    with database.transaction() as tx:
        enter(tx, rows, NOW, HISTORY)


def accounts(database: Database) -> dict[str, UUID]:
    return dict(rows_of(database, "select name || '@' || property, id from company"))


def give_code(database: Database, company: UUID, name: str, *codes: str) -> None:
    with database.transaction() as tx:
        change_company(tx, company, 1, CompanyEdit(name, codes, None, None, ""), ACTOR, NOW)


@pytest.fixture
def world(database: Database) -> Database:
    """Stays of two years at two hotels: some name a company, some were booked at the rate of one, some neither."""
    chance = random.Random(27)
    bring(
        database,
        [
            stay(
                number,
                date(2015, 1, 5) + timedelta(days=chance.randrange(680)),
                nights=chance.randrange(5),
                property=chance.choice(["LIS", "SHA"]),
                name=f"Guest N{chance.randrange(80)}",
                status=chance.choice([StayStatus.CHECKED_OUT] * 5 + [StayStatus.CANCELLED]),
                company=chance.choice([None, None, "Tejo Shipping", "TEJO Shipping Lda", "40", "Bund Trade"]),
                rate_plan=chance.choice([None, "BAR", "TEJO", "BUND"]),
                channel=chance.choice([None, "Web", "Agent"]),
                revenue=chance.choice([None, Decimal("120.50"), Decimal(80), Decimal("-5")]),
                currency=chance.choice([None, "EUR", "USD"]),
            )
            for number in range(400)
        ],
    )
    known = accounts(database)
    names = {name.split("@")[0]: id for name, id in known.items()}
    give_code(database, names["TEJO Shipping Lda"], "TEJO Shipping Lda", "TEJO")
    give_code(database, names["Bund Trade"], "Bund Trade", "BUND")
    with database.transaction() as tx:
        merge_companies(tx, names["TEJO Shipping Lda"], names["Tejo Shipping"], ACTOR, NOW)
        tx.execute("update stay set muted = true where reservation in (select reservation from stay limit 9)")
    return database


def night(database: Database) -> None:
    with database.transaction() as tx:
        keep_partners(tx, NOW.date())


@pytest.mark.parametrize(
    "window",
    [YEAR, window_of(Span.QUARTER, date(2016, 5, 1)), window_of(Span.MONTH, date(2016, 3, 1))],
)
def test_each_company_and_channel_is_what_the_raw_stays_say(world: Database, window: Any) -> None:
    night(world)
    raw = read_stays(world)
    now, then = sums(raw, window.first, window.until), a_year_before(window)
    before = sums(raw, then.first, then.until)
    for by in ("company", "channel"):
        with world.transaction() as tx:
            parts = partners_in(tx, by, window, then, "")
        told = {(by, one.value, one.property, one.currency): one for one in parts}
        keys = {key for key in now.keys() | before.keys() if key[0] == by}
        assert told.keys() == keys and len({value for _, value, *_ in keys}) > 2
        nothing = (0, 0, 0, Decimal(0))
        for key, one in told.items():
            assert (one.stays, one.nights, one.priced, one.revenue) == now.get(key, nothing)
            past = (one.stays_before, one.nights_before, one.priced_before, one.revenue_before)
            assert past == before.get(key, nothing)
    check_guests_behind(world, window)


def check_guests_behind(database: Database, window: Any) -> None:
    """As many as have a stay of it; and what is counted on the spot is the same."""
    raw = read_stays(database)
    within = [one for one in raw if window.first <= one.left < window.until]
    days = days_between(window.first, window.last)
    for hotel in ("", "LIS"):
        here = [one for one in within if hotel in ("", one.property)]
        for company in {one.company for one in here if one.company}:
            with database.transaction() as tx:
                count, gone, listed = guests_of_company(tx, UUID(company), window, hotel, None)
            assert count == len({one.guest_id for one in here if one.company == company})
            assert (gone, len(listed)) == (0, min(count, 51))
        with database.transaction() as tx:
            spot = companies_between(tx, days, hotel)
        assert {("company", one.value, one.property, one.currency): one.stays for one in spot} == {
            key: counted[0]
            for key, counted in sums(raw, window.first, window.until).items()
            if key[0] == "company" and hotel in ("", key[2])
        }


def test_what_is_merged_by_day_is_one_at_once_and_parted_by_the_next_night(world: Database) -> None:
    night(world)
    names = {name.split("@")[0]: id for name, id in accounts(world).items()}
    one, other = names["Bund Trade"], names["Tejo Shipping"]

    def counted() -> dict[str, int]:
        with world.transaction() as tx:
            parts = partners_in(tx, "company", YEAR, a_year_before(YEAR), "")
        return {each.value: each.stays for each in partners_of(parts, {})}

    before = counted()
    with world.transaction() as tx:
        merge_companies(tx, one, other, ACTOR, NOW)
    merged = counted()
    assert str(one) not in merged and merged[str(other)] == before[str(one)] + before[str(other)]
    night(world)
    assert counted() == merged
    with world.transaction() as tx:
        part_companies(tx, one, other, ACTOR, NOW)
    night(world)
    assert counted() == before


def part(value: str, stays: int, nights: int, revenue: str, **more: Any) -> Part:
    before = more.pop("before", 0)
    given = {"name": value, "named_at": "", "property": "LIS", "currency": "", **more}
    return Part(
        value, given["name"], given["named_at"], given["property"], given["currency"], stays, nights,
        stays, Decimal(revenue), before, before, before, Decimal(before),
    )  # fmt: skip


def test_order_is_by_what_is_asked_and_currencies_are_not_added() -> None:
    hotels = {"LIS": "EUR", "SHA": "CNY"}
    found = partners_of(
        [
            part("A", 5, 5, "100"),
            part("B", 1, 30, "50"),
            part("C", 2, 10, "90000", property="SHA"),
            part("A", 1, 1, "7000", currency="¥", property="SHA"),
            part("D", 0, 0, "0", before=4),
        ],
        hotels,
    )
    assert [one.value for one in ranked(found, Order.NIGHTS)] == ["B", "C", "A", "D"]
    assert [one.value for one in ranked(found, Order.STAYS)] == ["A", "C", "B", "D"]
    assert [one.value for one in ranked(found, Order.REVENUE)] == ["A", "B", "C", "D"]
    (a,) = (one for one in found if one.value == "A")
    assert [(one.currency, one.now) for one in a.earned] == [("EUR", Decimal(100)), ("CNY", Decimal(7000))]
    assert [one.value for one in found if one.is_lost] == ["D"] and not a.is_lost and a.is_new


def test_a_number_and_a_name_of_two_stand_with_their_hotel() -> None:
    found = partners_of(
        [
            part("1", 1, 1, "1", name="40", named_at="LIS"),
            part("2", 1, 1, "1", name="Twin", named_at="LIS"),
            part("3", 1, 1, "1", name="Twin", named_at="SHA"),
            part("4", 1, 1, "1", name="Plain", named_at="SHA"),
        ],
        {},
    )
    assert [one.named_at for one in found] == ["LIS", "LIS", "SHA", ""]


@pytest.fixture
def house(database: Database) -> Database:
    """In 2016 Tejo Shipping has three stays and Nova Labs one, three more have no company; in 2015 Tejo had one and
    Velha Casa two."""
    may, past = date(2016, 5, 10), date(2015, 5, 10)
    bring(
        database,
        [
            *(stay(number, may, company="Tejo Shipping", currency="EUR") for number in (1, 2)),
            stay(3, may, company="Tejo Shipping", currency="USD"),
            stay(4, may, company="Nova Labs", nights=4, revenue=None, property="SHA"),
            *(stay(number, may, channel="Web") for number in (5, 6, 7)),
            stay(8, past, company="Tejo Shipping", revenue=Decimal(70)),
            *(stay(number, past, company="Velha Casa") for number in (9, 10)),
        ],
    )
    night(database)
    return database


def desk(database: Database, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, at=NOW)


def test_the_page_ranks_them_against_a_year_before(house: Database) -> None:
    marta = desk(house)
    page = words(marta.get("/segments/partners?span=year&first=2016-01-01"))
    assert "2 companies sent guests · new against 2015: 1, lost: 1" in page
    assert "Tejo Shipping 3 1 6 38% 33% 2 €200.00 $100.00 €70.00 – " in page
    assert "Nova Labs new 1 0 4 25% – not known not known" in page
    assert "Velha Casa lost 0 2 0 0% 67% 4" in page
    assert "without a company 3 0 6 38% –" in page and "The period is not over" in page
    assert page.index("Tejo Shipping 3") < page.index("Nova Labs new") < page.index("Velha Casa lost")
    by_channel = words(marta.get("/segments/partners?span=year&first=2016-01-01&by=channel&order=stays"))
    assert "Direct 4 3 10 62%" in by_channel and "Web new 3 0 6 38%" in by_channel


def test_each_leads_to_the_guests_behind_it(house: Database) -> None:
    marta = desk(house)
    page = marta.get("/segments/partners?span=year&first=2016-01-01")
    (tejo,) = (id for name, id in accounts(house).items() if name.startswith("Tejo"))
    address = f"/segments/partners/guests?hotel=&amp;span=year&amp;first=2016-01-01&amp;company={tejo}"
    assert address in page.text
    guests = words(marta.get(address.replace("&amp;", "&")))
    assert "3 guests" in guests and "Tejo Shipping" in guests and "Guest N2" in guests
    lost = words(marta.get(address.replace("&amp;", "&").replace("first=2016", "first=2015")))
    assert "1 guest" in lost and "Guest N8" in lost
    web = words(marta.get("/segments/figures/guests?span=year&first=2016-01-01&which=stayed&cut=channel&value=Web"))
    assert "3 guests" in web


def test_it_is_taken_along(house: Database) -> None:
    text = desk(house).get("/segments/partners/table.csv?span=year&first=2016-01-01").text
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert lines[1] == ["Tejo Shipping", "", "3", "1", "6", "2", "200.0", "70.0", "EUR", "2"]
    assert lines[2] == ["Tejo Shipping", "", "", "", "", "", "100.0", "", "USD", "1"]
    assert desk(house).get("/segments/partners/table.xlsx?span=year&first=2016-01-01").status_code == 200


def test_who_sees_one_hotel_sees_its_partners_alone(house: Database) -> None:
    page = words(desk(house, DINA).get("/segments/partners?span=year&first=2016-01-01"))
    assert "Tejo Shipping" in page and "Nova Labs" not in page
    (nova,) = (id for name, id in accounts(house).items() if name.startswith("Nova"))
    guests = f"/segments/partners/guests?span=year&first=2016-01-01&company={nova}"
    assert "Nova" not in words(desk(house, DINA).get(f"{guests}&hotel=LIS"))


def test_an_empty_house_and_wrong_addresses(database: Database) -> None:
    marta = desk(database)
    assert "No company sent guests in this period" in words(marta.get("/segments/partners"))
    assert "No channel brought stays in this period" in words(marta.get("/segments/partners?by=channel"))
    for address in ("?by=x", "?order=x", "?span=x", "/guests?span=year&first=2016-01-01&company=x"):
        assert marta.get(f"/segments/partners{address}").status_code == 404


def test_the_night_counts_them(house: Database) -> None:
    with house.transaction() as tx:
        tx.execute("delete from partner_figure")
    role = GuestFigures(house)
    for _ in range(5):
        role.step(NOW)
    assert rows_of(house, "select sum(stays) from partner_figure where by = 'company'") == [(10,)]
