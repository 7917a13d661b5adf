"""Results: what a journey brought, counted once, in each currency, and held against the guests it kept out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.clock import Results
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.queries.key_figures import bookings_won, won_of, won_rows
from services.campaigns.queries.results import By, ResultLine, Window, result_lines, result_rows
from services.campaigns.rules.results import Group, lift, wilson
from services.campaigns.schemas import parse
from services.campaigns.service import SERVICE
from shared.access.scope import EVERYWHERE, Scope
from shared.events import chunk_of
from shared.events.console import PropertyChanged
from shared.events.feedback import OptoutRequested
from shared.events.messaging import MessageBounced
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope
from tests.campaigns.cast import Campaigns, audience, click, instant, outcome, receipt, stay
from tests.cast import ADA, MARTA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import browser, words

OFFER = """
key: offers
name: An offer
purpose: marketing
entry: {audience: lapsed}
holdout: 10
goal: {event: stay.booked, within_days: 60}
steps:
  - key: first
    send: {template: spa, channels: [email], useful_for: {days: 3}}
  - key: ten
    wait: {days: 10}
  - key: second
    send: {template: dinner, channels: [email], useful_for: {days: 3}}
"""
GUESTS = [make_id("guest", "results", number) for number in range(4)]
WRITTEN, CLICKED, KEPT, BOUNCED = GUESTS
NEWCOMER = make_id("guest", "results", 4)
BUND = PropertyChanged(
    code="SHA",
    version=1,
    name="Bund",
    zone="Asia/Shanghai",
    country="CN",
    legal_entity="Bund",
    postal_address="Bund 1",
    contact="hello@sha.example.com",
    told_of_survey=True,
    survey_threshold=6,
    currency="CNY",
    occurred_at=instant("2016-01-01 00:00"),
)
MARCH = Window(instant("2016-03-01 00:00"), instant("2016-04-01 00:00"), timedelta(days=60))


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    """Four guests entered on 1 March: three were written to, of whom one clicked; one is of the control group."""
    found = Campaigns(make_database("campaigns"))
    with found.database.transaction() as tx:
        publish(tx, parse(OFFER), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "offers", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    for guest in GUESTS:
        found.hear(audience(guest, 1, True, "2016-03-01 09:00", segment="lapsed"))
    found.tick("2016-03-01 09:00")
    for message in found.requested():
        if message["guest_id"] == str(KEPT):
            found.hear(outcome(message, "skipped", 1, "2016-03-01 10:00", reason="holdout"))
        else:
            found.hear(outcome(message, "sent", 1, "2016-03-01 10:00"))
        if message["guest_id"] == str(CLICKED):
            found.hear(click(message, 1, "2016-03-02 10:00"))
        if message["guest_id"] == str(BOUNCED):
            found.hear(receipt(message, MessageBounced, 1, "2016-03-01 10:01"))
    return found


def lines(campaigns: Campaigns, by: By = By.JOURNEY, scope: Scope = EVERYWHERE) -> list[ResultLine]:
    with campaigns.database.transaction() as tx:
        return result_lines(tx, "offers", MARCH, by, scope)


def whole(campaigns: Campaigns) -> ResultLine:
    (line,) = lines(campaigns)
    return line


def earned(campaigns: Campaigns) -> list[tuple[str, str, int]]:
    return [(one.currency, str(one.amount), one.unknown) for line in lines(campaigns) for one in line.earned]


def book(
    campaigns: Campaigns,
    guest: UUID,
    reservation: str,
    at: str = "2016-03-20 12:00",
    nights: int = 3,
    version: int = 1,
    what: str = "booked",
    revenue: str | None = "300.00",
    currency: str | None = "EUR",
    hotel: str = "LIS",
) -> None:
    campaigns.hear(
        stay(
            what, version, guest=guest, reservation=reservation, at=at, booked_at="2016-03-20 12:00", hotel=hotel,
            days=("2016-05-01", f"2016-05-{1 + nights:02d}"), revenue=revenue, currency=currency,
        )
    )  # fmt: skip


def test_guests_are_counted_from_entry_to_booking(campaigns: Campaigns) -> None:
    book(campaigns, CLICKED, "R1")
    book(campaigns, KEPT, "R2")
    line = whole(campaigns)
    assert (line.entered, line.waiting, line.written, line.control) == (4, 4, 3, 1)
    assert (line.sent, line.delivered, line.clicked, line.bounced) == (3, 1, 1, 1)
    assert (line.booked, line.nights, line.control_booked, line.clicked_first) == (1, 3, 1, 1)
    assert earned(campaigns) == [("EUR", "300.00", 0)]


def test_what_clicks_won_is_counted_once_with_what_it_comes_to_in_each_currency(campaigns: Campaigns) -> None:
    def found(scope: Scope = EVERYWHERE) -> tuple[int, list[tuple[str, str, int]]]:
        with campaigns.database.transaction() as tx:
            won = won_of(won_rows(tx, MARCH.since, MARCH.until, scope))
            assert bookings_won(tx, MARCH.since, MARCH.until, scope) == won.bookings
        return won.bookings, [(one.currency, str(one.amount), one.unknown) for one in won.earned]

    assert found() == (0, [])
    book(campaigns, WRITTEN, "R1")  # opened nothing
    book(campaigns, CLICKED, "R2")
    book(campaigns, CLICKED, "R3", revenue="80.00", currency="CNY", hotel="SHA")
    book(campaigns, CLICKED, "R4", revenue=None)
    assert found() == (3, [("EUR", "300.00", 1), ("CNY", "80.00", 0)])
    assert found(Scope(frozenset({"SHA"}))) == (1, [("CNY", "80.00", 0)])
    book(campaigns, CLICKED, "R2", version=2, what="cancelled", at="2016-03-25 12:00")
    assert found() == (2, [("CNY", "80.00", 0)])


def test_a_cancelled_stay_is_no_booking_and_a_reinstated_one_is_again(campaigns: Campaigns) -> None:
    book(campaigns, WRITTEN, "R1")
    book(campaigns, WRITTEN, "R1", version=2, what="cancelled", at="2016-03-25 12:00")
    assert (whole(campaigns).booked, whole(campaigns).nights, earned(campaigns)) == (0, 0, [])
    book(campaigns, WRITTEN, "R1", version=3, what="reinstated", at="2016-03-26 12:00")
    assert (whole(campaigns).booked, whole(campaigns).nights) == (1, 3)


def test_what_came_twice_or_late_counts_once_and_as_the_newest_says(campaigns: Campaigns) -> None:
    book(campaigns, WRITTEN, "R1", version=2, what="changed", revenue="450.00")
    book(campaigns, WRITTEN, "R1", revenue="300.00")
    book(campaigns, WRITTEN, "R1", version=2, what="changed", revenue="450.00")
    assert (whole(campaigns).booked, earned(campaigns)) == (1, [("EUR", "450.00", 0)])


def test_a_booking_before_the_message_or_after_its_days_is_not_its_own(campaigns: Campaigns) -> None:
    for number, at in enumerate(("2016-02-28 12:00", "2016-03-01 09:59", "2016-05-01 12:00")):
        book(campaigns, WRITTEN, f"R{number}", at=at)
    assert whole(campaigns).booked == 0


def test_a_guest_who_books_twice_is_one_with_two_stays(campaigns: Campaigns) -> None:
    book(campaigns, WRITTEN, "R1")
    book(campaigns, WRITTEN, "R2", nights=2)
    assert (whole(campaigns).booked, whole(campaigns).nights) == (1, 5)


def test_currencies_are_never_added_and_what_is_not_known_is_said(campaigns: Campaigns) -> None:
    campaigns.hear(off_the_wire(chunk_of([BUND])))
    book(campaigns, WRITTEN, "R1")
    book(campaigns, WRITTEN, "R2", currency=None, hotel="SHA", revenue="2100")
    book(campaigns, CLICKED, "R3", currency=None, hotel="SHA", revenue=None)
    assert earned(campaigns) == [("CNY", "2100", 1), ("EUR", "300.00", 0)]


def test_a_stay_counts_for_the_last_message_before_it(campaigns: Campaigns) -> None:
    campaigns.run("2016-03-12 00:00")
    second = [one for one in campaigns.requested() if one["step"] == "second" and one["guest_id"] == str(WRITTEN)]
    campaigns.hear(outcome(second[0], "sent", 1, "2016-03-11 10:00"))
    book(campaigns, WRITTEN, "R1")
    found = {line.part: (line.written, line.booked) for line in lines(campaigns, By.STEP)}
    assert found == {"first": (3, 0), "second": (1, 1)}
    assert whole(campaigns).booked == 1


def test_objections_count_for_a_week_and_those_of_nobody_are_passed_over(campaigns: Campaigns) -> None:
    for number, (guest, at) in enumerate(
        (
            (WRITTEN, "2016-03-03 10:00"),
            (CLICKED, "2016-03-20 10:00"),
            (KEPT, "2016-03-03 10:00"),
            (None, "2016-03-03 10:00"),
        )
    ):
        one = OptoutRequested(
            optout_id=make_id("optout", number),
            version=1,
            channel=Channel.EMAIL,
            point="p",
            guest_id=guest,
            scope=OptOutScope.MARKETING,
            source="link",
            requested_at=instant(at),
        )
        campaigns.hear(off_the_wire(chunk_of([one])), at="2016-03-20 10:00")
    assert whole(campaigns).opted_out == 1


def test_who_may_see_one_hotel_sees_its_figures_only(campaigns: Campaigns) -> None:
    book(campaigns, WRITTEN, "R1", hotel="SHA")
    shanghai = lines(campaigns, scope=Scope(frozenset({"SHA"})))
    lisbon = lines(campaigns, scope=Scope(frozenset({"LIS"})))
    assert [line.booked for line in shanghai] == [1] and lisbon == []


def test_the_page_says_what_it_brought_and_the_table_carries_the_same(campaigns: Campaigns) -> None:
    book(campaigns, CLICKED, "R1")
    marta = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=instant("2016-05-01 12:00"))
    page = words(marta.get("/campaigns/journeys/offers/results?by=step"))
    assert "Written to 3 of 4 guests who entered" in page and "Too few to tell." in page
    assert "€300.00" in page
    table = marta.get("/campaigns/journeys/offers/results.csv").get_data(as_text=True).splitlines()
    assert table[0].startswith("\ufeffjourney,from,to,journey,entered")
    assert table[1].startswith("offers,2016-02-01,2016-05-01,,4,4,3,") and table[1].endswith("EUR,300.00,0")
    for first, last in (("soon", ""), ("2016-05-02", "2016-05-01"), ("1990-01-01", "2016-05-01")):
        assert marta.get(f"/campaigns/journeys/offers/results?from={first}&to={last}").status_code == 200


def test_a_version_has_results_and_a_drawing_of_its_own(campaigns: Campaigns) -> None:
    """One guest enters the second version, which asks another way and within fewer days."""
    marta = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=instant("2016-05-01 12:00"))
    assert 'name="version"' not in marta.get("/campaigns/journeys/offers/results").get_data(as_text=True)
    other = OFFER.replace("template: dinner", "template: concert").replace("within_days: 60", "within_days: 7")
    with campaigns.database.transaction() as tx:
        publish(tx, parse(other), instant("2016-03-02 00:00"), "marketer")
        launch(tx, "offers", at=instant("2016-03-02 00:00"), by="marketer", entries_from=date(2016, 3, 2))
    campaigns.hear(audience(NEWCOMER, 1, True, "2016-03-03 09:00", segment="lapsed"))
    campaigns.tick("2016-03-03 09:00")
    book(campaigns, CLICKED, "R1")

    def page(version: int) -> tuple[str, str]:
        shown = marta.get(f"/campaigns/journeys/offers/results?by=step&version={version}")
        return words(shown), shown.get_data(as_text=True)

    assert "of 5 guests who entered" in page(0)[0]
    first, drawn = page(1)
    assert "of 4 guests who entered" in first and "within 60 days" in first and "dinner" in first
    assert "offers/results.csv?from=2016-02-01&amp;to=2016-05-01&amp;version=1&amp;by=step" in drawn
    second, _ = page(2)
    assert "of 1 guest who entered" in second and "within 7 days" in second and "dinner" not in second
    table = marta.get("/campaigns/journeys/offers/results.csv?version=2").get_data(as_text=True).splitlines()
    assert table[1].startswith("offers,2016-02-01,2016-05-01,,1,1,0,")


def test_what_messages_cost_stands_beside_what_they_brought(campaigns: Campaigns) -> None:
    """The second message of one guest went at a price; of the first ones nobody had said any."""
    assert (whole(campaigns).spent, whole(campaigns).unpriced) == ([], 3)
    campaigns.tick("2016-03-11 10:00")
    later = [one for one in campaigns.requested() if one["step"] == "second" and one["guest_id"] == str(CLICKED)]
    for message in later:
        priced: dict[str, Any] = {"cost": "0.05", "currency": "EUR", "parts": 1, "language": "pt"}
        campaigns.hear(outcome(message, "sent", 1, "2016-03-11 10:05", **priced))
    book(campaigns, CLICKED, "R1")
    assert [(one.currency, str(one.amount)) for one in whole(campaigns).spent] == [("EUR", "0.05")]
    assert whole(campaigns).unpriced == 3
    by_language = {one.part: (one.sent, one.unpriced) for one in lines(campaigns, By.LANGUAGE)}
    assert by_language["pt"] == (1, 0)
    assert {one.part for one in lines(campaigns, By.DAY)} == {"2016-03-01"}
    marta = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=instant("2016-05-01 12:00"))
    page = words(marta.get("/campaigns/journeys/offers/results?by=channel"))
    assert "€0.05" in page and "price not known: 3 messages" in page
    assert "€6,000.00" in page  # for each euro


def test_where_nobody_entered_the_page_teaches(campaigns: Campaigns) -> None:
    ada = browser(SERVICE.build_web, Config(), campaigns.database, ADA, at=instant("2016-01-31 12:00"))
    assert "Nobody entered on these days" in words(ada.get("/campaigns/journeys/offers/results"))
    assert ada.get("/campaigns/journeys/nothing/results").status_code == 404


@pytest.mark.parametrize(
    ("written", "control", "certain"),
    [
        (Group(1000, 80), Group(1000, 40), True),
        (Group(1000, 50), Group(1000, 45), False),
        (Group(100, 12), Group(100, 0), True),
    ],
)
def test_a_difference_is_certain_where_its_interval_leaves_out_nothing(
    written: Group, control: Group, certain: bool
) -> None:
    found = lift(written, control)
    assert found is not None and found.low < found.difference < found.high and found.is_certain is certain


def test_few_guests_or_few_bookings_tell_nothing() -> None:
    assert lift(Group(99, 50), Group(1000, 50)) is None
    assert lift(Group(1000, 5), Group(1000, 4)) is None


def test_the_intervals_are_those_of_the_papers() -> None:
    """Newcombe 1998: 56/70 against 48/80 is 0.0524 to 0.3339 by method 10; Wilson's 15/148 is 0.0624 to 0.1605."""
    found = lift(Group(700, 560), Group(800, 480))
    assert found is not None
    assert wilson(Group(148, 15)) == pytest.approx((0.0624, 0.1605), abs=0.0001)
    assert wilson(Group(0, 0)) == (0.0, 1.0)


