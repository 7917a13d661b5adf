"""What segments makes of what others say, and what it says again when asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.segments.commands.reservations.book import book
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.queries.present_state import all_guests, all_stays
from shared.bus.republish import republish
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import PropertyChanged
from shared.events.messaging import ConsentChanged
from tests.harness import ServiceHarness
from tests.segments.rows import MORNING, add_properties, row

LATER = datetime(2016, 4, 1, tzinfo=UTC)
RITA = row(1).key().guest_id()


@pytest.fixture
def segments(make_database: Callable[[str], Database]) -> Database:
    database = make_database("segments")
    add_properties(database)
    with database.transaction() as tx:
        book(tx, [row(1, email="rita@example.com", tier="gold")], MORNING)
    return database


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


def hear(database: Database, *subjects: Any) -> None:
    Segments(database).hear_at(LATER, chunk_of(subjects))


def one(database: Database, query: str) -> tuple[Any, ...] | None:
    with database.transaction() as tx:
        found: tuple[Any, ...] | None = tx.execute(query).fetchone()
        return found


def lisbon(version: int, zone: str) -> PropertyChanged:
    return PropertyChanged(
        code="OPO", version=version, name="Ribeira", zone=zone, country="PT", legal_entity="one", postal_address="x",
        contact="y", told_of_survey=True, survey_threshold=6, occurred_at=LATER,
    )  # fmt: skip


def consent(version: int, state: str) -> ConsentChanged:
    return ConsentChanged(
        guest_id=RITA, channel="email", purpose="marketing", version=version, state=state, source="stop",
        changed_at=LATER,
    )  # fmt: skip


def test_the_greatest_version_of_a_property_counts_in_any_order_and_however_often(segments: Database) -> None:
    for some in ([lisbon(2, "Europe/Lisbon"), lisbon(1, "Europe/Madrid")], [lisbon(1, "Europe/Madrid")]):
        hear(segments, *some)
        hear(segments, *some)
    assert one(segments, "select version, zone from property_known where code = 'OPO'") == (2, "Europe/Lisbon")


def test_a_withdrawal_counts_for_the_facts_at_once_and_an_older_word_does_not(segments: Database) -> None:
    hear(segments, consent(3, "withdrawn"))
    hear(segments, consent(2, "express"))
    assert one(segments, "select version, state from consent_known") == (3, "withdrawn")
    assert one(segments, "select email_consent from guest_facts") == ("withdrawn",)


def test_guests_and_stays_are_said_again_as_they_stand_and_marked(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(n, name=f"Guest Number{n}") for n in range(2, 6)], MORNING)
        tx.execute("delete from outbox")
    assert republish(segments, all_guests, LATER, most=2) == 5
    assert republish(segments, all_stays, LATER, most=2) == 5
    with segments.transaction() as tx:
        rows = tx.execute("select type, body from outbox order by id").fetchall()
    stays = [id for name, body in rows if name.startswith("stay") for id in json.loads(body)["stay_id"]]
    assert stays == sorted(str(row(n).key().stay_id()) for n in range(1, 6))
