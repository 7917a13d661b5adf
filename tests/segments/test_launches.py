"""A journey is launched: the segments it listens to are in use from then on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.segments.commands.on.launches import handle_launches
from services.segments.commands.segments.lifecycle import install_shipped, is_live, retire_segment, save_segment
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events import Chunk, chunk_of
from shared.events.campaigns import JourneyLaunched
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
