"""The account of a company: which stays count for it, what they brought in which money, and who sees whom there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.money.rates import enter_rates
from services.segments.rules.money.rates import Rate
from services.segments.rules.reservations import Reservation
from shared.database.pool import Database
from shared.vocabulary.stay import StayStatus
from tests.cast import ANTON, DINA, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, row, rows_of
from tests.segments.test_companies import UMLAUT, accounts
from tests.segments.test_currencies import work_off
from tests.segments.test_pages_guests import RITA, bring, desk, guest_id
from tests.web import words


def stayed(number: int, house: str, revenue: str | None, **more: Any) -> Reservation:
    arrival = date(2026, 3, 10) + timedelta(days=number)
    values = {"booked_on": date(2026, 1, 1), "arrival": arrival, "departure": arrival + timedelta(days=2),
              "status": StayStatus.CHECKED_OUT, "status_date": arrival + timedelta(days=2)}  # fmt: skip
    money = Decimal(revenue) if revenue else None
    return row(number, **{**values, "property": house, "revenue": money, "name": f"Guest No{number}", **more})


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [replace(RITA, company=UMLAUT)])
    return database


def account(database: Database) -> UUID:
    return accounts(database)[UMLAUT]


def page(database: Database, who: Member = MARTA) -> str:
    return words(desk(database, who).get(f"/segments/companies/{account(database)}"))


def give_code(database: Database, code: str) -> None:
    with database.transaction() as tx:
        tx.execute("update company set rate_codes = %s where name = %s", [[code], UMLAUT])


def test_a_stay_that_names_no_company_counts_where_its_rate_code_is_the_companys(segments: Database) -> None:
    give_code(segments, "CORP-M")
    bring(
        segments,
        [
            stayed(11, "LIS", "100", rate_plan="CORP-M"),
            stayed(12, "SHA", "900", rate_plan="CORP-M"),  # the same legal entity
            stayed(13, "LIS", "70", rate_plan="CORP-M", company="Other Ltd"),  # its own company says more
            stayed(14, "LIS", "50", rate_plan="BAR"),
            stayed(15, "LIS", "40", rate_plan="CORP-M", status=StayStatus.CANCELLED),
        ],
    )
    with segments.transaction() as tx:
        tx.execute("update property_known set legal_entity = 'two' where code = 'ALG'")
    bring(segments, [stayed(16, "ALG", "30", rate_plan="CORP-M")])  # of another legal entity
    seen = page(segments)
    assert "Stays 3 nights: 6" in seen, "its own, and those of its code at its legal entity"
    assert all(name in seen for name in ("Rita Cantu", "No11", "No12", "No15"))
    assert not any(name in seen for name in ("No13", "No14", "No16"))
    assert "Its stays were booked at: CORP-M" in seen


def test_what_it_brought_is_never_added_across_currencies(segments: Database) -> None:
    bring(
        segments,
        [
            stayed(11, "LIS", "100.50", currency="EUR", company=UMLAUT),
            stayed(12, "LIS", "200", currency="USD", company=UMLAUT),
            stayed(13, "SHA", "900", currency="CNY", company=UMLAUT),
        ],
    )
    assert "Revenue €100.50 without 2: no rate" in page(segments)
    assert "Revenue €100.50 without 1: no rate" in page(segments, DINA), "of one hotel: its own currency"
    bring(segments, [stayed(14, "SHA", "50", currency="CNY", company=UMLAUT)])
    assert "Revenue CN¥950.00" in page(segments, WEI)
    rates = [
        Rate("EUR", quote, date(2026, 3, 1), Decimal(value), "x") for quote, value in (("CNY", "10"), ("USD", "2"))
    ]
    with segments.transaction() as tx:
        enter_rates(tx, rates, NOW, "Ada Azevedo")
    work_off(segments)
    assert "Revenue €295.50" in page(segments) and "no rate" not in page(segments)
    listed = words(desk(segments, MARTA).get("/segments/companies"))
    assert "€295.50" in listed


@pytest.mark.parametrize(("who", "sees"), [(FILIPA, True), (DINA, True), (MARTA, False), (ANTON, False)])
def test_a_contacts_address_is_for_whoever_needs_it(segments: Database, who: Member, sees: bool) -> None:
    filipa, url = desk(segments), f"/segments/companies/{account(segments)}"
    filipa.get(url)
    filipa.post(f"{url}/contacts/{guest_id(RITA)}", {"job": "Buyer"})
    reader = desk(segments, who)
    first = reader.get(url)
    assert "rita@example.com" not in first.get_data(as_text=True), "nobody sees it before they ask"
    assert "r•••@e•••.com" in words(first) and "Buyer" in words(first)
    assert ("rita@example.com" in words(reader.post(url, {"show": "page"}))) is sees


def test_another_hotel_sees_its_own_stays_and_none_of_the_others_people(segments: Database) -> None:
    filipa, company = desk(segments), account(segments)
    filipa.get(f"/segments/companies/{company}")
    filipa.post(f"/segments/companies/{company}/contacts/{guest_id(RITA)}", {"job": "Buyer"})
    assert desk(segments, WEI).get(f"/segments/companies/{company}").status_code == 404
    bring(segments, [stayed(13, "SHA", "900", company=UMLAUT)])
    seen = page(segments, WEI)
    assert "No13" in seen and "Stays 1" in seen
    assert "Rita" not in seen and "Buyer" not in seen and "Nobody yet" in seen
    with segments.transaction() as tx:
        assert tx.execute("select count(*) from company_contact").fetchone() == (1,)


def test_an_erased_contact_leaves_the_account_and_their_stays_count_without_a_name(segments: Database) -> None:
    filipa, company = desk(segments), account(segments)
    filipa.get(f"/segments/companies/{company}")
    filipa.post(f"/segments/companies/{company}/contacts/{guest_id(RITA)}", {"job": "Buyer"})
    with segments.transaction() as tx:
        erase_guest(tx, guest_id(RITA), "Filipa", NOW, lambda _: None)
    seen = page(segments)
    assert "An erased guest" in seen and "Stays 1 nights: 2" in seen
    assert "Rita" not in seen and "Buyer" not in seen and "Nobody yet" in seen
    assert rows_of(segments, "select count(*) from company_contact") == [(0,)]
    audit = rows_of(segments, "select convert_from(body, 'utf8') from outbox where type = 'audit.recorded.v1'")
    assert "Rita" not in str(audit)
