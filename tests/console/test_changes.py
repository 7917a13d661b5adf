"""«What changed and why we think so»: what an oracle of its own finds in the raw stays, in both languages; nothing of
few, nothing of a period that is not over."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from math import sqrt

import pytest

from services.console.rules.figures.changes import Contribution, Place, deviations, furthest, largest
from services.console.rules.figures.definitions import BY_KEY
from services.console.rules.figures.figures import Figure
from services.console.store.stay_days import count_stays
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.segments.stays import StayChanged
from tests.cast import ADA, DINA
from tests.conftest import MakeDatabase
from tests.console.conftest import Serve
from tests.console.staff import open_house
from tests.console.test_key_figures import GUESTS, desk, told
from tests.console.test_stays_by_day import booked, left
from tests.harness import off_the_wire
from tests.web import words

OCTOBER, SEPTEMBER, YEAR = (2026, 10), (2026, 9), (2025, 10)
NAMES = {"LIS": "Casa do Tejo Lisboa", "SHA": "Riverside House Shanghai"}


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    database = make_database("console")
    open_house(database)
    return database


def stays(counts: dict[tuple[tuple[int, int], str, str, str], int]) -> list[StayChanged]:
    """By month, hotel, channel and market."""
    found: list[StayChanged] = []
    for ((year, month), hotel, channel, market), count in counts.items():
        for _ in range(count):
            at = datetime(year, month, 1 + len(found) % 27, 12, tzinfo=UTC)
            stay = booked(len(found), property=hotel, booking_channel=channel, market=market,
                          booked_at=at, arrival=at.date())  # fmt: skip
            found.append(left(stay, at))
    return found


def keep(database: Database, events: list[StayChanged]) -> None:
    with database.transaction() as tx:
        for start in range(0, len(events), 500):
            count_stays(tx, off_the_wire(chunk_of(events[start : start + 500])))


def oracle(events: list[StayChanged]) -> tuple[Counter[tuple[int, int]], str]:
    """Of the raw stays: how many ended by month, and what moved furthest the way of all against a year before."""
    months: Counter[tuple[int, int]] = Counter()
    by: dict[tuple[str, str], Counter[tuple[int, int]]] = {}
    for one in events:
        assert one.checked_out_at is not None
        month = one.checked_out_at.year, one.checked_out_at.month
        months[month] += 1
        named = {"hotel": NAMES[one.property], "channel": one.booking_channel, "market": one.market}
        for kind, value in named.items():
            by.setdefault((kind, str(value)), Counter())[month] += 1
    change = months[OCTOBER] - months[YEAR]
    moved = {key: one[OCTOBER] - one[YEAR] for key, one in by.items()}
    sign = 1 if change >= 0 else -1
    order = sorted(moved, key=lambda key: (("hotel", "channel", "market").index(key[0]), key[1]))
    kind, value = max(order, key=lambda key: sign * moved[key])
    now, then = by[kind, value][OCTOBER], by[kind, value][YEAR]
    apart = f"the {kind} {value} ({now}, in October 2025 {then})"
    if abs(now - then) <= 3 * sqrt(now + then):
        return months, f"what moved most is {apart}, and that is no more than chance."
    if abs(change) <= 3 * sqrt(months[OCTOBER] + months[YEAR]):
        return months, f"We think there is a shift beneath it: what moved most is {apart}."
    return months, f"We think most of it comes from {apart}."


@pytest.mark.parametrize("seed", range(3))
def test_what_is_said_is_what_an_oracle_finds_in_the_raw_stays(console: Database, serve: Serve, seed: int) -> None:
    chance = random.Random(seed)
    counts = {
        (month, hotel, channel, market): chance.randrange(2, 60) if seed else 20 + (hotel == "LIS")
        for month in (OCTOBER, SEPTEMBER, YEAR)
        for hotel in NAMES
        for channel in ("Direct", "OTA")
        for market in ("leisure", "corporate")
    }
    for more, (hotel, market) in enumerate((("SHA", "leisure"), ("LIS", "leisure"), ("LIS", "corporate"))):
        counts[OCTOBER, hotel, "OTA", market] += 4 - more  # no two move alike
    events = stays(counts)
    keep(console, events)
    page = words(desk(console, serve(told(windows={})), ADA).get("/figures"))
    months, reason = oracle(events)
    assert f"{months[OCTOBER]} stays ended in October 2026:" in page
    for month, name in ((SEPTEMBER, "September 2026"), (YEAR, "October 2025")):
        now, then = months[OCTOBER], months[month]
        share = f"{abs(now - then) / then * 100:.0f}%"
        if abs(now - then) <= 3 * sqrt(now + then):
            assert f"no more apart from {name} ({then}) than chance explains" in page
        else:
            assert f"{share} {'more' if now > then else 'fewer'} than in {name} ({then})" in page
    assert reason in page
    assert page == words(desk(console, serve(told(windows={})), ADA).get("/figures")), "the same is said again"


def test_in_chinese_and_of_one_hotel_alone(console: Database, serve: Serve) -> None:
    counts = {(OCTOBER, "LIS", "OTA", "leisure"): 90, (YEAR, "LIS", "OTA", "leisure"): 40}
    counts |= {(OCTOBER, "LIS", "Direct", ""): 30, (YEAR, "LIS", "Direct", ""): 29, (OCTOBER, "SHA", "OTA", ""): 500}
    keep(console, stays(counts))
    dina = desk(console, serve(told(windows={})), DINA)
    page = words(dina.get("/figures", headers={"Accept-Language": "zh"}))
    assert "2026年10月共有 120 次住店结束：" in page and "比2025年10月（69 次）多 74%" in page
    assert "我们认为主要来自渠道「OTA」（90，2025年10月为 40）。" in page
    assert "Riverside" not in page and "620" not in page, "another hotel's stays are in no sentence of hers"


def test_of_few_and_of_a_period_that_is_not_over_nothing_is_said(console: Database, serve: Serve) -> None:
    keep(console, stays({(OCTOBER, "LIS", "OTA", ""): 12, (YEAR, "LIS", "OTA", ""): 29}))
    ada = desk(console, serve(told(windows={})), ADA)
    page = words(ada.get("/figures"))
    assert "12 stays ended in October 2026: in September 2026 (0) there were too few to tell" in page
    assert "What it comes from cannot be told: there is too little to compare with." in page
    assert "Of the other figures there are too few to tell." in page
    assert "November 2026 is not over yet" in words(ada.get("/figures?first=2026-11-01"))
    assert "What changed" not in words(ada.get("/figures?cut=channel&value=OTA"))


def test_new_guests_and_a_figure_that_moved_are_named(console: Database, serve: Serve) -> None:
    keep(console, stays({(OCTOBER, "LIS", "OTA", ""): 300, (YEAR, "LIS", "OTA", ""): 150}))
    now = {**GUESTS, "guests": 280, "known": 40, "complained": 30, "again": 0}
    then = {**GUESTS, "guests": 140, "known": 38, "complained": 1, "again": 0}
    windows = {"2026-10-01": now, "2026-09-01": then, "2025-10-01": then}
    page = words(desk(console, serve(told(windows=windows)), ADA).get("/figures"))
    assert "most of it comes from guests who came for the first time (240, in October 2025 102)." in page
    assert "We think Complaint rate became worse by more than chance: 10.7% (30 of 280), in October 2025 0.7%" in page


def test_the_furthest_is_found_and_what_has_one_value_explains_nothing() -> None:
    one = Contribution(Place.HOTEL, "LIS", 90, 40)
    assert largest([one], 50) is None
    others = [Contribution(Place.CHANNEL, name, now, then) for name, now, then in (("a", 5, 60), ("b", 60, 40))]
    assert largest([one, *others], 50) == others[1] and largest(others, -35) == others[0]
    assert largest(others, 0) == others[0], "where all is as before the furthest of any way"


def test_chance_is_what_two_shares_of_one_urn_would_do() -> None:
    """Against drawing: of pairs from one urn one in some hundred lies outside, at most."""
    chance, outside = random.Random(7), 0
    definition = BY_KEY["repurchase"]
    for _ in range(2000):
        drawn = [Figure(definition, Decimal(sum(chance.random() < 0.3 for _ in range(80))), 80) for _ in range(2)]
        outside += furthest([(drawn[0], drawn[1])]) is not None
    assert outside < 20
    score = BY_KEY["nps"]
    assert deviations(Figure(score, Decimal(10), 20), Figure(score, Decimal(90), 100)) is None, "too few to tell"
    assert deviations(Figure(BY_KEY["spend"], Decimal(10), 90), Figure(BY_KEY["spend"], Decimal(9), 90)) is None
