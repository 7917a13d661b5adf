"""A guest writes, a colleague answers, the answer leaves: through both services and back to the conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from guestloop.composition.seed import set_up_everything
from guestloop.composition.services import MANIFESTS, build_group, world_of
from guestloop.demo.cast import HOTELS
from services.feedback.commands.inbox.answering import Draft, answer
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.segments.commands.reservations.enter import EntryOptions, enter
from shared.access.people import Person
from shared.access.scope import EVERYWHERE
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.access.world import OURS, guest_of
from tests.cast import ADA, NOW
from tests.conftest import MakeDatabase

NUMBER = "+447700900123"
ME = Person(ADA.person_id, ADA.name, ADA.role, frozenset())


@pytest.mark.parametrize(
    ("stopped", "state"),
    [(False, ("sent", None, False)), (True, ("skipped", "suppressed", True))],
    ids=["sent", "stop"],
)
def test_an_answer_goes_through_the_gate_and_what_became_of_it_comes_back(
    make_database: MakeDatabase, tmp_path: Path, stopped: bool, state: tuple[str, str | None, bool]
) -> None:
    databases = {one.name: make_database(one.name) for one in MANIFESTS}
    began = NOW - timedelta(hours=6)
    clock = VirtualClock(began)
    group = build_group(databases, clock, {"GUESTLOOP_HOME": str(tmp_path)})
    with closing(world_of(group, clock)) as world:
        for service in set_up_everything(group, HOTELS, began):
            world.mark_changed(service)
        world.settle(began)
        for _ in world.play(_acts(databases, stopped), NOW):
            pass
        world.end_day()
    with databases["feedback"].transaction() as tx:
        found = tx.execute("select state, reason, unread from thread_answer, thread").fetchall()
    assert found == [state]


def _acts(databases: dict[str, Database], stopped: bool) -> Iterator[tuple[datetime, Callable[[datetime], str]]]:
    def comes(at: datetime) -> str:
        with databases["segments"].transaction() as tx:
            enter(tx, [OURS], at, EntryOptions(booking_only=False, initial=False, lane=None))
        return "segments"

    def writes(text: str) -> Callable[[datetime], str]:
        def act(at: datetime) -> str:
            with databases["feedback"].transaction() as tx:
                point = tx.keyring.index("sms", NUMBER)
                receive_reply(tx, Reply(ref=text, channel=Channel.SMS, point=point, text=text), at)
            return "feedback"

        return act

    def answers(at: datetime) -> str:
        with databases["feedback"].transaction() as tx:
            row = tx.execute("select thread_id, heard_at from thread").fetchone()
            assert row is not None
            draft = Draft(
                answer_id=make_id("form", "1"), thread_id=row[0], guest_id=guest_of(OURS), guests=[guest_of(OURS)],
                hotels=EVERYWHERE.values, channel=Channel.SMS, language="en", words="At nine.", seen=row[1],
            )  # fmt: skip
            assert answer(tx, draft, at, by=ME)
        return "feedback"

    began = NOW - timedelta(hours=5)
    yield began, comes
    yield began + timedelta(minutes=10), writes("Is there a shuttle?")
    if stopped:
        yield began + timedelta(minutes=11), writes("STOP")
    yield began + timedelta(minutes=15), answers
