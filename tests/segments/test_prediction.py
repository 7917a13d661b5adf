"""Predictions: the published fit, speed, what they are made of, and a test on who came."""

from __future__ import annotations

import csv
import gzip
import random
import subprocess
import sys
import time
from array import array
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from services.segments.clock import GuestFigures, Predictions
from services.segments.clock.after_imports import AT_MOST, PASSED_ON_WITHIN
from services.segments.commands.prediction.asking import scores_of
from services.segments.commands.prediction.predict import AHEAD, split_of
from services.segments.config import Config
from services.segments.queries.prediction.predicted import compared_lines, expected_of, last_prediction
from services.segments.queries.prediction.visitors import Visitors, visitors
from services.segments.rules.prediction import models
from services.segments.rules.prediction.models import NotFitted, fit_spend, fit_visits
from services.segments.service import SERVICE
from services.segments.store.imports.runs import begin_run, end_run
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database
from shared.ids import make_id
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter
from tests.segments.rows import add_properties
from tests.web import browser, words

CDNOW = Path(__file__).parents[3] / "shared" / "data" / "cdnow_customers_summary.csv.gz"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def column(*values: float) -> Any:
    return np.array(values, dtype=float)


@pytest.mark.data
def test_the_published_fit_is_found_in_less_than_a_second() -> None:
    """Fader, Hardie and Lee (2005), table 2; the expectation is their example's."""
    if not CDNOW.exists():
        pytest.skip("../shared/data is absent")
    with gzip.open(CDNOW, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x, last, age = (column(*(float(one[name]) for one in rows)) for name in ("frequency", "recency", "T"))
    fit_visits(x[:50], last[:50], age[:50])  # what is loaded is loaded
    began = time.process_time()
    found = fit_visits(x, last, age)
    assert time.process_time() - began < 1
    for name, published in (("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)):
        assert getattr(found, name) == pytest.approx(published, abs=0.001)
    expected = found.expected(column(2), column(30.43), column(38.86), 39)
    assert float(expected[0]) == pytest.approx(1.226, abs=0.001)


def test_a_million_guests_are_scored_in_less_than_ten_seconds() -> None:
    chance = np.random.default_rng(1)
    count = 1_000_000
    x = chance.poisson(0.6, count).astype(float)
    age = chance.integers(1, 1825, count).astype(float)
    last = np.where(x > 0, np.floor(age * chance.random(count)), 0)
    fitted = models.Visits(0.243, 30.9, 0.793, 2.426)
    began = time.process_time()
    alive, to_come = fitted.alive(x, last, age), fitted.expected(x, last, age, 365)
    assert time.process_time() - began < 10
    assert np.all((alive > 0) & (alive <= 1)) and np.all(np.isfinite(to_come)) and np.all(to_come >= 0)
    few = slice(0, count, 100_000)
    assert np.allclose(to_come[few], fitted.expected(x[few], last[few], age[few], 365)), "alike guests score alike"


@pytest.mark.parametrize("kind", ["visits", "spend"])
def test_the_gradients_are_those_of_the_objectives(kind: str) -> None:
    chance = np.random.default_rng(3)
    x = chance.poisson(1, 40).astype(float)
    age = chance.uniform(5, 40, 40)
    if kind == "visits":
        value = models._visits(np.array([x, np.where(x > 0, age / 2, 0), age]), np.ones(40))
        at = np.array([-1.0, 1.0, -0.2, 0.8])
    else:
        value, at = models._spend(x + 1, chance.gamma(2, 30, 40)), np.array([0.5, 0.7, 1.0])
    assert np.allclose(approx_fprime(at, lambda logs: value(logs)[0], 1e-6), value(at)[1], atol=1e-5)


def test_what_a_visit_brings_is_found_again_in_what_was_drawn() -> None:
    chance = np.random.default_rng(2)
    visits = chance.integers(1, 7, 30_000)
    mean = chance.gamma(6.25 * visits) / (visits * chance.gamma(3.74, 1 / 15.44, 30_000))
    found = fit_spend(visits.astype(float), mean)
    assert (found.q, found.v / found.q * found.p) == pytest.approx((3.74, 15.44 / 3.74 * 6.25), rel=0.05)
    once, often = found.expected(column(1, 50), column(200, 200))
    middle = found.p * found.v / (found.q - 1)
    assert middle < once < often < 200, "few visits are drawn to everybody's mean, many stand for themselves"


def test_guests_who_never_came_again_determine_nothing() -> None:
    with pytest.raises(NotFitted):
        fit_visits(column(0, 0), column(0, 0), column(5, 9))
    nobody = Visitors()
    assert scores_of(nobody, 365, NOW.date()).why
    once = Visitors(array("d", [0, 0]), array("d", [0, 0]), array("d", [5, 9]), array("d", [1, 2]), array("d", [0, 0]))
    once.months.extend([3, 4])
    assert scores_of(once, 365, NOW.date()).why == "nobody came again"


def test_the_services_do_not_load_what_only_the_child_needs() -> None:
    code = "import sys, services.segments.service, services.segments.pages; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


def world(database: Database, count: int = 700) -> list[Stayed]:
    """Guests who come at a rate of their own and stay away one day for good: as the model has it."""
    chance = random.Random(7)
    began = date(2023, 1, 1)
    stays: list[Stayed] = []
    people: list[Person] = []
    for number in range(count):
        person = Person(f"Guest {number}", home_property="LIS")
        people.append(person)
        rate, leaves = chance.gammavariate(0.9, 1 / 160), chance.betavariate(0.8, 2.4)
        day, amount = began + timedelta(days=chance.randrange(900)), chance.choice([80, 200, 500])
        while day < NOW.date() - timedelta(days=4):
            stays.append(Stayed(person.name, f"R-{len(stays)}", day, nights=2, revenue=Decimal(amount)))
            if chance.random() < leaves:
                break
            day += timedelta(days=3 + int(chance.expovariate(rate)))
    add_properties(database)
    with database.transaction() as tx:
        enter(tx, people, stays)
    return stays


def test_a_month_predicts_and_tests_itself_on_who_came(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    role = Predictions(database)
    assert role.next_due() is None and not role.step(NOW), "nobody came yet"
    stays = world(database)
    assert role.step(NOW) == 1 and not role.step(NOW + timedelta(hours=1))
    assert role.next_due() == datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
    with database.transaction() as tx:
        found = last_prediction(tx)
        assert found is not None and found.why is None and found.split == NOW.date() - timedelta(days=AHEAD)
        lines = compared_lines(tx, found.as_of, EVERYWHERE)
        expected = expected_of(tx, found.as_of, EVERYWHERE)
        made = visitors(tx, found.split, found.as_of)
    came, predicted = sum(one.came for one in lines), sum(one.predicted for one in lines)
    before = {one.guest for one in stays if one.arrival < found.split}
    after = [one for one in stays if one.arrival >= found.split and one.guest in before]
    assert (len(made), came) == (len(before), len(after)), "as an oracle counts them"
    assert predicted == pytest.approx(came, rel=0.25)
    assert 0 < expected.alive_again <= expected.again < expected.guests and expected.worth > 0

    page = words(browser(SERVICE.build_web, Config(), database, MARTA, at=NOW).get("/segments/predictions"))
    assert "Predicted and came" in page and "1 visit before" in page and "4 visits before, or more" in page


def test_while_a_file_comes_in_nothing_is_predicted_of_half_of_it(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    world(database, 3)
    run = make_id("import", "prediction")
    with database.transaction() as tx:
        begin_run(tx, run, "export", NOW)
    for role in (Predictions(database), GuestFigures(database)):
        assert role.next_due() == NOW + AT_MOST and not role.step(NOW + timedelta(minutes=1))
    with database.transaction() as tx:
        end_run(tx, run, {}, NOW + timedelta(minutes=2))
    for role in (Predictions(database), GuestFigures(database)):
        assert role.next_due() == NOW + timedelta(minutes=2) + PASSED_ON_WITHIN


def test_a_third_of_what_is_known_is_kept_for_the_test() -> None:
    assert split_of(date(2026, 1, 1), date(2026, 4, 1)) == date(2026, 3, 2)
    assert split_of(date(2016, 1, 1), date(2026, 4, 1)) == date(2025, 4, 1)
