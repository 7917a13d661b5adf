"""The journey of docs/surveys.md: one reminder, to who has not answered about this stay."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import parse
from shared.events import Chunk, chunk_of
from tests.campaigns.cast import Campaigns, instant, stay, stay_id, survey_answered
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

DOCUMENT = Path(__file__).parents[2] / "docs" / "surveys.md"


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    campaigns = Campaigns(make_database("campaigns"))
    written = re.search(r"```yaml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert written
    with campaigns.database.transaction() as tx:
        publish(tx, parse(written[1]), instant("2016-01-01 00:00"), "marketer")
        at = instant("2016-01-01 00:00")
        launch(tx, "post-stay-survey-reminded", at=at, by="marketer", entries_from=date(2016, 1, 1))
    return campaigns


def answered(at: str, reservation: str = "R1") -> Chunk:
    return off_the_wire(chunk_of([survey_answered(reservation, at=at, stay_id=stay_id(reservation))]))


def sent(campaigns: Campaigns) -> list[tuple[str, str]]:
    campaigns.run("2016-12-31 00:00")
    return [(message["step"], str(message["due_at"])[:10]) for message in campaigns.requested()]


SURVEY, REMINDER = ("survey", "2016-03-02"), ("reminder", "2016-03-06")


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (None, [SURVEY, REMINDER]),
        (answered("2016-03-03 12:00"), [SURVEY]),
        (answered("2016-03-07 12:00"), [SURVEY, REMINDER]),
        (answered("2016-03-03 12:00", "R9"), [SURVEY, REMINDER]),  # about another stay
    ],
)
def test_who_has_not_answered_is_asked_once_more_and_never_again(
    campaigns: Campaigns, answer: Chunk | None, asked: list[tuple[str, str]]
) -> None:
    campaigns.hear(stay("checked_out", 1))
    campaigns.run("2016-03-03 00:00")
    if answer is not None:
        campaigns.run(str(max(answer["answered_at"]))[:16].replace("T", " "))
        campaigns.hear(answer)
    assert sent(campaigns) == asked
