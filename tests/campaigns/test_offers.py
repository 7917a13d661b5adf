"""An offer that is used ends journeys, answers forks and waits, and is a goal: that offer, and no other."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask

from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.pages.sentences.events import event_choices
from services.campaigns.pages.sentences.goals import goal_choices
from services.campaigns.rules.document import offers_named
from services.campaigns.schemas import parse, validated
from services.campaigns.schemas.forms import Form
from services.campaigns.schemas.settings import settings_in
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.messaging import OfferRedeemed, OfferReferred
from shared.ids import make_id
from shared.vocabulary.offer import RedeemedBy
from shared.web.i18n.languages import add_translations
from tests.campaigns.cast import Campaigns, audience, instant, outcome
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

JOURNEY = """
key: winter
name: Winter
purpose: marketing
entry: {audience: lapsed-3-months}
goal: {event: "offer.redeemed:winter", within_days: 30}
exits: [{event: "offer.redeemed:winter"}]
steps:
  - key: offer
    send: {template: winter, channels: [email], useful_for: {days: 30}}
  - key: listen
    wait_for: {event: "offer.referred:friends", within: {days: 10}, then: thanks, else: reminder}
  - key: reminder
    send: {template: reminder, channels: [email], useful_for: {days: 30}}
  - key: stop
    exit: {reason: reminded}
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 30}}
"""


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    made = Campaigns(make_database("campaigns"))
    with made.database.transaction() as tx:
        publish(tx, parse(JOURNEY), instant("2016-01-01 00:00"), "marketer")
        launch(tx, "winter", at=instant("2016-01-01 00:00"), by="marketer", entries_from=date(2016, 1, 1))
    made.hear(audience(ANA, 1, True, "2016-03-02 06:00"))
    made.hear(audience(BEN, 1, True, "2016-03-02 06:00"))
    made.run("2016-03-02 12:00")
    for message in made.requested():
        made.hear(outcome(message, "sent", 2, "2016-03-02 10:00"))
    return made


def used(offer: str, at: str, guest: UUID | None = ANA, kind: type = OfferRedeemed) -> Chunk:
    event = kind(
        redemption_id=make_id("use", offer, at),
        version=1,
        offer=offer,
        guest_id=guest,
        stay_id=None,
        property="LIS",
        amount=None,
        currency=None,
        redeemed_on=instant(at).date(),
        source=RedeemedBy.DESK,
        occurred_at=instant(at),
    )
    return off_the_wire(chunk_of([event]))


def ended(campaigns: Campaigns) -> list[tuple[UUID, str]]:
    return campaigns.all("select guest_id, reason from enrolment where state = 'exited' order by guest_id")


def test_the_offer_that_is_meant_ends_the_journey_and_is_its_goal(campaigns: Campaigns) -> None:
    campaigns.hear(used("winter", "2016-03-05 10:00"))
    assert ended(campaigns) == [(ANA, "offer.redeemed")]
    redemption = make_id("use", "winter", "2016-03-05 10:00")
    assert campaigns.all("select stay_id, redemption_id, held_out from goal") == [(None, redemption, False)]


def test_another_offer_ends_nothing_and_is_no_goal(campaigns: Campaigns) -> None:
    campaigns.hear(used("summer", "2016-03-05 10:00"))
    campaigns.hear(used("winter", "2016-03-05 11:00", kind=OfferReferred))
    assert ended(campaigns) == [] == campaigns.all("select * from goal")


def test_a_use_of_which_nobody_knows_whose_it_was_moves_nobody(campaigns: Campaigns) -> None:
    campaigns.hear(used("winter", "2016-03-05 10:00", guest=None))
    assert ended(campaigns) == [] == campaigns.all("select * from goal")


def test_a_use_long_after_the_message_is_no_goal_of_it(campaigns: Campaigns) -> None:
    campaigns.hear(used("winter", "2016-04-05 10:00"))
    assert campaigns.all("select * from goal") == []


def test_told_twice_or_late_it_counts_once_with_the_earliest(campaigns: Campaigns) -> None:
    campaigns.hear(used("winter", "2016-03-05 10:00"))
    campaigns.hear(used("winter", "2016-03-05 10:00"))
    campaigns.hear(used("winter", "2016-03-06 10:00"))
    assert campaigns.one("select count(*) from goal") == 1


def test_a_wait_for_a_friend_goes_on_when_one_comes(campaigns: Campaigns) -> None:
    campaigns.hear(used("friends", "2016-03-04 10:00", kind=OfferReferred))
    campaigns.run("2016-04-30 00:00")
    steps = {(str(one["guest_id"]), one["step"]) for one in campaigns.requested()}
    assert {(str(ANA), "thanks"), (str(BEN), "reminder")} <= steps
    assert (str(ANA), "reminder") not in steps


def test_the_offers_that_a_journey_names_are_known() -> None:
    assert offers_named(validated(parse(JOURNEY))) == {"winter", "friends"}


@pytest.mark.parametrize("event", ["offer.redeemed:Winter!", "offer.stolen", "stay.booked:winter", "offer.redeemed:"])
def test_what_is_no_event_is_refused(event: str) -> None:
    with pytest.raises(InputError):
        validated(parse(JOURNEY.replace('exits: [{event: "offer.redeemed:winter"}]', f'exits: [{{event: "{event}"}}]')))


def test_the_editor_offers_each_offer_as_an_exit_and_as_a_goal() -> None:
    editor = SimpleNamespace(offers=[("winter", "Winter by the river")])
    app = Flask("words")
    add_translations(app, [])
    with app.test_request_context(headers={"Accept-Language": "en"}):
        events, goals = dict(event_choices(editor)), dict(goal_choices(editor))
    assert events["offer.redeemed:winter"] == "the guest uses the offer «Winter by the river»"
    assert events["offer.referred:winter"] == "a friend of the guest uses the offer «Winter by the river»"
    of_stays = ["", "stay.booked", "stay.checked_out", "survey.answered", "message.clicked"]
    assert list(goals) == [*of_stays, "offer.redeemed", "offer.redeemed:winter"]


@pytest.mark.parametrize(
    ("chosen", "event"), [("offer.redeemed:winter", "offer.redeemed:winter"), ("1", "stay.booked")]
)
def test_the_goal_that_was_chosen_is_kept(chosen: str, event: str) -> None:
    form = Form({"goal": [chosen], "within_days": ["30"]})
    assert settings_in(form)["goal"] == {"event": event, "within_days": 30}
    assert settings_in(Form({"goal": [""]}))["goal"] is None
