"""Data of a hotel that change nothing are news of it all the same; history is news of nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.segments.commands.reservations.book import book
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.queries.present_state import all_feeds
from shared.bus.republish import republish
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
    told = [(name, chunk) for name, _, chunk in segments.outbox() if "property" in chunk.columns]
    return [(name, str(chunk["property"][0])) for name, chunk in told if name != "feed.heard.v1"]


def test_a_row_that_changed_nothing_is_news_behind_whatever_changed(segments: Segments) -> None:
    one = row(1, email="rita@example.com")
    made = books(segments, one, at=MORNING)
    again = books(segments, one, at=LATER)
    assert again == [("property.heard.v1", one.property)]
    assert made[0][0] == "stay.booked.v1"
    assert books(segments, row(2), at=LATER)[-1] == ("property.heard.v1", one.property)


def feeds(segments: Segments, *rows: Any, at: Any) -> list[tuple[str, str, str]]:
    books(segments, *rows, at=at)
    told = segments.published("feed.heard.v1")
    return [(one["property"], one["source"], one["day"]) for one in told]


def test_a_source_is_heard_of_once_a_day_for_each_hotel_whether_it_changed_anything_or_not(segments: Segments) -> None:
    one, other = row(1), replace(row(2), source="portal")
    today = MORNING.date().isoformat()
    assert feeds(segments, one, other, at=MORNING) == [
        (one.property, one.source, today),
        (other.property, "portal", today),
    ]
    assert feeds(segments, one, at=MORNING + timedelta(hours=1)) == []
    assert feeds(segments, one, at=LATER) == [(one.property, one.source, LATER.date().isoformat())]
    assert len(segments.all("select * from feed_day")) == 3
    again = len(segments.published("feed.heard.v1"))
    assert republish(segments.database, all_feeds, LATER, most=2) == 3
    assert len(segments.published("feed.heard.v1")) == again + 3
