"""Objection and restriction, written down on the guest's page: what they end, and what they keep from being done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from services.segments.clock import FullEvaluation
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.guests import contacts, corrections, rights
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.guests.rights import Restricted
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.queries.drafts import find_guests
from services.segments.queries.present_state import all_guests
from services.segments.rules.language.parse import parse
from services.segments.rules.people.corrections import Field
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database, Tx
from shared.localtime import local_date
from shared.vocabulary.right import Right
from tests.cast import ANTON, WEI
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_corrections import LATER, point, published, version
from tests.segments.test_pages_guests import EARLY, JOAO, RITA, bring, desk, guest_id, page_of
from tests.web import words

PORTUGUESE = {"fact": "country", "op": "is", "value": "PT"}


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    """Rita and João, both in one segment that a journey uses."""
    database = make_database("segments")
    add_properties(database)
    with database.transaction() as tx:
        save_segment(tx, "portuguese", "Portuguese", PORTUGUESE, EARLY)
        use_segment(tx, "portuguese", EARLY)
    bring(database, [RITA, JOAO])
    walk = FullEvaluation(database)
    while walk.step(EARLY):
        pass
    return database


def inside(database: Database) -> set[Any]:
    return {guest for (guest,) in rows_of(database, "select guest_id from membership where segments <> '{}'")}


def claim(database: Database, right: Right) -> str:
    browser = desk(database)
    browser.get(f"{page_of(RITA)}/rights")
    form = {"right": right, "how": "phone", "said_on": "2026-11-20", "words": "Please stop this."}
    return words(browser.post(f"{page_of(RITA)}/rights", form))


def erase_by_hand(tx: Tx, at: datetime) -> None:
    erase_guest(tx, guest_id(RITA), "Ada", at, lambda _: None)


@pytest.mark.parametrize("right", list(Right))
def test_a_guest_with_a_right_leaves_every_segment_and_the_others_stay(segments: Database, right: Right) -> None:
    assert inside(segments) == {guest_id(RITA), guest_id(JOAO)}
    page = claim(segments, right)
    assert "Please stop this." in page and "on the phone" in page and "Filipa Faria" in page
    assert inside(segments) == {guest_id(JOAO)}
    assert published(segments)[-1]["rights"] == [str(right)]
    assert published(segments, JOAO)[-1]["rights"] == []
    left = rows_of(segments, "select entered, initial from membership_change")
    assert left == [(False, False)]
    with segments.transaction() as tx:
        today = {"Europe/Lisbon": local_date(LATER, "Europe/Lisbon")}
        found = find_guests(tx, parse(PORTUGUESE), today, EVERYWHERE)
    assert found is not None and found.members == 1
    bring(segments, [RITA], LATER)
    assert inside(segments) == {guest_id(JOAO)}, "an import does not bring the guest back"
    assert "See it or lift it" in words(desk(segments).get(page_of(RITA)))


def test_published_again_the_rights_are_there(segments: Database) -> None:
    claim(segments, Right.RESTRICTED)
    with segments.transaction() as tx:
        chunk = all_guests(tx, None, 100)
    told = dict(zip(chunk["guest_id"], chunk["rights"], strict=True))
    assert {str(guest): rights for guest, rights in told.items()}[str(guest_id(RITA))] == ["restricted"]


def test_lifted_the_guest_is_chosen_for_again(segments: Database) -> None:
    claim(segments, Right.OBJECTS_TO_MARKETING)
    claim(segments, Right.OBJECTS_TO_MARKETING)
    assert rows_of(segments, "select count(*) from guest_right") == [(1,)]
    browser = desk(segments)
    browser.get(f"{page_of(RITA)}/rights")
    page = words(browser.post(f"{page_of(RITA)}/rights/{Right.OBJECTS_TO_MARKETING}/lift"))
    assert "lifted by Filipa Faria" in page
    assert inside(segments) == {guest_id(RITA), guest_id(JOAO)}
    assert published(segments)[-1]["rights"] == []


def test_restricted_data_are_kept_as_they_are(segments: Database) -> None:
    claim(segments, Right.RESTRICTED)
    seen, index = version(segments), point(segments, "rita@example.com")
    with segments.transaction() as tx:
        attempts: list[Callable[[], None]] = [
            lambda: corrections.correct(tx, guest_id(RITA), seen, {Field.TITLE: ("Dr",)}, "Filipa", LATER),
            lambda: contacts.remove_point(tx, guest_id(RITA), seen, index, "Filipa", LATER, frozenset()),
            lambda: merge_guests(tx, guest_id(RITA), guest_id(JOAO), "Filipa", LATER),
            lambda: merge_guests(tx, guest_id(JOAO), guest_id(RITA), "Filipa", LATER),
            lambda: erase_by_hand(tx, LATER),
        ]
        for attempt in attempts:
            with pytest.raises(Restricted):
                attempt()
    browser = desk(segments)
    browser.get(f"{page_of(RITA)}/edit")
    answer = browser.post(page_of(RITA), {"version": str(seen), "tags": "loud", "language": "pt", "preference": ""})
    assert answer.status_code == 409
    assert "The guest's data are restricted" in words(answer)
    assert rows_of(segments, "select count(*) from guest where erased_at is not null") == [(0,)]
    with segments.transaction() as tx:
        rights.lift(tx, guest_id(RITA), Right.RESTRICTED, "Filipa", LATER)
        corrections.correct(tx, guest_id(RITA), version(segments) + 1, {Field.TITLE: ("Dr",)}, "Filipa", LATER)
        erase_by_hand(tx, LATER)
    assert rows_of(segments, "select id from guest where erased_at is not null") == [(guest_id(RITA),)]


def test_a_right_goes_with_a_guest_who_is_merged(segments: Database) -> None:
    claim(segments, Right.OBJECTS_TO_MARKETING)
    with segments.transaction() as tx:
        merge_guests(tx, guest_id(RITA), guest_id(JOAO), "Filipa", LATER)
    assert published(segments, JOAO)[-1]["rights"] == ["objects_to_marketing"]
    assert inside(segments) == set()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"right": "to_remain_silent"}, "Choose what the guest wants."),
        ({"how": "by pigeon"}, "Choose where the guest said so."),
        ({"said_on": "tomorrow"}, "The day on which the guest said so is needed"),
        ({"said_on": "2030-01-01"}, "it is not to come"),
        ({"words": "x" * 2001}, "2,000 characters at most are kept."),
    ],
)
def test_what_is_missing_is_asked_for(segments: Database, more: dict[str, str], told: str) -> None:
    browser = desk(segments)
    browser.get(f"{page_of(RITA)}/rights")
    form = {"right": "restricted", "how": "phone", "said_on": "2026-11-20", "words": "", **more}
    answer = browser.post(f"{page_of(RITA)}/rights", form)
    assert answer.status_code == 422 and told in words(answer)
    assert rows_of(segments, "select count(*) from guest_right") == [(0,)]


def test_only_those_who_care_for_the_guest_write_rights_down(segments: Database) -> None:
    for who, status in ((ANTON, 403), (WEI, 404), (None, 302)):
        assert desk(segments, who).get(f"{page_of(RITA)}/rights").status_code == status
