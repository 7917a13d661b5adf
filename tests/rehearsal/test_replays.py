"""Days that have passed, played once more: what was known then, and nothing of what came later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.rehearsal.house import BEGAN, NOW, House

SENT = "sent"


def told(lines: list[dict[str, Any]], journey: str) -> set[tuple[Any, ...]]:
    """By guest and occasion: a replay works to the hour, so that instants may differ by as much."""
    return {
        (line["guest"], line["occurrence"], line["channel"])
        for line in lines
        if line["journey"] == journey and line["state"] == SENT
    }


def test_a_replay_finds_the_surveys_that_really_went(a_house: House) -> None:
    """The house was played for some days: stays ended, and who left was asked. On the first two days guests were asked
    who had been on their way before."""
    days = (a_house.clock.now() - BEGAN).days
    replayed = a_house.rehearsed(a_house.rehearse(days, is_replay=True))
    assert all(BEGAN < line["at"] <= a_house.clock.now() for line in replayed)
    really = [line for line in a_house.ledger(BEGAN + timedelta(days=2)) if line["at"] <= NOW]
    went = told(really, "post-stay-survey")
    assert went
    assert went <= told(replayed, "post-stay-survey")


def test_a_replay_touches_nothing(a_house: House) -> None:
    campaigns, messaging = a_house.group.database("campaigns"), a_house.group.database("messaging")

    def counted() -> list[Any]:
        with campaigns.transaction() as tx, messaging.transaction() as other:
            return [
                tx.execute("select count(*), max(changed_at) from enrolment").fetchone(),
                tx.execute("select count(*), sum(version) from stay_known").fetchone(),
                other.execute("select count(*), max(changed_at) from delivery").fetchone(),
                other.execute("select count(*), sum(version) from consent").fetchone(),
            ]

    before = counted()
    a_house.rehearse(8, is_replay=True)
    assert counted() == before