@pytest.fixture
def many(campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch) -> Campaigns:
    """Four guests are more than a page counts itself."""
    monkeypatch.setattr("services.campaigns.commands.count_results.AT_ONCE", 3)
    return campaigns


NOON = instant("2016-05-01 12:00")


def shown(campaigns: Campaigns, later: timedelta, query: str = "") -> str:
    marta = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=NOON + later)
    return words(marta.get(f"/campaigns/journeys/offers/results{query}"))


def count(campaigns: Campaigns, later: timedelta) -> int:
    """Whatever the role has to do then."""
    role, done = Results(campaigns.database), 0
    while role.step(NOON + later):
        done += 1
        assert done < 20, "it comes to an end"
    return done


def test_few_are_counted_each_time_they_are_asked_for(campaigns: Campaigns) -> None:
    assert "Counted at" not in shown(campaigns, timedelta()) and "being counted" not in shown(campaigns, timedelta())
    assert campaigns.one("select count(*) from result_kept") == 0
    assert Results(campaigns.database).next_due() is None


def test_many_are_counted_aside_and_the_page_says_so_and_of_when_its_figures_are(many: Campaigns) -> None:
    first = shown(many, timedelta())
    assert "These results are being counted" in first and "Written to" not in first
    assert Results(many.database).next_due() == NOON
    assert count(many, timedelta(seconds=2)) == 2, "the results, and its goals"
    book(many, CLICKED, "R1")
    half_an_hour = shown(many, timedelta(minutes=30))
    assert "Counted at" in half_an_hour and "Written to" in half_an_hour and "€300.00" not in half_an_hour
    assert "being counted" not in half_an_hour and not count(many, timedelta(minutes=30))
    anew = shown(many, timedelta(minutes=30), "?anew=1")
    assert "being counted anew" in anew and "€300.00" not in anew
    assert count(many, timedelta(minutes=31)) == 2
    assert "€300.00" in shown(many, timedelta(minutes=40))
    with many.database.transaction() as tx:
        at_once = result_rows(tx, "offers", window_of_page(), By.JOURNEY, EVERYWHERE)
    assert many.one("select lines from result_kept where by = 'journey'") == at_once, "as it is counted at once"


