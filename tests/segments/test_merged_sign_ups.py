"""A sign-up is its guest's through a merge, when that is taken back, and when the guest is erased."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.guests.erase import erase_guest
from services.segments.personal_data import PERSONAL_DATA
from services.segments.store.duplicates import merging
from shared.database.pool import Database
from shared.personal_data.declaration import OnErasure
from tests.cast import NOW
from tests.segments.rows import rows_of
from tests.segments.test_sign_up import segments, sign_up, take_over

__all__ = ["segments"]
LEO = {"given_name": "Leo", "family_name": "Brandt", "email": "leo@example.com"}
STAY_WHERE_THEY_ARE = {
    "consent_known": "messaging says anew whose it is",
    "contact_row": "it is read through the merge, so that a list finds the guest it made",
    "answer_topics": "it is read by its answer, which goes along",
    "duplicate_key": "of a search that begins anew",
    "duplicate_pair": "of a search that begins anew",
    "erased_key": "of nobody who is there",
    "guest_edit": "what was changed of a guest stays theirs",
    "guest_facts": "made anew by the evaluation",
    "guest_file": "the file that this guest asked for",
    "guest_list_member": "it is read through the merge, so that a list keeps the guest it named",
    "guest_merge": "the merge itself",
    "guest_prediction": "made anew every month; until then it is of the day it names",
    "guest_search": "made anew by the index of the search",
    "guest_search_due": "made anew by the index of the search",
    "journey_entered": "it is read through the merge, as offers",
    "journey_tag": "the tag itself goes to whoever they become; what a journey says later is about them",
    "kiosk": "a turn of minutes, which ends",
    "membership": "made anew by the evaluation",
    "membership_since": "made anew by the evaluation",
    "membership_change": "what happened to a guest stays theirs",
    "merged_part": "the merge itself",
    "merged_row": "the merge itself",
    "offer_known": "it is read through the merge, as the codes that messaging gave",
    "tag_rule_guest": "the rule finds out anew who is in its segment",
    "tier_given": "the ladder finds out anew who has as much",
    "tag_run_guest": "whom a run changed then",
    "set_aside": "of an evaluation that is tried again",
}


@pytest.fixture
def two(segments: Database) -> tuple[UUID, UUID]:
    """Rita and Leo, each by a sign-up."""
    sign_up(segments)
    sign_up(segments, **LEO)
    take_over(segments)
    rita, leo = (guest(segments, name) for name in ("Rita", "Leo"))
    return rita, leo


def guest(database: Database, name: str) -> UUID:
    ((found,),) = rows_of(database, f"select id from guest where given_name = '{name}'")
    return UUID(str(found))


def whose(database: Database) -> list[UUID]:
    """Whose the sign-ups are, in the order they came."""
    return [UUID(str(one)) for (one,) in rows_of(database, "select guest_id from sign_up order by said_at, id")]


def counted(database: Database, *guests: UUID) -> list[int]:
    found = whose(database)
    return [found.count(one) for one in guests]


def test_sign_ups_go_with_the_merge_and_come_back_with_what_came_since(
    segments: Database, two: tuple[UUID, UUID]
) -> None:
    rita, leo = two
    with segments.transaction() as tx:
        merge_guests(tx, leo, rita, "Filipa", NOW)
    assert counted(segments, rita, leo) == [2, 0]
    sign_up(segments, **LEO)
    sign_up(segments)
    take_over(segments)
    assert counted(segments, rita, leo) == [4, 0]
    with segments.transaction() as tx:
        unmerge_guest(tx, leo, "Filipa", NOW)
    assert counted(segments, rita, leo) == [2, 2]


@pytest.mark.parametrize("who", [0, 1], ids=["of the one that stands", "of the one that was merged"])
def test_whoever_is_erased_after_a_merge_leaves_nothing_of_either(
    segments: Database, two: tuple[UUID, UUID], who: int
) -> None:
    with segments.transaction() as tx:
        merge_guests(tx, two[1], two[0], "Filipa", NOW)
    sign_up(segments, **LEO)
    take_over(segments)
    assert left(segments, two) > {"sign_up", "guest_point", "merged_part", "guest_merge"}
    with segments.transaction() as tx:
        erase_guest(tx, two[who], "Filipa", NOW, lambda _: None)
    assert left(segments, two) == set()
    assert rows_of(segments, "select distinct given_name, family_name from guest") == [("", "")]


def left(database: Database, guests: tuple[UUID, ...]) -> set[str]:
    """Tables that still hold rows of these guests, of those that an erasure empties."""
    found = set()
    with database.transaction() as tx:
        for table in PERSONAL_DATA.tables:
            if table.guests and table.on_erasure is OnErasure.DELETED:
                query = f"select count(*) from {table.name} where {table.guests}"
                if tx.execute(query, {"guests": list(guests)}).fetchone() != (0,):
                    found.add(table.name)
    return found


def test_every_table_of_guests_is_handed_over_by_a_merge_or_says_why_not() -> None:
    statements = " ".join(merging.HAND_OVER) + " into guest_preference "  # joined line by line, by a function
    with_guests = {table.name for table in PERSONAL_DATA.tables if "guest_id" in table.columns}
    kept = {name for name in with_guests if f" {name} " not in f" {statements} "}
    assert kept == STAY_WHERE_THEY_ARE.keys()
