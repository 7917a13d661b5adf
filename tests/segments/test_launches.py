"""A journey is launched: the segments it listens to are in use from then on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.segments.commands.on.launches import handle_ends, handle_launches
from services.segments.commands.segments.lifecycle import install_shipped, is_live, retire_segment, save_segment
from services.segments.store.segments import choices_of
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events import Chunk, chunk_of
from shared.events.campaigns import DateAudience, JourneyEnded, JourneyLaunched
from shared.events.wire import decode, encode
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, enter, move, said

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
GOLD = {"fact": "tier", "op": "is", "value": "gold"}


def launch(*segments: str, let_in: bool = False, republished: bool = False) -> Chunk:
    launched = JourneyLaunched(
        journey="welcome", version=1, segments=list(segments), launched_at=AT, by="Marta Marques", let_in=let_in
    )
    chunk = chunk_of([launched], republished=republished)
    return decode(chunk.type.name, encode(chunk), republished=republished)


def gold_guest(tx: Tx) -> None:
    save_segment(tx, "gold", "Gold guests", GOLD, AT)
    enter(tx, [Person("ana", tier="gold"), Person("rui")])
    move(tx, ["ana", "rui"], AT)


def test_who_is_inside_is_said_once_as_initial_and_changes_are_said_from_then_on(make_database: MakeDatabase) -> None:
    with make_database("segments").transaction() as tx:
        gold_guest(tx)
        assert said(tx) == []
        handle_launches(tx, launch("gold"), AT)
        handle_launches(tx, launch("gold"), LATER)
        assert [(one["segment"], one["initial"]) for one in said(tx)] == [("gold", True)]
        enter(tx, [Person("rui", tier="gold")])
        move(tx, ["rui"], LATER)
        assert [one["initial"] for one in said(tx)] == [True, False]


def test_a_launch_that_lets_in_those_inside_has_them_said_again(make_database: MakeDatabase) -> None:
    with make_database("segments").transaction() as tx:
        gold_guest(tx)
        handle_launches(tx, launch("gold"), AT)
        handle_launches(tx, launch("gold", let_in=True), LATER)
        handle_launches(tx, launch("gold", let_in=True, republished=True), LATER)
        assert [(one["version"], one["initial"]) for one in said(tx)] == [(1, True), (1, True)]


def test_a_journey_without_a_segment_uses_none_and_an_unknown_one_is_set_aside(make_database: MakeDatabase) -> None:
    with make_database("segments").transaction() as tx:
        handle_launches(tx, launch(), AT)
        with pytest.raises(MalformedEvent, match="not there") as caught:
            handle_launches(tx, launch("gold"), AT)
    assert caught.value.subjects == {0: "there is no segment gold"}


def test_a_ready_journey_brings_its_segment_along_and_one_that_was_retired_stays_so(
    make_database: MakeDatabase,
) -> None:
    with make_database("segments").transaction() as tx:
        handle_launches(tx, launch("birthday-in-7-days"), AT)
        assert is_live(tx, "birthday-in-7-days") and not is_live(tx, "lapsed-3-months")
        install_shipped(tx, AT, only={"lapsed-3-months"})
        retire_segment(tx, "lapsed-3-months", AT)
        with pytest.raises(MalformedEvent, match="not there"):
            handle_launches(tx, launch("lapsed-3-months"), AT)


def by_birthday(journey: str, *days: int, at: datetime = AT) -> Chunk:
    dates = [DateAudience(segment=f"journeys-birthday-{day}", date="birthday", days=day) for day in days]
    launched = JourneyLaunched(
        journey=journey,
        version=1,
        segments=[one.segment for one in dates],
        launched_at=at,
        by="Marta Marques",
        dates=dates,
    )
    chunk = chunk_of([launched])
    return decode(chunk.type.name, encode(chunk))


def ended(journey: str, at: datetime) -> Chunk:
    chunk = chunk_of([JourneyEnded(journey=journey, version=1, ended_at=at)])
    return decode(chunk.type.name, encode(chunk))


def test_what_a_journey_needs_for_birthdays_is_made_and_stays_out_of_what_people_choose(
    make_database: MakeDatabase,
) -> None:
    with make_database("segments").transaction() as tx:
        enter(tx, [Person("ana", birth_date=date(1980, 5, 22)), Person("rui", birth_date=date(1980, 5, 21))])
        for _ in range(2):
            handle_launches(tx, by_birthday("birthday", 21), AT)
        move(tx, ["ana", "rui"], AT)
        assert [(one["segment"], one["because"]["birthday"]) for one in said(tx)] == [
            ("journeys-birthday-21", "2016-05-22")
        ]
        assert choices_of(tx) == []


def test_it_goes_when_no_journey_needs_it_in_whatever_order_that_is_heard(make_database: MakeDatabase) -> None:
    with make_database("segments").transaction() as tx:
        handle_launches(tx, by_birthday("birthday", 7), AT)
        handle_launches(tx, by_birthday("treat", 7), AT)
        handle_ends(tx, ended("birthday", LATER), LATER)
        assert is_live(tx, "journeys-birthday-7")
        handle_launches(tx, by_birthday("birthday", 7), LATER)  # late
        handle_ends(tx, ended("treat", LATER), LATER)
        assert not is_live(tx, "journeys-birthday-7")
        handle_launches(tx, by_birthday("treat", 7, at=LATER + timedelta(hours=1)), LATER)
        assert is_live(tx, "journeys-birthday-7")


def test_another_version_of_a_journey_needs_another_one(make_database: MakeDatabase) -> None:
    with make_database("segments").transaction() as tx:
        handle_launches(tx, by_birthday("birthday", 7), AT)
        handle_launches(tx, by_birthday("birthday", 14, at=LATER), LATER)
        assert (is_live(tx, "journeys-birthday-7"), is_live(tx, "journeys-birthday-14")) == (False, True)


def test_somebody_born_on_29_february_is_told_so(make_database: MakeDatabase) -> None:
    with make_database("segments").transaction() as tx:
        enter(tx, [Person("ana", birth_date=date(1980, 2, 29))])
        handle_launches(tx, by_birthday("birthday", 303), AT)
        move(tx, ["ana"], AT)
        assert [(one["because"]["birthday"], one["because"]["born"]) for one in said(tx)] == [("2017-02-28", "02-29")]
