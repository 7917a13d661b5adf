"""What campaigns keeps of a rehearsal, in whatever order its parts come, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.clock import Rehearsals
from services.campaigns.commands.rehearsal.ask import ask, cancel
from services.campaigns.store import rehearsals as store
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.rehearsals import AudienceForecast, MessageJudged
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from tests.campaigns.cast import BERLIN, Campaigns
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
UNTIL = NOW + timedelta(days=30)
AT = "2026-03-01 06:05"


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return Campaigns(make_database("campaigns"))


def asked(campaigns: Campaigns, journey: str | None = None, at: datetime = NOW) -> UUID:
    with campaigns.database.transaction() as tx:
        return ask(tx, journey, 30, [], at, "Mia")


def state(campaigns: Campaigns, id_: UUID) -> str | None:
    with campaigns.database.transaction() as tx:
        found = store.find(tx, id_)
    return found.state if found else None


def changed(id_: UUID, number: int, of: int, guest: UUID | None) -> Chunk:
    told: dict[str, Any] = {"segment": "lapsed-3-months", "version": 2, "entered": True, "initial": False}
    because = {"kind": "time"}
    return chunk_of(
        [
            AudienceForecast(
                rehearsal_id=id_,
                number=number,
                of=of,
                guest_id=guest,
                at=NOW,
                zone=BERLIN,
                because=because,
                stay={},
                **told,
            )
        ]
    )


def judged(id_: UUID, number: int, of: int, guest: UUID | None) -> Chunk:
    told: dict[str, Any] = {"journey": "birthday", "step": "announcement", "template": "birthday", "language": "de"}
    told |= {"occurrence": "birthday:2026", "purpose": "marketing", "state": "sent", "channel": "email", "parts": 0}
    return chunk_of(
        [
            MessageJudged(
                rehearsal_id=id_,
                number=number,
                of=of,
                guest_id=guest,
                message_id=make_id("message", number),
                at=NOW,
                zone=BERLIN,
                property=None,
                reason=None,
                held_until=None,
                **told,
            )
        ]
    )


def erased(guest: UUID) -> Chunk:
    return chunk_of([GuestErased(guest_id=guest, version=9, occurred_at=NOW)])


def to_the_gate(campaigns: Campaigns, id_: UUID) -> None:
    """Nobody enters or leaves, so that no message is asked for."""
    campaigns.hear(changed(id_, 0, 0, None), AT)
    assert Rehearsals(campaigns.database, most=100).step(NOW) == 1
    assert state(campaigns, id_) == "judging"


def lines(campaigns: Campaigns) -> int:
    return int(campaigns.one("select count(*) from rehearsal_line"))


def test_a_forecast_is_whole_in_whatever_order_it_comes(campaigns: Campaigns) -> None:
    id_ = asked(campaigns)
    campaigns.hear(changed(id_, 2, 2, None), AT)
    campaigns.hear(changed(id_, 1, 2, BEN), AT)
    assert state(campaigns, id_) == "forecasting"
    campaigns.hear(changed(id_, 0, 2, ANA), AT)
    assert state(campaigns, id_) == "playing"


def test_the_last_word_of_the_gate_makes_the_report_and_the_one_before_goes(campaigns: Campaigns) -> None:
    first, second = asked(campaigns), asked(campaigns, at=NOW + timedelta(hours=1))
    assert state(campaigns, first) == "superseded"
    to_the_gate(campaigns, second)
    campaigns.hear(judged(second, 1, 1, None), AT)
    assert state(campaigns, second) == "judging"
    campaigns.hear(judged(second, 0, 1, ANA), AT)
    assert state(campaigns, second) == "done"
    assert state(campaigns, first) is None
    assert lines(campaigns) == 1


def test_an_erased_guest_is_in_no_report_and_nobody_waits_for_their_line(campaigns: Campaigns) -> None:
    id_ = asked(campaigns)
    to_the_gate(campaigns, id_)
    campaigns.hear(judged(id_, 0, 2, ANA), AT)
    campaigns.hear(erased(ANA), AT)
    campaigns.hear(erased(BEN), AT)
    assert lines(campaigns) == 0
    campaigns.hear(judged(id_, 1, 2, BEN), AT)
    campaigns.hear(judged(id_, 2, 2, None), AT)
    assert state(campaigns, id_) == "done"
    assert lines(campaigns) == 0


def test_what_comes_after_it_was_cancelled_leaves_nothing(campaigns: Campaigns) -> None:
    id_ = asked(campaigns)
    with campaigns.database.transaction() as tx:
        assert cancel(tx, id_, NOW)
    campaigns.hear(changed(id_, 0, 1, ANA), AT)
    campaigns.hear(judged(id_, 0, 1, ANA), AT)
    assert state(campaigns, id_) == "cancelled"
    assert lines(campaigns) == campaigns.one("select count(*) from rehearsal_change") == 0
    assert [one["ended"] for one in campaigns.published("rehearsal.requested.v1")] == [False, True]


def test_a_report_is_thrown_away_after_thirty_days(campaigns: Campaigns) -> None:
    id_ = asked(campaigns)
    role = Rehearsals(campaigns.database, most=100)
    assert role.next_due() == UNTIL
    assert role.step(UNTIL + timedelta(seconds=1)) == 1
    assert state(campaigns, id_) is None
    assert role.next_due() is None


@pytest.mark.parametrize("days", [0, 91, -1])
def test_it_looks_from_one_to_ninety_days_ahead(campaigns: Campaigns, days: int) -> None:
    with campaigns.database.transaction() as tx, pytest.raises(InputError):
        ask(tx, None, days, [], NOW, "Mia")


def test_twice_at_one_instant_the_second_takes_the_place_of_the_first(campaigns: Campaigns) -> None:
    """On a clock that stands still, as in a demo."""
    first, second = asked(campaigns), asked(campaigns)
    assert first != second
    assert (state(campaigns, first), state(campaigns, second)) == ("superseded", "forecasting")
    third = asked(campaigns)
    with campaigns.database.transaction() as tx:
        newest = store.newest(tx, None)
    assert newest is not None and newest.id == third
