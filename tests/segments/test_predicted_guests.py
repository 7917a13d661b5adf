"""What is predicted of each guest: as an oracle has it, asked by rules, shown where it may be, unknown where it is."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.segments.clock import Predictions
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.guests.rights import claim
from services.segments.commands.segments.lifecycle import save_segment
from services.segments.config import Config
from services.segments.queries.prediction.predicted import expected_of, last_prediction
from services.segments.service import SERVICE
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.prediction.guests import predicted_of
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.right import Right
from tests.cast import DINA, MARTA
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Converted, Person, Stayed, enter, move
from tests.segments.prediction_oracle import foresee
from tests.segments.rows import add_properties
from tests.web import browser, words

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 4, tzinfo=UTC)
RULES = {
    "gone": {"fact": "chance_alive", "op": "less_than", "value": 0.5},
    "often": {"fact": "expected_stays", "op": "at_least", "value": 0.8},
    "dear": {"fact": "expected_spend", "op": "known", "value": True},
    "august": {"fact": "likely_month", "op": "in", "value": ["8", "9"]},
    "dark": {"not": {"fact": "likely_month", "op": "known", "value": True}},
}


def stays_of(person: Person, chance: random.Random) -> list[Stayed]:
    """Somebody who comes in a month of theirs, until one day they do not any more; some in Shanghai, for yuan of which
    a rate is known or is not."""
    day = date(2023, 1, 1) + timedelta(days=chance.randrange(1000))
    house, found, amount = chance.choice(["LIS", "LIS", "SHA"]), list[Stayed](), chance.choice([80, 200, 500])
    while day < NOW.date() - timedelta(days=4):
        reported = Decimal(amount) / 8 if chance.random() < 0.6 else None
        paid = Converted(Decimal(amount), reported, "CNY") if house == "SHA" else None
        number = f"{person.name} {len(found)}"
        found.append(Stayed(person.name, number, day, house=house, revenue=Decimal(amount), converted=paid))
        if chance.random() < 0.35:
            break
        if chance.random() < 0.1:
            found.append(Stayed(person.name, number + "b", found[-1].departure, house=house, revenue=Decimal(50)))
        day += timedelta(days=chance.choice([40, 180, 360]) + chance.randrange(20))
    return found


@pytest.fixture
def world(make_database: MakeDatabase) -> tuple[Database, list[Stayed]]:
    database, chance = make_database("segments"), random.Random(11)
    people = [Person(f"Guest {number}", home_property="LIS") for number in range(160)]
    stays = [stay for person in people for stay in stays_of(person, chance)]
    people.append(Person("Both", home_property="LIS"))
    stays += [Stayed("Both", "Both 1", date(2024, 1, 10), house="SHA"), Stayed("Both", "Both 2", date(2024, 2, 10))]
    add_properties(database)
    with database.transaction() as tx:
        enter(tx, [*people, Person("Newcomer", home_property="LIS")], stays)
        tx.execute("insert into exchange_rate values ('EUR', 'CNY', '2026-01-01', 8, 'test', now(), 'test')")
        for key, rule in RULES.items():
            save_segment(tx, key, key, rule, NOW)
        move(tx, [person.name for person in people], NOW)
    evaluate_all(database, NOW)
    assert Predictions(database).step(NOW) == 1
    return database, stays


def test_each_guest_is_predicted_as_an_oracle_has_it(world: tuple[Database, list[Stayed]]) -> None:
    database, stays = world
    with database.transaction() as tx:
        found = last_prediction(tx)
        assert found is not None and found.why is None
        expected = foresee(stays, found.as_of, found.parameters)
        rows = dict(tx.execute("select guest_id, to_jsonb(q) from guest_prediction q").fetchall())
        sums = {code: expected_of(tx, found.as_of, Scope(frozenset({code}))) for code in ("LIS", "SHA")}
        whole = expected_of(tx, found.as_of, EVERYWHERE)
    assert set(rows) == {make_id("guest", name) for name in expected}
    for name, one in expected.items():
        row = rows[make_id("guest", name)]
        assert (row["property"], row["month"]) == (one.hotel, one.month)
        assert row["alive"] == pytest.approx(one.alive, abs=1e-4) and row["visits"] == pytest.approx(
            one.visits, abs=1e-3
        )
        assert row["worth"] == pytest.approx(one.worth, abs=0.02)
    unknown = [one for one in expected.values() if one.worth is None]
    assert unknown and whole.unpriced == len(unknown), "an amount without a rate is not nought"
    named = {one.month for one in expected.values()}
    assert None in named and len(named) > 3
    assert whole.guests == len(expected) == sums["LIS"].guests + sums["SHA"].guests
    assert sums["SHA"].worth_there == pytest.approx(Decimal(sums["SHA"].worth) * 8)


def test_rules_ask_for_it_and_follow_the_next_one(world: tuple[Database, list[Stayed]]) -> None:
    database, _ = world
    check_members(database)
    with database.transaction() as tx:
        later = [Stayed(f"Guest {n}", f"late {n}", date(2026, 11, 22), nights=2) for n in range(0, 160, 2)]
        enter(tx, [], later)
        move(tx, [one.guest for one in later], LATER)
    before = {key: set(members(database, key)) for key in RULES}
    assert Predictions(database).step(LATER) == 1
    assert any(before[key] != set(members(database, key)) for key in RULES)
    check_members(database)
    with database.transaction() as tx:
        reasons = tx.execute("select distinct because ->> 'fact' from membership_change where not initial").fetchall()
    assert ("chance_alive",) in reasons


def members(database: Database, key: str) -> list[object]:
    with database.transaction() as tx:
        return list(members_of(tx, key))


def check_members(database: Database) -> None:
    """Whoever lies on the right side of what is kept, and nobody else."""
    plain = {
        "gone": "alive < 0.5",
        "often": "visits >= 0.8",
        "dear": "worth is not null",
        "august": "month in (8, 9)",
        "dark": "month is null",
    }
    with database.transaction() as tx:
        for key, condition in plain.items():
            query = f"""
                select f.guest_id from guest_facts f left join guest_prediction using (guest_id)
                where {condition} order by 1
            """
            found = [guest for (guest,) in tx.execute(query)]
            assert found == members_of(tx, key), key
            assert found or key == "gone"


def test_the_pages_say_what_is_known_and_what_is_not(world: tuple[Database, list[Stayed]]) -> None:
    database, stays = world
    marta, dina = (browser(SERVICE.build_web, Config(), database, who, at=NOW) for who in (MARTA, DINA))
    by_guest = {name: {one.house for one in stays if one.guest == name} for name in {one.guest for one in stays}}
    abroad = next(name for name, houses in sorted(by_guest.items()) if houses == {"SHA"})
    once = next(one.guest for one in stays if sum(other.guest == one.guest for other in stays) == 1)
    shown = words(marta.get(f"/segments/guests/{make_id('guest', abroad)}"))
    with database.transaction() as tx:
        row = predicted_of(tx, make_id("guest", abroad))
    assert row is not None and row.currency == "CNY" and "Revenue expected in a year" in shown
    assert ("CN¥" in shown) is (row.worth is not None), "in the currency of the hotel"
    assert "As of Nov 21, 2026" in shown
    assert "one visit says nothing of it" in words(marta.get(f"/segments/guests/{make_id('guest', once)}"))
    assert "What is expected" not in words(marta.get(f"/segments/guests/{make_id('guest', 'Newcomer')}"))
    hidden = words(dina.get(f"/segments/guests/{make_id('guest', 'Both')}"))
    assert "some of which are of hotels that you do not see" in hidden and "Likely month" not in hidden
    everywhere, lisbon = (words(one.get("/segments/predictions")) for one in (marta, dina))
    assert "whose last visit was here" in lisbon and "whose last visit was here" not in everywhere
    assert "came in it; by chance" in everywhere and "came in it" not in lisbon


def test_nothing_is_kept_of_who_objects(world: tuple[Database, list[Stayed]]) -> None:
    database, stays = world
    guest = make_id("guest", stays[0].guest)
    with database.transaction() as tx:
        assert predicted_of(tx, guest)
        claim(tx, guest, Right.OBJECTS_TO_PROFILING, said_on=NOW.date(), how="desk", words="", by="Dina", at=NOW)
        assert predicted_of(tx, guest) is None
    Predictions(database).step(LATER)
    with database.transaction() as tx:
        assert predicted_of(tx, guest) is None
        assert tx.execute("select count(*) from guest_prediction where as_of < '2026-12-01'").fetchone() == (0,)
