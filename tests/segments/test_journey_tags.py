"""Journeys give tags and take them away: the newest word on each counts, with its story, and segments see it at
once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.guests.rights import claim
from services.segments.commands.on.updates import handle_updates
from shared.database.pool import Database
from shared.events import Chunk, chunk_of
from shared.events.campaigns import GuestUpdateRequested
from shared.ids import make_id
from shared.localtime import local_date
from shared.vocabulary.right import Right
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_corrections import LATER, published
from tests.segments.test_pages_guests import JOAO, RITA, bring, desk, guest_id, page_of
from tests.web import words


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [RITA, JOAO])
    return database


def word(given: bool = True, *, at: datetime = LATER, tag: str = "spa", of: Any = RITA, step: str = "tag-1") -> Chunk:
    event = GuestUpdateRequested(
        update_id=make_id("update", step, at, given, of),
        version=1,
        guest_id=guest_id(of),
        journey="after",
        journey_name="After the stay",
        step=step,
        tag=tag,
        given=given,
        requested_at=at,
    )
    return off_the_wire(chunk_of([event]))


def hear(database: Database, *chunks: Chunk) -> None:
    for chunk in chunks:
        with database.transaction() as tx:
            handle_updates(tx, chunk, LATER)


def tags(database: Database, of: Any = RITA) -> list[str]:
    ((found,),) = rows_of(database, f"select tags from guest where id = '{guest_id(of)}'")
    return list(found)


LATE = LATER + timedelta(hours=1)


@pytest.mark.parametrize(
    ("chunks", "left"),
    [
        ([word()], ["spa"]),
        ([word(), word()], ["spa"]),
        ([word(), word(False, at=LATE)], []),
        ([word(False, at=LATE), word()], []),  # the older word comes late
        ([word(), word(tag="亲子")], ["spa", "亲子"]),
        ([word(False)], []),
        ([word(of=JOAO)], []),
    ],
)
def test_the_newest_word_on_a_tag_counts(segments: Database, chunks: list[Chunk], left: list[str]) -> None:
    hear(segments, *chunks)
    assert tags(segments) == left


def test_a_tag_is_published_told_in_the_story_and_says_by_which_journey(segments: Database) -> None:
    hear(segments, word(), word())
    assert published(segments)[-1]["tags"] == ["spa"]
    page = words(desk(segments).get(page_of(RITA)))
    assert "spa by «After the stay»" in page and "The journey «After the stay» gave the tag «spa»" in page
    assert page.count("gave the tag «spa»") == 1
    hear(segments, word(False, at=LATE))
    assert "took away the tag «spa»" in words(desk(segments).get(page_of(RITA)))


def test_what_is_restricted_stays_and_twenty_tags_are_enough(segments: Database) -> None:
    hear(segments, *(word(tag=f"tag {number}", step=f"tag-{number}") for number in range(21)))
    assert len(tags(segments)) == 20
    assert rows_of(segments, "select refused from journey_tag where refused is not null") == [("too_many",)]
    with segments.transaction() as tx:
        said = local_date(LATER, "UTC")
        claim(tx, guest_id(RITA), Right.RESTRICTED, said_on=said, how="phone", words="No.", by="Ada", at=LATER)
    hear(segments, word(False, tag="tag 1", at=LATE))
    assert len(tags(segments)) == 20


def test_who_was_merged_away_is_whoever_they_became(segments: Database) -> None:
    with segments.transaction() as tx:
        merge_guests(tx, guest_id(RITA), guest_id(JOAO), "Ada", LATER)
    hear(segments, word())
    found = rows_of(segments, "select tags from guest where merged_into is null and erased_at is null")
    assert (["spa"],) in found