def window_of_page() -> Window:
    """The last 90 days."""
    return Window(instant("2016-02-01 00:00"), instant("2016-05-02 00:00"), timedelta(days=60))


def test_what_pages_ask_for_is_counted_every_hour_for_a_day_and_goes_with_the_day(many: Campaigns) -> None:
    shown(many, timedelta())
    count(many, timedelta())
    assert Results(many.database).next_due() == NOON + timedelta(hours=1)
    book(many, CLICKED, "R1")
    assert count(many, timedelta(hours=1)) == 2
    assert "€300.00" in shown(many, timedelta(hours=1, minutes=10))
    assert count(many, timedelta(hours=13)) == 2, "it is the second of May by now"
    assert many.one("select max(until) from result_kept") == instant("2016-05-03 00:00")
    morning = shown(many, timedelta(hours=13, minutes=10))
    assert "€300.00" in morning and "being counted" not in morning
    assert count(many, timedelta(hours=40)) == 0 and many.one("select count(*) from result_kept") == 0


def test_older_figures_are_shown_while_newer_are_counted_and_a_table_waits_for_them(many: Campaigns) -> None:
    shown(many, timedelta())
    count(many, timedelta())
    book(many, CLICKED, "R1")
    later = shown(many, timedelta(hours=3))
    assert "being counted anew" in later and "Written to" in later and "€300.00" not in later
    marta = browser(SERVICE.build_web, Config(), many.database, MARTA, at=NOON + timedelta(hours=3))
    assert ",300" in marta.get("/campaigns/journeys/offers/results.csv").get_data(as_text=True)
    assert "€300.00" in shown(many, timedelta(hours=3))


