"""Journeys give a tier: the newest word counts, over what reservations state and under a loyalty programme."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.guests.rights import claim
from services.segments.commands.on.tier_updates import handle_tier_updates
from services.segments.commands.on.told_by_journeys import note_told
from services.segments.commands.told.loyalty import tell_loyalty
from services.segments.store.told.loyalty import Loyalty
from shared.access.people import Person
from shared.database.pool import Database
from shared.events import Chunk, chunk_of
from shared.events.campaigns import GuestTierRequested, JourneyTold
from shared.ids import make_id
from shared.localtime import local_date
from shared.vocabulary.right import Right
from shared.vocabulary.role import Role
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_corrections import LATER, published
from tests.segments.test_pages_guests import JOAO, RITA, bring, desk, guest_id, page_of
from tests.web import words

BY = Person(make_id("person", "Ada"), "Ada", Role.MARKETER, frozenset())
LATE = LATER + timedelta(hours=1)


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [replace(RITA, tier="silver"), JOAO])
    return database


def word(tier: str | None = "gold", *, at: datetime = LATER, of: Any = RITA, step: str = "tag-1") -> Chunk:
    event = GuestTierRequested(
        update_id=make_id("update", step, at, str(tier), of),
        version=1,
        guest_id=guest_id(of),
        journey="regulars",
        journey_name="Regulars",
        step=step,
        tier=tier,
        requested_at=at,
    )
    return off_the_wire(chunk_of([event]))


def hear(database: Database, *chunks: Chunk) -> None:
    for chunk in chunks:
        with database.transaction() as tx:
            handle_tier_updates(tx, chunk, LATER)


def test_what_a_journey_told_the_hotels_systems_stands_in_the_story(segments: Database) -> None:
    told = JourneyTold(
        told_id=make_id("told", 1),
        version=1,
        guest_id=guest_id(RITA),
        stay_id=None,
        property="LIS",
        journey="gift",
        journey_name="Gift",
        step="tell",
        name="welcome-gift",
        occurred_at=LATER,
    )
    nobody = dataclasses.replace(told, told_id=make_id("told", 2), guest_id=make_id("guest", "nobody"))
    with segments.transaction() as tx:
        note_told(tx, off_the_wire(chunk_of([told, nobody])), LATER)
    page = words(desk(segments).get(page_of(RITA)))
    assert "The journey «Gift» told the hotel's systems: «welcome-gift»" in page


def tier(database: Database) -> str | None:
    ((found,),) = rows_of(database, f"select tier from guest where id = '{guest_id(RITA)}'")
    return str(found) if found else None


@pytest.mark.parametrize(
    ("chunks", "left"),
    [
        ([word()], "gold"),
        ([word(), word()], "gold"),
        ([word(), word(None, at=LATE)], "silver"),  # what reservations state
        ([word(None, at=LATE), word()], "silver"),  # the older word comes late
        ([word("platinum", at=LATE), word()], "platinum"),
        ([word(None)], "silver"),
        ([word(of=JOAO)], "silver"),
    ],
)
def test_the_newest_word_on_a_tier_counts(segments: Database, chunks: list[Chunk], left: str) -> None:
    hear(segments, *chunks)
    assert tier(segments) == left


def test_it_is_published_once_and_told_in_the_story_with_the_journey_that_did_it(segments: Database) -> None:
    before = len(published(segments))
    hear(segments, word(), word())
    assert [one["tier"] for one in published(segments)[before:]] == ["gold"]
    page = words(desk(segments).get(page_of(RITA)))
    assert page.count("The journey «Regulars» changed the tier from «silver» to «gold»") == 1


def test_a_later_reservation_states_its_tier_beside_it(segments: Database) -> None:
    hear(segments, word())
    bring(segments, [replace(RITA, tier="bronze", status_date=RITA.status_date + timedelta(days=1))], LATE)
    assert tier(segments) == "gold"


def test_a_loyalty_programme_stands_over_it_and_restricted_data_stay(segments: Database) -> None:
    with segments.transaction() as tx:
        told = Loyalty(guest_id(RITA), "Club", "7", "ruby", Decimal(9), LATER)
        tell_loyalty(tx, told, BY, LATER)
    hear(segments, word(at=LATE))
    assert tier(segments) == "ruby"
    with segments.transaction() as tx:
        said = local_date(LATER, "UTC")
        claim(tx, guest_id(JOAO), Right.RESTRICTED, said_on=said, how="phone", words="No.", by="Ada", at=LATER)
    hear(segments, word(of=JOAO, at=LATE))
    assert rows_of(segments, f"select tier from guest where id = '{guest_id(JOAO)}'") == [(None,)]


@pytest.mark.parametrize(
    ("before", "since", "left"),
    [
        ([], [word(at=LATE)], ("gold", None)),  # what came since is whose they all became
        ([word()], [], ("gold", None)),
        ([word()], [word("ruby", at=LATE)], ("ruby", None)),
        ([word(), word("pearl", of=JOAO)], [word(None, at=LATE)], ("silver", None)),  # given back, by both
        ([word("pearl", of=JOAO)], [], ("silver", "pearl")),
    ],
)
def test_as_a_merge_is_taken_back_the_tier_of_a_journey_is_whose_it_was(
    segments: Database, before: list[Chunk], since: list[Chunk], left: tuple[str, str | None]
) -> None:
    hear(segments, *before)
    with segments.transaction() as tx:
        merge_guests(tx, guest_id(JOAO), guest_id(RITA), "Ada", LATER)
    hear(segments, *since)
    with segments.transaction() as tx:
        unmerge_guest(tx, guest_id(JOAO), "Ada", LATE + timedelta(hours=1))
    tiers = dict(rows_of(segments, "select id, tier from guest"))
    assert (tiers[guest_id(RITA)], tiers[guest_id(JOAO)]) == left
