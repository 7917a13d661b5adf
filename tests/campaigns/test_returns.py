"""What messages brought: every number is what the raw rows say, and many are counted aside."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from guestloop.operations.figures_of_messages import message_figures
from services.campaigns.clock import Results
from services.campaigns.config import Config
from services.campaigns.queries.returns import return_rows, returns_of
from services.campaigns.rules.results import Group, Lift, lift, lift_over
from services.campaigns.rules.returns import Return, Returns, by_channel, by_journey
from services.campaigns.service import SERVICE
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Database
from tests.campaigns.returns_oracle import SINCE, UNTIL, Oracle, fill
from tests.cast import ADA, DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

APRIL = UNTIL + timedelta(days=20)
OF_MARCH = "span=month&first=2026-03-01"


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    made = make_database("campaigns")
    with made.transaction() as tx:
        fill(tx)
    return made


def counted(database: Database, scope: Scope = EVERYWHERE) -> Returns:
    with database.transaction() as tx:
        return returns_of(return_rows(tx, SINCE, UNTIL, scope))


def test_every_number_is_what_the_raw_rows_say(database: Database) -> None:
    for hotel in (None, "LIS", "SHA"):
        agree(counted(database, Scope(frozenset({hotel})) if hotel else EVERYWHERE), Oracle(database, hotel))


def agree(found: Returns, oracle: Oracle) -> None:
    for by, lines in (("journey", by_journey(found)), ("channel", by_channel(found))):
        paid, last, first = oracle.paid(by), *(oracle.clicked(by, first=one) for one in (False, True))
        assert {one.key for one in lines} == {*paid, *last, *first}
        for one in lines:
            assert (one.messages, one.unpriced, one.spent) == paid[one.key]
            for click, said in ((one.last, last), (one.first, first)):
                assert (click.stays, click.unknown, click.earned) == said.get(one.key, (0, 0, {}))
    compared = oracle.compared()
    assert {one.journey: (one.written, one.control) for one in found.compared} == compared
    assert all(control.guests and written.booked for written, control in compared.values()), "something to agree on"
    of_mail, of_sms = (next(one for one in by_channel(found) if one.key == key) for key in ("email", "sms"))
    assert of_mail.compared == [compared["spa"]] and of_sms.lift is None, "the others write by several channels"


def test_the_command_line_tells_each_with_its_two_numbers(database: Database) -> None:
    with database.transaction() as tx:
        told = message_figures(tx, SINCE, UNTIL, EVERYWHERE)
    found = {(one["figure"], one["by"], one["of"], one["currency"]): one for one in told}
    spa = next(one for one in by_journey(counted(database)) if one.key == "spa")
    cost, written = (
        found[figure, "journey", "spa", of] for figure, of in (("message_cost", "EUR"), ("booked_written", None))
    )
    assert (cost["numerator"], cost["denominator"]) == (float(spa.spent["EUR"]), spa.priced["EUR"])
    assert (written["numerator"], written["denominator"]) == (spa.written.booked, spa.written.guests)
    clicks = [one for key, one in found.items() if key[:2] == ("last_click", "channel")]
    assert sum(one["numerator"] for one in clicks) == clicks[0]["denominator"] > 0
    assert found["lift", "journey", "spa", None]["low"] is None, "too few to tell"


def test_several_journeys_are_compared_each_with_its_own_control_group() -> None:
    busy, quiet = (Group(400, 200), Group(2000, 900)), (Group(2000, 200), Group(400, 20))
    alone, both = lift(*busy), lift_over([busy])
    assert alone and both
    assert (both.difference, both.low, both.high) == pytest.approx((alone.difference, alone.low, alone.high))
    together = lift_over([busy, quiet])
    pooled = lift(Group(2400, 400), Group(2400, 920))
    assert pooled and pooled.high < 0, "pooled, fewer would book with it"
    assert together and together.low > 0 and together.difference == pytest.approx(0.05), "yet in each of them more do"
    assert lift_over([(Group(99, 50), Group(500, 50))]) is None and lift_over([]) is None
    assert lift_over([(Group(500, 50), Group(0, 0))]) is None, "nobody was kept out"


def test_the_interval_of_several_holds_the_truth_19_times_in_20() -> None:
    chance, held, times, truth = random.Random(3), 0, 400, 0.03
    shapes = ((300, 60, 0.10), (150, 150, 0.02), (500, 50, 0.25))
    for _ in range(times):
        groups = [
            (
                Group(written, sum(chance.random() < rate + truth for _ in range(written))),
                Group(control, sum(chance.random() < rate for _ in range(control))),
            )
            for written, control, rate in shapes
        ]
        found = lift_over(groups)
        assert isinstance(found, Lift)
        held += found.low <= truth <= found.high
    assert 0.92 <= held / times <= 0.98


def test_revenue_for_cost_stands_only_where_both_are_known_in_a_currency() -> None:
    one = Return("spa", spent={"EUR": Decimal(2), "CNY": Decimal(0)})
    one.last.earned.update({"EUR": Decimal(300), "CNY": Decimal(5), "USD": Decimal(1)})
    assert one.returned == [("EUR", Decimal(150))]


def desk(database: Database, who: Member = MARTA, at: datetime = APRIL) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, at=at)


def test_the_page_shows_channels_and_journeys_and_the_table_the_same(database: Database) -> None:
    page = words(desk(database).get(f"/campaigns/returns?{OF_MARCH}"))
    assert "March 2026" in page and "By channel" in page and "By journey" in page
    assert "too few to tell" in page and "no control group" in page and "without a price" in page
    answer = desk(database, ADA).get(f"/campaigns/returns/table.csv?{OF_MARCH}&hotel=SHA")
    lines = [one for one in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))) if one["Of"] == "Spa"]
    with database.transaction() as tx:
        since, until = (day - timedelta(hours=8) for day in (SINCE, UNTIL))  # midnight in Shanghai
        found = returns_of(return_rows(tx, since, until, Scope(frozenset({"SHA"}))))
    spa = next(one for one in by_journey(found) if one.key == "spa")
    assert lines[0]["Messages"] == str(spa.messages)
    assert len(lines) == len({*spa.spent, *spa.last.earned, *spa.first.earned}) > 1
    assert sum(float(one["Cost"] or 0) for one in lines) == pytest.approx(float(sum(spa.spent.values())))
    assert desk(database, ADA).get(f"/campaigns/returns/table.xlsx?{OF_MARCH}").status_code == 200
    assert "Casa do Tejo" in words(desk(database, DINA).get(f"/campaigns/returns?{OF_MARCH}"))
    empty = words(desk(database).get("/campaigns/returns?span=month&first=2026-01-01"))
    assert "No journey was entered in this period" in empty


def test_many_are_counted_aside(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.campaigns.commands.count_results.AT_ONCE", 100)
    path = "/campaigns/returns?span=quarter&first=2026-01-01"
    assert "These results are being counted" in words(desk(database).get(path))
    assert Results(database).step(APRIL) == 1
    page = words(desk(database, at=APRIL + timedelta(minutes=5)).get(path))
    assert "Counted at" in page and "By channel" in page