def test_results_that_cannot_be_counted_end_no_role_and_may_be_asked_for_again(many: Campaigns) -> None:
    shown(many, timedelta())
    with many.database.transaction() as tx:
        tx.execute("update result_kept set by = 'nothing of the kind' where by = 'journey'")
    assert count(many, timedelta(seconds=1)) == 2
    assert many.one("select count(*) from result_kept where wanted_at is not null") == 0
    assert "being counted" in shown(many, timedelta(seconds=2))
    assert count(many, timedelta(seconds=3)) == 1


def home(campaigns: Campaigns, at: datetime) -> Any:
    """What home is told of the bookings won this month."""
    found = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=at).get("/campaigns/home").json
    assert found is not None
    return found["won"]


def test_what_a_month_won_is_counted_aside_where_many_clicked(
    campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(at: datetime) -> int:
        return Results(campaigns.database).step(at)

    campaigns.hear(off_the_wire(chunk_of([BUND])))
    book(campaigns, CLICKED, "R1")
    noon = instant("2016-03-25 12:00")
    at_once = {"bookings": 1, "earned": [{"currency": "EUR", "amount": "300.00"}], "counted_at": None}
    assert home(campaigns, noon) == at_once and campaigns.one("select count(*) from result_kept") == 0
    monkeypatch.setattr("services.campaigns.commands.count_results.AT_ONCE", 0)
    assert home(campaigns, noon) == {"bookings": None, "earned": [], "counted_at": None}
    assert step(noon + timedelta(seconds=2)) == 1 and step(noon + timedelta(seconds=3)) == 0
    counted = {**at_once, "counted_at": "2016-03-25T12:00:02+00:00"}
    assert home(campaigns, noon + timedelta(minutes=5)) == counted, "the same as at once, and of when"
    book(campaigns, CLICKED, "R2")
    assert home(campaigns, noon + timedelta(minutes=59)) == counted, "another visit of the month asks the same"
    assert step(noon + timedelta(hours=1, seconds=2)) == 1
    assert home(campaigns, noon + timedelta(hours=1, minutes=1))["bookings"] == 2
    april = instant("2016-04-01 12:00")
    assert home(campaigns, april)["bookings"] is None, "a new month is another question"
    while step(april):
        pass
    assert home(campaigns, april)["bookings"] == 0
    key_figures = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=april)
    path = "/campaigns/key-figures?since=2016-01-01T00:00:00%2B00:00&until=2017-01-01T00:00:00%2B00:00"
    assert key_figures.get(path).json == {"won": None}
    assert step(april) == 1 and key_figures.get(path).json == {"won": 2}
    path = "/campaigns/key-figure-courses?span=month&first=2016-03-01&zone=Europe/Lisbon"
    assert key_figures.get(path).json == {"won": None}
    assert step(april) == 1
    course = (key_figures.get(path).json or {})["won"]
    assert len(course) == 13 and course["2016-03-01"] == 2 and sum(course.values()) == 2
    for wrong in ("span=month&first=x&zone=UTC", "span=month&first=2016-03-01&zone=../x", "span=x&first=2016-03-01"):
        assert key_figures.get(f"/campaigns/key-figure-courses?{wrong}").status_code == 404
