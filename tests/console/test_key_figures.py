"""Key figures: each with its two numbers, against the house's target and last year; taken along; none where nothing is
known."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from services.console.config import Config
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.definitions import BY_KEY, DEFINITIONS
from services.console.rules.figures.figures import NOBODY, Cost, Figure, Sent, Sources, cost_of, figures_of
from services.console.rules.figures.revenue import Revenue, merged
from services.console.service import SERVICE
from services.console.store.counts import keep_messages
from services.console.store.stay_days import count_stays
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.messaging import MessageSent
from shared.ids import make_id
from shared.vocabulary.window import Span, a_year_before, days_between, last_windows, window_of
from shared.web.config import WebConfig
from tests.cast import ADA, DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.console.conftest import Answers, Serve
from tests.console.staff import open_house
from tests.console.test_stays_by_day import booked, left
from tests.harness import off_the_wire
from tests.web import Browser, browser, words

GUESTS: dict[str, Any] = {
    **dict.fromkeys(("property", "cut", "value"), ""),
    "guests": 40,
    "before": 50,
    "retained": 41,
    "known": 20,
    "again": 8,
    "complained": 1,
    "email": 30,
    "sms": 10,
    "whatsapp": 0,
    "stays": 44,
    "visits": 42,
    "nights": 90,
    "unpriced": 0,
    "spend": "8000.00",
    "currency": "EUR",
}


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    database = make_database("console")
    open_house(database)
    at = datetime(2026, 10, 14, 10, tzinfo=ZoneInfo("Europe/Lisbon"))
    stays = [
        left(
            booked(
                number,
                booked_at=at.replace(month=9),
                arrival=date(2026, 10, 11),
                booking_channel="Direct" if number < 3 else "OTA",
                revenue="100",
            ),
            at,
        )
        for number in range(10)
    ]
    with database.transaction() as tx:
        count_stays(tx, off_the_wire(chunk_of(stays)))
        keep_messages(tx, off_the_wire(chunk_of([message(number, at) for number in range(4)])))
    return database


def message(number: int, at: datetime) -> MessageSent:
    return MessageSent(
        message_id=make_id("message", number),
        version=1,
        guest_id=make_id("guest", number),
        journey="win-back",
        journey_version=1,
        step="send",
        occurrence=str(number),
        purpose="marketing",
        property="LIS",
        stay_id=None,
        channel="email",
        state="sent",
        reason=None,
        held_until=None,
        occurred_at=at,
    )


class Told(dict[str, Any]):
    """What each service answers, whatever it is asked beside its page."""

    def get(self, path: str, default: Any = None) -> Any:
        return next((found for page, found in self.items() if path.startswith(page)), default)


def told(**segments: Any) -> Answers:
    counted = {
        "windows": {"2026-10-01": GUESTS, "2025-10-01": {**GUESTS, "retained": 10}},
        "counted_at": "2026-11-21T02:30:00+00:00",
        "values": [],
        "currency": "EUR",
    }
    return Told(
        {
            "/segments/figures": {**counted, **segments},
            "/feedback/key-figures": {"answers": 100, "net": 45, "hours": "12.5", "responded": 5, "complaints": 6},
            "/campaigns/key-figures": {"won": 2},
        }
    )


def desk(database: Database, gateway: str, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, web=WebConfig(gateway=gateway))


def test_each_figure_stands_with_its_two_numbers_its_target_and_last_year(console: Database, serve: Serve) -> None:
    page = words(desk(console, serve(told())).get("/figures"))
    assert "October 2026 · All hotels" in page, "the month that is over"
    assert "Retention How is this counted?" in page and "82.0% 41 of 50 ≥ 80.0% of a year 20.0% 10 of 50" in page
    assert "20.0% 8 of 40 ≥ 25.0% of a year" in page
    assert "€200.00 €8,000.00 from 40" in page
    assert "+45 45 of 100 ≥ +40 reached" in page
    assert "2.5% 1 of 40 ≤ 1.0% missed" in page
    assert "30.0% 3 of 10" in page, "of ten stays three were booked direct"
    assert "2.5 hours 12.5 from 5" in page
    assert "Enter what a message costs" in page
    assert "€1,000.00 from 10 stays that ended" in page


def test_what_is_wanted_of_a_year_is_judged_in_a_year(console: Database, serve: Serve) -> None:
    year = {"windows": {"2026-01-01": GUESTS}}
    page = words(desk(console, serve(told(**year))).get("/figures?span=year&first=2026-01-01"))
    assert "82.0% 41 of 50 ≥ 80.0% reached" in page and "20.0% 8 of 40 ≥ 25.0% missed" in page
    assert "of a year" not in page


def test_what_nobody_counted_is_none_and_what_is_of_few_says_so(console: Database, serve: Serve) -> None:
    few = {"windows": {"2026-10-01": {**GUESTS, "before": 3, "retained": 3}}}
    page = words(desk(console, serve(told(**few))).get("/figures"))
    assert "100.0% 3 of 3 ≥ 80.0% of a year too few to tell – " in page
    silent = words(desk(console, serve(Told({}))).get("/figures"))
    assert "not counted" in silent and "do not answer" in silent and "30.0% 3 of 10" in silent


def test_targets_are_the_houses(console: Database, serve: Serve) -> None:
    gateway = serve(told())
    marta = desk(console, gateway)
    assert "Direct" in words(marta.get("/figures/settings"))
    wrong = marta.post("/figures/settings", {"retention": "x"})
    assert wrong.status_code == 422 and "A number is needed" in words(wrong)
    form = {"retention": "90", "repurchase": "25", "own": "OTA"}
    assert "Key figures" in words(marta.post("/figures/settings", form))
    page = words(marta.get("/figures"))
    assert "≥ 90.0% of a year" in page and "70.0% 7 of 10" in page
    with console.transaction() as tx:
        kept = tx.execute("select figure, target from figure_target order by figure").fetchall()
        trail = tx.execute("select actor from audit_entry where action = 'figures.changed'").fetchall()
    assert ("retention", Decimal("0.9")) in kept and "repurchase" not in dict(kept), "as shipped is the trade's"
    assert len(trail) == 1


def say_price(console: Database, cost: str | None, currency: str | None, *numbers: int) -> None:
    """Messaging tells again of messages, with what they cost."""
    at = datetime(2026, 10, 14, 10, tzinfo=ZoneInfo("Europe/Lisbon"))
    told = [replace(message(number, at), cost=cost, currency=currency) for number in numbers]
    with console.transaction() as tx:
        keep_messages(tx, off_the_wire(chunk_of(told)))


def test_a_message_costs_what_stood_as_it_went_and_where_nothing_did_what_was_entered_here_before(
    console: Database, serve: Serve
) -> None:
    marta = desk(console, serve(told()))
    assert "Enter what a message costs" in words(marta.get("/figures"))
    say_price(console, "0.5", "EUR", 0, 1, 2)
    assert "Enter what a message costs" in words(marta.get("/figures")), "one has none: nothing counts as free"
    say_price(console, "0.5", "EUR", 3)
    say_price(console, "0.5", "EUR", 3)  # twice
    assert "€1.00 €2.00 from 2" in words(marta.get("/figures")), "four mails at half a euro, for two bookings"
    say_price(console, None, None, 3)  # what is known stays known
    assert "€1.00 €2.00 from 2" in words(marta.get("/figures"))


def test_prices_that_were_entered_here_before_the_upgrade_count_on_and_lead_to_where_they_stand_now(
    console: Database, serve: Serve
) -> None:
    with console.transaction() as tx:
        former = """
            insert into figure_setting (direct, prices, currency, changed_at, changed_by)
            values ('{OTA}', '{"email": "0.50"}', 'EUR', %s, 'Ada')
        """
        tx.execute(former, [datetime(2026, 10, 1, tzinfo=UTC)])
    marta = desk(console, serve(told()))
    assert "€1.00 €2.00 from 2" in words(marta.get("/figures"))
    say_price(console, "1", "EUR", 0, 1)
    assert "€1.50 €3.00 from 2" in words(marta.get("/figures")), "two at a euro, two at what was entered before"
    settings = marta.get("/figures/settings")
    assert "€0.50 Enter it there" in words(settings)
    assert "/messaging/prices?channel=email&amp;amount=0.50&amp;currency=EUR#say" in settings.get_data(as_text=True)
    marta.post("/figures/settings", {"own": "Direct"})
    assert "€1.50 €3.00 from 2" in words(marta.get("/figures")), "other settings leave them"
    say_price(console, "1", "CNY", 2)
    assert "paid in several currencies" in words(marta.get("/figures"))


def test_whoever_sees_one_hotel_sees_its_guests_and_changes_nothing_of_all(console: Database, serve: Serve) -> None:
    dina = desk(console, serve(told()), DINA)
    assert "Casa do Tejo" in words(dina.get("/figures"))
    assert dina.get("/figures?hotel=SHA").status_code == 200
    assert "Riverside House" not in words(dina.get("/figures?hotel=SHA"))
    assert dina.get("/figures/settings").status_code == 403
    assert dina.get("/figures?span=week").status_code == dina.get("/figures?first=x").status_code == 404


def test_the_table_is_the_same_in_csv_and_in_a_workbook(console: Database, serve: Serve) -> None:
    ada = desk(console, serve(told()), ADA)
    lines = list(csv.reader(io.StringIO(ada.get("/figures/table.csv").text.lstrip("\ufeff"))))
    row = next(line for line in lines if line and line[0] == "Retention")
    assert row[1:5] == ["0.82", "per cent", "41.0", "50"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(ada.client.get("/figures/table.xlsx").data))
    cells = next(line for line in book.get_sheet_by_index(0).to_python() if line[0] == "Retention")
    assert cells[1:5] == [0.82, "per cent", 41, 50]


def test_by_channel_the_figures_of_stays_are_of_it_and_others_are_not_told_apart(
    console: Database, serve: Serve
) -> None:
    values = [{"value": "OTA", "name": "OTA", "guests": 7}]
    page = words(desk(console, serve(told(values=values))).get("/figures?cut=channel&value=OTA"))
    assert "0.0% 0 of 7" in page and "OTA" in page
    assert page.count("not counted") >= 2, "answers know no channel"


def test_every_definition_can_be_made_and_says_how() -> None:
    answers = {"answers": 10, "net": -3, "hours": "4", "responded": 2}
    stays = dict.fromkeys(("bookings", "lead_days", "arrivals", "cancelled", "stays", "nights"), 10)
    sources = Sources(GUESTS, {**stays, "direct": 5, "of_known_channel": 10}, answers, 4, Cost(Decimal(8), "EUR"))
    made = {one.definition.key: one for one in figures_of(sources)}
    assert list(made) == [one.key for one in DEFINITIONS]
    assert all(one.value is not None for one in made.values())
    assert made["nps"].value == Decimal("-0.3") and made["cost_won"].value == 2
    empty = figures_of(Sources({**NOBODY, "currency": "EUR"}, None, None, 0, None))
    assert all(one.value is None for one in empty)


@pytest.mark.parametrize(
    ("key", "part", "whole", "target", "expected"),
    [
        ("retention", 80, 100, "0.8", True),
        ("retention", 79, 100, "0.8", False),
        ("complaints", 1, 100, "0.01", True),
        ("complaints", 2, 100, "0.01", False),
        ("retention", 5, 5, "0.8", None),
        ("lead", 900, 100, "8", None),
        ("retention", 80, 100, None, None),
    ],
)
def test_a_target_is_met_or_missed_or_cannot_be_told(
    key: str, part: int, whole: int, target: str | None, expected: bool | None
) -> None:
    figure = Figure(BY_KEY[key], Decimal(part), whole)
    assert figure.reaches(Decimal(target) if target else None, 365) is expected
    if BY_KEY[key].of_a_year:
        assert figure.reaches(Decimal(target) if target else None, 31) is None, "the target is of a year"


def test_messages_without_a_price_leave_the_cost_open() -> None:
    mails, paid = Sent("email", "", 4, Decimal(0)), Sent("sms", "EUR", 2, Decimal("0.3"))
    assert cost_of([mails, paid], {}, "") == Cost(None, None, "no_price")
    assert cost_of([mails, paid], {"sms": Decimal(1)}, "EUR") == Cost(None, None, "no_price")
    assert cost_of([mails, paid], {"email": Decimal("0.5")}, "EUR") == Cost(Decimal("2.3"), "EUR")
    assert cost_of([mails, paid], {"email": Decimal("0.5")}, "CNY") == Cost(None, None, "currencies")
    assert cost_of([], {"email": Decimal(1)}, "EUR") == Cost(Decimal(0), None)


def test_revenue_is_added_within_a_currency_and_a_shared_sign_is_the_hotels() -> None:
    rows = [Revenue("SHA", "¥", 1, Decimal(5)), Revenue("SHA", "", 2, Decimal(7)), Revenue("LIS", "¥", 1, Decimal(3))]
    found = merged([*rows, Revenue("LIS", "USD", 1, Decimal(1))], {"SHA": "CNY", "LIS": "EUR"})
    assert [(one.currency, one.revenue, one.stays) for one in found] == [
        ("CNY", Decimal(12), 3),
        ("¥", Decimal(3), 1),
        ("USD", Decimal(1), 1),
    ]


def test_channels_of_the_house_are_known_by_their_words() -> None:
    known = ["Direct", "TA/TO", "Corporate", "GDS", "Website", "Walk-in", "官网直订", "携程", "Direct/web", "Directory"]
    assert own_channels(known) == ["Direct", "Direct/web", "Walk-in", "Website", "官网直订"]


def test_windows_are_of_the_calendar_and_the_one_before_is_as_long() -> None:
    quarter = window_of(Span.QUARTER, date(2026, 2, 28))
    assert (quarter.first, quarter.last, quarter.before) == (date(2026, 1, 1), date(2026, 3, 31), date(2025, 10, 1))
    assert a_year_before(window_of(Span.MONTH, date(2024, 2, 29))).first == date(2023, 2, 1)
    assert [one.first.month for one in last_windows(Span.MONTH, date(2026, 2, 3), 3)] == [12, 1, 2]
    ten = days_between(date(2026, 3, 1), date(2026, 3, 10))
    assert (ten.before, ten.until) == (date(2026, 2, 19), date(2026, 3, 11))
    with pytest.raises(ValueError, match="before"):
        days_between(date(2026, 3, 2), date(2026, 3, 1))
