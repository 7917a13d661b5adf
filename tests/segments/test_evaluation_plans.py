"""What one range of guests costs does not grow with the guests outside it: every table is entered by key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.store.evaluation import facts, rulesets
from services.segments.store.evaluation.conduct import CONDUCT, HAS_CONDUCT
from shared.database.pool import Database, Tx
from tests.bench.audiences import GUESTS, NOON, STAYS, ZONES, rules
from tests.conftest import MakeDatabase

GUESTS_MADE = 3_000
READ_BY_KEY = {"guest", "guest_facts", "membership", "membership_change", "stay"}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    """A few thousand guests with their facts, of which the planner does not know how many there are."""
    database = make_database("segments")
    with database.transaction() as tx:
        tx.execute(GUESTS, {"guests": GUESTS_MADE, "zones": list(ZONES), "at": NOON})
        tx.execute(STAYS, {"guests": GUESTS_MADE, "stays": 3 * GUESTS_MADE, "at": NOON})
        for number, rule in enumerate(rules(6)):
            save_segment(tx, f"some-{number}", f"Some {number}", rule, NOON)
            use_segment(tx, f"some-{number}", NOON)
        tx.execute("analyze guest, stay")
        facts.refresh_facts(tx, facts.guests_after(tx, None, GUESTS_MADE))
        tx.execute("insert into membership select id, '{1}' from guest order by id")
    return database


@pytest.fixture
def counted(database: Database) -> Database:
    """The same, with statistics from which the planner would rather join whole tables."""
    with database.transaction() as tx:
        tx.execute("analyze")
    return database


def test_a_range_of_guests_is_evaluated_by_key(counted: Database) -> None:
    with counted.transaction() as tx:
        assert whole_tables_read(tx, rulesets.current_rules(tx).of_range) == []


def test_some_guests_are_evaluated_by_key(counted: Database) -> None:
    with counted.transaction() as tx:
        assert whole_tables_read(tx, rulesets.current_rules(tx).of_guests) == []


def test_facts_are_refreshed_by_key_though_there_were_none_when_that_was_planned(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute("truncate guest_facts, membership")
        tx.execute("analyze guest_facts, membership")
        assert whole_tables_read(tx, facts.REFRESH) == []


def whole_tables_read(tx: Tx, statement: str) -> list[str]:
    """Of the plan that serves whatever values come, the nodes that read one of the large tables from end to end."""
    numbers: dict[str, int] = {}
    text = re.sub(r"%\((\w+)\)s", lambda found: f"${numbers.setdefault(found[1], len(numbers) + 1)}", statement)
    row = tx.execute(f"explain (generic_plan, format json) {text.replace('%%', '%')}").fetchone()
    assert row is not None
    return [
        f"{node['Node Type']} on {node['Relation Name']}"
        for node in nodes(row[0][0]["Plan"])
        if node.get("Relation Name") in READ_BY_KEY
        and node["Node Type"] != "ModifyTable"
        and not any("Index Cond" in below for below in nodes(node))
    ]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_no_table_is_forgotten_where_it_is_asked_of_whom_there_is_anything_to_add_up() -> None:
    tables = re.compile(r"from (\w+) where guest_id = ")
    assert set(tables.findall(CONDUCT)) >= {"message_known", "loyalty", "consent_known"}
    assert set(tables.findall(CONDUCT)) == set(tables.findall(HAS_CONDUCT))
