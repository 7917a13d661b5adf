"""A rehearsal evaluates the segments that it tells of, and those by which their rules go; the others stand still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.rehearsal.forecast import Ahead, forecast
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.store.evaluation.memberships import members_of
from shared.database.pool import Database
from shared.database.scratch import scratch
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter, move
from tests.segments.rows import rows_of
from tests.segments.test_sweep import run

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
AHEAD = Ahead(AT, AT + timedelta(days=30), ["old-away"])
AWAY = {"fact": "last_checkout", "op": "at_least", "value": 10}
RECENT = {"fact": "last_checkout", "op": "at_most", "value": 8}
RULES = {
    "away": AWAY,
    "long-away": {"fact": "in_segment", "op": "is", "value": "away", "where": {"for_days": 5}},
    "old-away": {"all": [{"fact": "in_segment", "op": "is", "value": "long-away"}, {"not": RECENT}]},
    "recent": RECENT,
    "gone": {"fact": "in_segment", "op": "is", "value": "old-away"},
}

LOGGED = """
    select key, entered, at from membership_change join segment on number = segment
    where key = 'old-away' and not initial order by at
"""


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    """Ben left seven days ago; who has been away for long is asked for by a journey."""
    database = make_database("segments")
    with database.transaction() as tx:
        for key, rule in RULES.items():
            save_segment(tx, key, key, rule, AT)
        use_segment(tx, "old-away", AT)
        enter(tx, [Person("Ben")], [Stayed("Ben", "1", AT.date() - timedelta(days=7))])
        move(tx, ["Ben"], AT)
    evaluate_all(database, AT)
    return database


def test_who_enters_by_way_of_other_segments_is_told_and_the_rest_stands_still(database: Database) -> None:
    with scratch(database, AHEAD.copies, {}) as copy:
        told = [
            (segment, entered, datetime.fromisoformat(at))
            for chunk in forecast(copy, AHEAD, lambda _: None)
            for segment, entered, at in zip(*(chunk[name] for name in ("segment", "entered", "at")), strict=True)
        ]
        inside = {key: len(members_of(copy, key)) for key in RULES}
    assert inside == {"away": 1, "long-away": 1, "old-away": 1, "recent": 1, "gone": 0}
    assert rows_of(database, "select item from set_aside") == []
    run(database, AHEAD.until)
    assert told == rows_of(database, LOGGED) and [entered for _, entered, _ in told] == [True]
