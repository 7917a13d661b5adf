"""The reminder of the survey, switched on and off: a version of the journey each time, and nobody's other steps."""

from __future__ import annotations

from typing import Any

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.rules.survey_reminder import Reminder, can_be_switched, reminder_of, with_reminder
from services.campaigns.schemas import validated
from services.campaigns.service import SERVICE
from services.campaigns.shipped import shipped
from tests.campaigns.cast import Campaigns, instant
from tests.cast import ANTON, MARTA
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

KEY = "post-stay-survey"
PATH = "/campaigns/survey-reminder"
AT = instant("2016-01-01 00:00")
FIVE = Reminder(5, "gentle-words")


def survey() -> dict[str, Any]:
    return validated(shipped(KEY))


def test_a_reminder_is_read_as_it_was_written_and_goes_without_a_trace() -> None:
    there = validated(with_reminder(survey(), FIVE))
    assert reminder_of(there) == FIVE and can_be_switched(there)
    assert reminder_of(with_reminder(there, Reminder(7, "gentle-words"))) == Reminder(7, "gentle-words")
    assert with_reminder(there, None) == survey() and reminder_of(survey()) is None


@pytest.mark.parametrize(
    "step",
    [
        {"key": "more", "wait": {"days": 1, "hours": 0, "minutes": 0}},
        {"key": "again", "send": {**survey()["steps"][1]["send"], "template": "another"}},
    ],
)
def test_other_steps_behind_the_survey_are_left_alone(step: dict[str, Any]) -> None:
    document = survey()
    own = {**document, "steps": [*document["steps"], step]}
    assert not can_be_switched(own) and reminder_of(own) is None
    assert not can_be_switched({**document, "purpose": "marketing"})


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    campaigns = Campaigns(make_database("campaigns"))
    with campaigns.database.transaction() as tx:
        publish(tx, survey(), AT, "marketer")
        launch(tx, KEY, at=AT, by="marketer")
    return campaigns


def as_(campaigns: Campaigns, who: Any = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), campaigns.database, who)


def live(campaigns: Campaigns) -> tuple[int, Reminder | None]:
    query = """
        select live_version, document
        from journey join journey_version as its on its.journey = key and version = live_version
    """
    with campaigns.database.transaction() as tx:
        version, document = tx.execute(query).fetchone() or (0, {})
    return version, reminder_of(document)


def test_it_is_switched_on_changed_and_off_by_whoever_configures(campaigns: Campaigns) -> None:
    marta = as_(campaigns)
    (line,) = marta.get(PATH).get_json()["journeys"]
    assert (line["is_on"], line["days"], line["template"], line["can_be_switched"]) == (False, 4, KEY, True)
    marta.get("/campaigns/journeys")
    for form, expected in (
        ({"days": "5", "template": "gentle-words"}, (2, FIVE)),
        ({"days": "5", "template": "gentle-words"}, (2, FIVE)),
        ({"off": "1", "days": "", "template": ""}, (3, None)),
    ):
        marta.post(f"{PATH}/{KEY}", {**form, "back": "https://elsewhere.example"})
        assert live(campaigns) == expected
    assert marta.post(f"{PATH}/{KEY}", {"days": "0", "template": KEY}).status_code == 422
    assert as_(campaigns, ANTON).get(PATH).status_code == 403


def test_a_draft_of_somebody_is_not_overwritten(campaigns: Campaigns) -> None:
    marta = as_(campaigns)
    marta.get(f"/campaigns/journeys/{KEY}/edit")
    step = {"template": "x", "channel_1": "email", "useful_days": "3"}
    marta.post(f"/campaigns/journeys/{KEY}/edit/steps/survey", step)
    (line,) = marta.get(PATH).get_json()["journeys"]
    assert line["has_draft"] and not line["can_be_switched"]
    marta.get(f"/campaigns/journeys/{KEY}/edit")
    answer = marta.post(f"{PATH}/{KEY}", {"days": "5", "template": KEY})
    assert answer.status_code == 409 and "draft of this journey" in words(answer)
    assert live(campaigns) == (1, None)
