"""The small lines of key figures: NPS, response and what a booking won cost, of the windows they are known of."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.console.queries.key_figures import sent_by_window, sent_in
from services.console.store.counts import keep_messages
from shared.database.pool import Database
from shared.events import chunk_of
from tests.conftest import MakeDatabase
from tests.console.conftest import Answers, Serve
from tests.console.staff import open_house
from tests.console.test_key_figures import Told, desk, message, told
from tests.harness import off_the_wire

COURSE: dict[str, dict[str, Any]] = {
    "2026-08-01": {"net": 30, "answers": 100, "hours": "40", "responded": 10},
    "2026-09-01": {"net": -20, "answers": 100, "hours": "0", "responded": 0},
    "2026-10-01": {"net": 45, "answers": 100, "hours": "12.5", "responded": 5},
}
WON = {"2026-08-01": 4, "2026-09-01": 2, "2026-10-01": 2}


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    """Of August to October one offer each went on the 14th, at a price: the one of September in another currency."""
    database = make_database("console")
    open_house(database)
    sent = [
        replace(message(month, datetime(2026, month, 14, 10, tzinfo=UTC)), cost="4", currency=currency)
        for month, currency in ((8, "EUR"), (9, "USD"), (10, "EUR"))
    ]
    with database.transaction() as tx:
        keep_messages(tx, off_the_wire(chunk_of(sent)))
    return database


def with_courses(windows: Any, won: Any) -> Answers:
    courses = {"/feedback/key-figure-courses": {"windows": windows}, "/campaigns/key-figure-courses": {"won": won}}
    return Told({**courses, **told()})


def lines(page: str) -> list[str]:
    return re.findall(r'aria-label="([^"]* over the last periods: [^"]*)"', page)


def test_each_has_its_line_in_the_currency_it_is_in(console: Database, serve: Serve) -> None:
    found = lines(desk(console, serve(with_courses(COURSE, WON))).get("/figures").text)
    assert "NPS over the last periods: from +30 to +45" in found
    assert "Response to complaints over the last periods: from 4 hours to 2.5 hours" in found
    assert "Cost a booking won over the last periods: from €1.00 to €2.00" in found


def test_a_line_that_is_below_nought_is_drawn(console: Database, serve: Serve) -> None:
    below = {first: {**one, "net": -one["net"]} for first, one in COURSE.items()}
    assert "NPS over the last periods: from −30 to −45" in lines(
        desk(console, serve(with_courses(below, WON))).get("/figures").text
    )


def test_where_it_is_not_known_yet_there_is_none_and_nobody_is_said_to_be_silent(
    console: Database, serve: Serve
) -> None:
    awaited = desk(console, serve(with_courses({}, None))).get("/figures").text
    without = desk(console, serve(told())).get("/figures").text
    assert "do not answer" not in awaited and "do not answer" not in without
    by_channel = desk(console, serve(with_courses(COURSE, WON))).get("/figures?cut=channel&value=OTA").text
    for page in (awaited, without, by_channel):
        assert lines(page) and not any(one.startswith(("NPS", "Cost", "Response")) for one in lines(page))


def test_several_windows_are_asked_for_as_each_alone(console: Database) -> None:
    limits = [
        (datetime(2026, 8, 1, 23, tzinfo=UTC), datetime(2026, 9, 14, 11, tzinfo=UTC)),
        (datetime(2026, 9, 14, 10, tzinfo=UTC), datetime(2026, 9, 14, 10, 1, tzinfo=UTC)),
        (datetime(2026, 10, 14, 11, tzinfo=UTC), datetime(2026, 10, 15, tzinfo=UTC)),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ]
    with console.transaction() as tx:
        found = sent_by_window(tx, limits, "")
        assert found == [sent_in(tx, *one, "") for one in limits]
    assert [sum(one.messages for one in each) for each in found] == [2, 1, 0, 3]
