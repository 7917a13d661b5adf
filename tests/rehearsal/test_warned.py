"""A warning fills the house: raised by console, it brings that hotel's guests into the journey, and the gate judges
their messages as any other. A rehearsal says that it cannot know when one comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from guestloop.composition.services import world_of
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import overridden
from services.campaigns.shipped import shipped
from services.console.commands.warnings.watch import publish_raised
from services.console.rules.warnings.control import Judged
from services.console.rules.warnings.outside import Outside
from shared.vocabulary.signal import Signal
from tests.rehearsal.house import House, house
from tests.rehearsal.test_pages import as_
from tests.web import words

KEY = "fill-here"
LESS = Judged(0.4, 1.0, 0.8, is_outside=True)


def begin(made: House) -> None:
    """As the gallery has it, with a greater control group; its template and its segment are brought by their owners."""
    page = as_(made)
    page.get("/campaigns/journeys")
    page.post("/campaigns/journeys", {"like": "fill-the-house", "key": KEY, "name": "Fill the house"})
    now = made.clock.now()
    with made.group.database("campaigns").transaction() as tx:
        publish(tx, overridden(shipped("fill-the-house"), {"key": KEY, "holdout": 40}), now, "Mia")
        launch(tx, KEY, at=now, by="Mia")
    settle(made, "campaigns")


def settle(made: House, changed: str) -> None:
    with closing(world_of(made.group, made.clock)) as world:
        world.mark_changed(changed)
        world.settle(made.clock.now())


def raise_it(made: House, hotel: str) -> None:
    now = made.clock.now()
    with made.group.database("console").transaction() as tx:
        publish_raised(tx, [Outside(Signal.NIGHTS, hotel, LESS, 40, 100)], now.date(), now)
    settle(made, "console")


@pytest.fixture(scope="module")
def a_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One of its own: days pass in it."""
    with house(tmp_path_factory.mktemp("warned"), guests=200) as made:
        yield made


def test_a_warning_brings_the_hotels_guests_in_once_and_the_gate_judges_what_they_get(a_house: House) -> None:
    begin(a_house)
    a_house.rehearse(7, journey=KEY)
    told = words(as_(a_house).get("/campaigns/rehearsals?journey=" + KEY))
    assert "What begins with a warning" in told and "≈" in told.partition("Nothing is sent without a warning")[0]
    began = a_house.clock.now()
    for _ in range(2):
        raise_it(a_house, "LIS")
    a_house.play_on(began + timedelta(days=2))
    judged = [line for line in a_house.ledger(began) if line["journey"] == KEY]
    ended = [line for line in judged if line["state"] != "held"]
    guests = [line["guest"] for line in ended]
    assert guests and len(guests) == len(set(guests)), "once for each guest, though it was told twice"
    assert {line["property"] for line in judged} == {"LIS"}
    outcomes = {line["reason"] or line["state"] for line in ended}
    assert {"sent", "holdout", "no_consent"} <= outcomes, outcomes
    with a_house.group.database("campaigns").transaction() as tx:
        rows = tx.execute("select count(*), min(state), min(let_in) from warning_turn where journey = %s", [KEY])
        count, state, let_in = rows.fetchall()[0]
    assert (count, state) == (1, "done") and let_in >= len(guests)
    page = words(as_(a_house).get("/campaigns/journeys/" + KEY))
    assert "Warnings that came Fewer nights on the books than a year before" in page
