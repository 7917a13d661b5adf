"""A journey waits and forks by what guests do with its own messages: a link opened, a survey answered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.pages.steps.wait_for import VIEW
from services.campaigns.schemas import parse, validated
from services.campaigns.schemas.forms import Form
from services.campaigns.service import SERVICE
from services.campaigns.steps.wait_for import WaitFor
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, audience, click, instant, outcome, survey_answered
from tests.cast import ANA, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.web import browser, words

JOURNEY = """
key: back
name: Back
purpose: marketing
entry: {audience: lapsed-3-months}
steps:
  - key: first
    send: {template: first, channels: [email], useful_for: {days: 30}}
  - key: offer
    send: {template: offer, channels: [email], useful_for: {days: 30}}
  - key: pause
    wait: {hours: 24}
  - key: listen
    wait_for: {WAIT, within: {days: 2}, then: thanks, else: reminder}
  - key: reminder
    send: {template: reminder, channels: [email], useful_for: {days: 30}}
  - key: stop
    exit: {reason: reminded}
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 30}}
"""
THANKED, REMINDED = "thanks", "reminder"


def waiting_for(make_database: MakeDatabase, wait: str, text: str = JOURNEY) -> Campaigns:
    campaigns = Campaigns(make_database("campaigns"))
    with campaigns.database.transaction() as tx:
        publish(tx, validated(parse(text.replace("WAIT", wait))), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "back", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    for guest in (ANA, BEN):
        campaigns.hear(audience(guest, 1, True, "2016-03-02 06:00"))
    campaigns.tick("2016-03-02 06:00")
    for message in campaigns.requested():
        campaigns.hear(outcome(message, "sent", 2, "2016-03-02 07:00"))
    return campaigns


def message_of(campaigns: Campaigns, step: str) -> dict[str, Any]:
    return next(one for one in campaigns.requested() if one["step"] == step and one["guest_id"] == str(ANA))


def answer_to(
    message: dict[str, Any] | None, at: str, *, score: int = 9, void: bool = False, version: int = 1
) -> Chunk:
    to = UUID(message["message_id"]) if message else None
    event = survey_answered("one", at=at, score=score, version=version, void=void, message_id=to)
    return off_the_wire(chunk_of([event]))


def went_on(campaigns: Campaigns, guest: UUID = ANA) -> tuple[str, str]:
    campaigns.run("2016-12-31 00:00")
    last = [one for one in campaigns.requested() if one["guest_id"] == str(guest)][-1]
    return last["step"], str(last["due_at"])[:16]


@pytest.mark.parametrize(
    ("wait", "of", "at", "expected"),
    [
        ("clicked: offer", "offer", "2016-03-03 08:00", (THANKED, "2016-03-03T08:00")),
        ("clicked: offer", "offer", "2016-03-02 09:00", (THANKED, "2016-03-03T06:00")),  # before the step: at once
        ("clicked: offer", "first", "2016-03-03 08:00", (REMINDED, "2016-03-05T06:00")),
        ("clicked: any", "first", "2016-03-03 08:00", (THANKED, "2016-03-03T08:00")),
        ("clicked: any", "first", "2016-03-05 06:01", (REMINDED, "2016-03-05T06:00")),
    ],
)
@pytest.mark.parametrize("order", ["click first", "step first"])
def test_a_click_on_the_message_that_is_meant_goes_on(
    make_database: MakeDatabase, wait: str, of: str, at: str, expected: tuple[str, str], order: str
) -> None:
    campaigns = waiting_for(make_database, wait)
    if order == "step first":
        campaigns.run(at)
    for _ in ("once", "once more"):
        campaigns.hear(click(message_of(campaigns, of), 0, at), "2016-03-05 06:01")
    assert went_on(campaigns) == expected
    assert went_on(campaigns, BEN) == (REMINDED, "2016-03-05T06:00")


def test_a_click_on_somebody_elses_message_is_none_of_theirs(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, "clicked: any")
    campaigns.run("2016-03-03 07:00")
    strange = {**message_of(campaigns, "offer"), "message_id": str(make_id("message", "another")), "journey": "other"}
    campaigns.hear(click(strange, 0, "2016-03-03 08:00"))
    assert went_on(campaigns)[0] == REMINDED


def test_the_answer_to_its_own_survey_goes_on_and_to_another_does_not(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, "answered: offer")
    campaigns.run("2016-03-03 07:00")
    campaigns.hear(answer_to(None, "2016-03-03 08:00"))
    campaigns.hear(answer_to(message_of(campaigns, "first"), "2016-03-03 09:00", version=2))
    assert campaigns.next_due() == instant("2016-03-05 06:00")
    campaigns.hear(answer_to(message_of(campaigns, "offer"), "2016-03-03 10:00", version=3))
    assert went_on(campaigns) == (THANKED, "2016-03-03T10:00")


def test_an_answer_that_was_taken_back_before_the_step_is_none(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, "answered: any")
    campaigns.hear(answer_to(message_of(campaigns, "offer"), "2016-03-02 09:00"))
    campaigns.hear(answer_to(message_of(campaigns, "offer"), "2016-03-02 09:00", version=2, void=True))
    assert went_on(campaigns) == (REMINDED, "2016-03-05T06:00")


@pytest.mark.parametrize(("score", "expected"), [(3, THANKED), (9, REMINDED), (None, REMINDED)])
def test_a_fork_by_the_score_of_its_own_survey(make_database: MakeDatabase, score: int | None, expected: str) -> None:
    fork = "branch: {if: {score: {of: own, at_most: 6}}, then: thanks, else: reminder}"
    wait = "wait_for: {WAIT, within: {days: 2}, then: thanks, else: reminder}"
    campaigns = waiting_for(make_database, "", JOURNEY.replace(wait, fork))
    message = message_of(campaigns, "first") if score is not None else None
    campaigns.hear(answer_to(message, "2016-03-02 09:00", score=score or 0))
    assert went_on(campaigns)[0] == expected


def test_an_answer_told_without_its_survey_takes_it_from_the_same_told_once_more(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, "answered: any")
    message = message_of(campaigns, "offer")
    campaigns.hear(answer_to(None, "2016-03-02 09:00"))
    campaigns.hear(answer_to(message, "2016-03-02 09:00"))
    campaigns.hear(answer_to(None, "2016-03-02 09:00"))
    assert campaigns.one("select message_id::text from score_known") == message["message_id"]


def test_a_message_that_does_not_stand_above_is_refused_and_a_renamed_one_is_followed() -> None:
    with pytest.raises(InputError) as refused:
        validated(parse(JOURNEY.replace("WAIT", "clicked: thanks")))
    assert "/steps/3/wait_for/clicked" in refused.value.problems
    content = {"clicked": "offer", "within": {"days": 1, "hours": 0, "minutes": 0}, "then": "offer", "else": None}
    assert WaitFor.led_elsewhere(content, "offer", "new") == {**content, "clicked": "new", "then": "new"}
    assert WaitFor.led_elsewhere(content, "offer", None) == {**content, "clicked": "any", "then": None}


def test_the_editor_says_it_in_both_languages(make_database: MakeDatabase) -> None:
    campaigns = waiting_for(make_database, "clicked: offer")
    person = browser(SERVICE.build_web, Config(), campaigns.database, MARTA)
    page = person.get("/campaigns/journeys/back/edit")
    assert "Until the guest opens a link of the message" in words(page)
    assert '<option value="offer" selected>' in page.get_data(as_text=True)
    chinese = words(person.get("/campaigns/journeys/back", headers={"Accept-Language": "zh-CN"}))
    assert "宾客打开信息" in chinese
    assert VIEW.read(Form({"waited_for": ["answered"], "message": ["offer"]}))["answered"] == "offer"
