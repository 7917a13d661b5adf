"""Rest is when nothing moves any more, and not when what moves was missed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from guestloop.composition.services import SERVICES, build_group
from tests.chaos import rest
from tests.chaos.clock import TUESDAY, MovedClock
from tests.chaos.rest import Rest
from tests.conftest import MakeDatabase

PASSES_IT_ON = """
    insert into outbox (message_id, type, lane, headers, body, subjects, created_at, available_at)
    values (gen_random_uuid(), 'a', 'stay', '{}', '', 1, %(at)s, %(at)s)
"""


def test_what_is_passed_on_behind_a_look_is_not_taken_for_rest(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock, said = MovedClock.starting_at(TUESDAY, tmp_path / "clock"), list[str]()
    with closing(build_group({name: make_database(name) for name in SERVICES}, clock, {})) as group:

        def goes_on(query: str) -> None:
            with group.database("campaigns").transaction() as tx:
                tx.execute(query, {"at": clock.now()})

        def heard_by_now(_: object) -> dict[str, int]:
            if not said:  # outboxes were looked at, and were empty
                goes_on(PASSES_IT_ON)
            return {}

        def say(what: str) -> None:
            said.append(what)
            if what.startswith("under way"):
                goes_on("update outbox set published_at = %(at)s")

        monkeypatch.setattr(rest, "unheard", heard_by_now)
        Rest(group, clock, tmp_path, say, within=60).wait()
    assert said == ["it moved on while it was looked at", "under way: 1 in the outbox of campaigns"]
