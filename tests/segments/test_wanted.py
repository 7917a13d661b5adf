"""Templates want a segment: its members are listed once, with the versions that changes go on from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.segments.commands.on.wanted import handle_wanted
from services.segments.commands.segments.lifecycle import release_segment, save_segment
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.events import Chunk, chunk_of
from shared.events.messaging import AudienceWanted
from shared.events.wire import decode, encode
from shared.ids import make_id
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, enter, move, said

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
GOLD = {"fact": "tier", "op": "is", "value": "gold"}


def wanted(version: int, *, wanted: bool = True, segment: str = "gold") -> Chunk:
    chunk = chunk_of([AudienceWanted(segment=segment, version=version, wanted=wanted, occurred_at=AT)])
    return decode(chunk.type.name, encode(chunk))


def listed(tx: Tx) -> list[tuple[int, int, list[str], list[int]]]:
    bodies = tx.execute("select body from outbox where type = 'audience.listed.v1' order by id").fetchall()
    chunks = [decode("audience.listed.v1", bytes(body)) for (body,) in bodies]
    return [(one["version"][0], one["parts"][0], one["guests"][0], one["versions"][0]) for one in chunks]


def test_members_are_listed_once_a_word_and_changes_are_published_from_then_on(make_database: MakeDatabase) -> None:
    ana, rui = str(make_id("guest", "ana")), str(make_id("guest", "rui"))
    with make_database("segments").transaction() as tx:
        save_segment(tx, "gold", "Gold guests", GOLD, AT)
        enter(tx, [Person("ana", tier="gold"), Person("rui")])
        move(tx, ["ana", "rui"], AT)
        handle_wanted(tx, wanted(1), AT)
        handle_wanted(tx, wanted(1), LATER)
        assert listed(tx) == [(1, 1, [ana], [1])]
        enter(tx, [Person("rui", tier="gold")])
        move(tx, ["rui"], LATER)
        assert [one["guest_id"] for one in said(tx)] == [ana, rui]
        with pytest.raises(Conflict):
            release_segment(tx, "gold", LATER)
        handle_wanted(tx, wanted(2, wanted=False), LATER)
        handle_wanted(tx, wanted(1), LATER)  # late
        assert len(listed(tx)) == 1
        release_segment(tx, "gold", LATER)
        handle_wanted(tx, wanted(1, segment="nowhere"), LATER)
        assert listed(tx)[1:] == [(1, 1, [], [])]
