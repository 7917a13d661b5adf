"""A rehearsal says line by line what a house does over days in which nothing arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.campaigns.commands.rehearsal.play import COPIES as OF_CAMPAIGNS
from services.campaigns.commands.rehearsal.play import asked_for, begin, play
from services.messaging.commands.rehearsal.judge import COPIES as OF_MESSAGING
from services.messaging.commands.rehearsal.judge import judge_ahead
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.config import Config
from services.segments.commands.rehearsal.forecast import COPIES as OF_SEGMENTS
from services.segments.commands.rehearsal.forecast import Ahead, forecast
from shared.database.scratch import scratch
from shared.events.dictionary import Chunk
from tests.rehearsal.house import NOW, House, Line, house, lines_of

DAYS = timedelta(days=60)
SINCE = {"since": NOW - timedelta(days=120)}


@pytest.fixture(scope="module")
def a_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("rehearsal")) as made:
        yield made


def test_a_rehearsal_agrees_with_what_really_happens(a_house: House) -> None:
    rehearsed = rehearse(a_house)
    a_house.play_on(NOW + DAYS)
    happened = a_house.ledger(NOW)
    print(Counter((line["journey"], line["state"], line["reason"]) for line in happened))
    print(Counter((line["journey"], line["state"], line["reason"]) for line in rehearsed))
    assert rehearsed == happened


def rehearse(made: House) -> list[Line]:
    until = NOW + DAYS

    def reached(_at: object) -> None:
        pass

    with scratch(made.group.database("segments"), OF_SEGMENTS, SINCE) as tx:
        changes = list(forecast(tx, Ahead(NOW, until, ()), reached))
    with scratch(made.group.database("campaigns"), OF_CAMPAIGNS, SINCE) as tx:
        begin(tx, [], NOW)
        play(tx, changes, NOW, until, 2000, reached)
        asked = list(asked_for(tx))
    messaging = made.group.database("messaging")
    with scratch(messaging, OF_MESSAGING, SINCE) as tx:
        judge_ahead(tx, GateContext(Config(), messaging.keyring), arrivals(asked), NOW, until, reached)
        return lines_of(tx, NOW)


def arrivals(asked: list[Chunk]):
    for chunk in asked:
        from datetime import datetime
        name = "requested_at" if "requested_at" in chunk.columns else "withdrawn_at"
        yield datetime.fromisoformat(chunk[name][0]), chunk
