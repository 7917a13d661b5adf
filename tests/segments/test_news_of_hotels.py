"""Data of a hotel that change nothing are news of it all the same; history is news of nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.segments.commands.reservations.book import book
from services.segments.consumer import SUBSCRIPTIONS
from shared.database.pool import Database
from tests.harness import ServiceHarness
from tests.segments.rows import MORNING, add_properties, row

LATER = MORNING + timedelta(hours=40)


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


@pytest.fixture
def segments(make_database: Callable[[str], Database]) -> Segments:
    database = make_database("segments")
    add_properties(database)
    return Segments(database)


def books(segments: Segments, *rows: Any, at: Any) -> list[tuple[str, str]]:
    """What is published of it, in order: the type and the first subject's hotel."""
    with segments.database.transaction() as tx:
        tx.execute("delete from outbox")
        book(tx, list(rows), at)
    return [(name, str(chunk["property"][0])) for name, _, chunk in segments.outbox() if "property" in chunk.columns]


def test_a_row_that_changed_nothing_is_news_behind_whatever_changed(segments: Segments) -> None:
    one = row(1, email="rita@example.com")
    made = books(segments, one, at=MORNING)
    again = books(segments, one, at=LATER)
    assert again == [("property.heard.v1", one.property)]
    assert made[0][0] == "stay.booked.v1"
    assert books(segments, row(2), at=LATER)[-1] == ("property.heard.v1", one.property)
