"""A rehearsal says line by line what a house does over days in which nothing arrives.

Beside the shipped journeys: a broadcast of two halves, a journey by the calendar, and a split with a winner, with room
for so many a day and a control group.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

from guestloop.composition.services import world_of
from services.campaigns.commands.broadcasts import begin_broadcast, plan_broadcast, write_broadcast
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.rules.broadcasts import Broadcast, Repeat, document_of
from services.campaigns.schemas import validated
from tests.rehearsal.house import House

DAYS = 60
A_DAY = 3
SEND = {"channels": ["email", "sms"], "useful_for": {"days": 3}}
BY_CALENDAR: dict[str, Any] = {
    "key": "member-day",
    "name": "Member day",
    "purpose": "marketing",
    "priority": 30,
    "holdout": 30,
    "goal": {"event": "stay.booked", "within_days": 30},
    "room": {"a_day": A_DAY},
    "entry": {"audience": "reachable-by-email", "calendar": {"monthly": {"day": 20}}, "hour": "09:00"},
    "steps": [
        {
            "key": "which",
            "split": {
                "ways": [{"name": "a", "weight": 50}, {"name": "b", "weight": 50, "to": "second"}],
                "winner": {"days": 7},
            },
        },
        {"key": "first", "send": {"template": "win-back", **SEND}},
        {"key": "done", "exit": {"reason": "done"}},
        {"key": "second", "send": {"template": "birthday", **SEND}},
    ],
}


def begin_more(made: House) -> None:
    """Launched by the house, and heard of by its neighbours."""
    now = made.clock.now()
    friday = Broadcast(
        audience="reachable-by-email",
        left_out=("regulars",),
        template="win-back",
        second="birthday",
        channels=("email", "sms"),
        day=now.date() + timedelta(days=3),
        hour="11:00",
        hotel=None,
        repeat=Repeat.WEEKLY,
        holdout=20,
    )
    with made.group.database("campaigns").transaction() as tx:
        document = validated(document_of(begin_broadcast(tx, "Friday", now, "Mia"), "Friday", friday))
        write_broadcast(tx, document, now, "Mia")
        plan_broadcast(tx, document, now, "Mia")
        publish(tx, validated(BY_CALENDAR), now, "Mia")
        launch(tx, "member-day", at=now, by="Mia")
    with closing(world_of(made.group, made.clock)) as world:
        world.mark_changed("campaigns")
        world.settle(now)


def test_a_rehearsal_agrees_line_by_line_with_what_really_happens(a_house: House) -> None:
    began = a_house.clock.now()
    begin_more(a_house)
    rehearsed = a_house.rehearsed(a_house.rehearse(DAYS, as_booked=False))
    a_house.play_on(began + timedelta(days=DAYS))
    assert rehearsed == a_house.ledger(began)
    told = {(line["journey"], line["reason"] or line["state"]) for line in rehearsed}
    assert {
        ("birthday", "sent"),
        ("birthday", "no_consent"),
        ("win-back", "sent"),
        ("post-stay-survey", "sent"),
        ("friday", "sent"),
        ("friday", "holdout"),
        ("friday", "frequency_cap"),
        ("member-day", "sent"),
    } <= told
    assert {line["step"] for line in rehearsed if line["journey"] == "friday"} == {"first", "second"}
    assert 0 < max(entered_a_day(rehearsed).values()) <= A_DAY


def entered_a_day(rehearsed: list[dict[str, Any]]) -> Counter[date]:
    """How many entered the journey with room for a few."""
    first: dict[tuple[Any, str], datetime] = {}
    for line in rehearsed:
        if line["journey"] == "member-day":
            first.setdefault((line["guest"], line["occurrence"]), line["at"])
    return Counter(at.astimezone(UTC).date() for at in first.values())
