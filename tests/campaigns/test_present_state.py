"""What campaigns has said can be said again: open requests, withdrawals, launches."""

from __future__ import annotations

from typing import Any

from services.campaigns.queries.deeds_again import tags_again, tasks_again, tiers_again
from services.campaigns.queries.present_state import launches, open_requests, withdrawals
from shared.bus.republish import Source, republish
from shared.events import chunk_of
from shared.events.segments.guests import GuestErased
from tests.campaigns.cast import Campaigns, at_work, audience, instant, lapse, outcome, stay
from tests.campaigns.test_tasks import closed, running
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase

AT = instant("2016-06-01 12:00")
ASKS = """
key: care
name: Care
purpose: stay_service
entry: {stay: checked_out}
steps:
  - key: tag
    update: {tag: regular}
  - key: call
    task: {title: Call the guest, department: front_desk, within: {hours: 30}}
  - key: tier
    update: {tier: gold}
  - key: give
    offer: {offer: spring}
  - key: thanks
    send: {template: thanks, channels: [email], useful_for: {days: 300}}
"""


def at_rest(make_database: MakeDatabase) -> Campaigns:
    """Anna's message is open, Ben's was sent, Chiara's was taken back."""
    campaigns = at_work(make_database("campaigns"))
    for guest in (ANA, BEN, CARLA):
        campaigns.hear(audience(guest, 1, True, "2016-05-29 22:00", because=lapse()))
    campaigns.tick("2016-05-30 08:00")
    of_ben = next(message for message in campaigns.requested() if message["guest_id"] == str(BEN))
    campaigns.hear(outcome(of_ben, "sent", 2, "2016-05-30 08:00"))
    campaigns.hear(audience(CARLA, 2, False, "2016-05-30 09:00"))
    return campaigns


def said_again(campaigns: Campaigns, source: Source, type_: str) -> list[dict[str, Any]]:
    before = len(campaigns.published(type_))
    republish(campaigns.database, source, AT, most=1)
    with campaigns.database.transaction() as tx:
        marks = tx.execute("select lane from outbox where created_at = %s", [AT]).fetchall()
    assert {lane for (lane,) in marks} == {"marketing"}
    return campaigns.published(type_)[before:]


def test_an_open_request_is_said_again_word_for_word(make_database: MakeDatabase) -> None:
    campaigns = at_rest(make_database)
    of_anna = [message for message in campaigns.requested() if message["guest_id"] == str(ANA)]
    assert said_again(campaigns, open_requests, "message.requested.v1") == of_anna


def test_a_withdrawal_is_said_again(make_database: MakeDatabase) -> None:
    campaigns = at_rest(make_database)
    before = campaigns.withdrawn()
    assert said_again(campaigns, withdrawals, "message.withdrawn.v1") == before


def test_running_journeys_are_said_again(make_database: MakeDatabase) -> None:
    campaigns = at_rest(make_database)
    before = {said["journey"]: {**said, "lane": "marketing"} for said in campaigns.published("journey.launched.v1")}
    again = said_again(campaigns, launches, "journey.launched.v1")
    assert {said["journey"]: said for said in again} == before
    assert len(again) == 3


def test_tasks_tags_and_tiers_are_asked_for_again_as_they_were_and_what_is_done_or_forgotten_is_not(
    make_database: MakeDatabase,
) -> None:
    """By the version that asked: the journey has gone on since."""
    campaigns = running(Campaigns(make_database("campaigns")), ASKS)
    for number, guest in enumerate((ANA, BEN, CARLA)):
        campaigns.hear(stay("checked_out", 1, guest=guest, reservation=f"R{number}"))
    campaigns.tick("2016-03-01 12:30")  # half an hour late: what was due at noon was due at noon
    running(campaigns, ASKS.replace("regular", "friend").replace("gold", "silver").replace("Call", "Visit"))
    asked = campaigns.published("task.requested.v1")
    campaigns.hear(closed(next(one for one in asked if one["guest_id"] == str(BEN)), 2, "2016-03-02 09:00"))
    campaigns.hear_at(instant("2016-03-03 09:00"), chunk_of([GuestErased(guest_id=CARLA, version=9, occurred_at=AT)]))
    for source, type_, left in (
        (tasks_again, "task.requested.v1", {ANA}),
        (tags_again, "guest.update_requested.v1", {ANA, BEN}),
        (tiers_again, "guest.tier_requested.v1", {ANA, BEN}),
    ):
        before = [one for one in campaigns.published(type_) if one["guest_id"] in set(map(str, left))]
        again = said_again(campaigns, source, type_)
        assert sorted(again, key=str) == sorted(({**one, "lane": "marketing"} for one in before), key=str)
        assert len(again) == len(left)
    assert {one["requested_at"] for one in campaigns.published("guest.update_requested.v1")} == {"2016-03-01T12:00:00Z"}


def test_an_open_request_is_said_again_with_the_offer_it_makes(make_database: MakeDatabase) -> None:
    campaigns = running(Campaigns(make_database("campaigns")), ASKS)
    campaigns.hear(stay("checked_out", 1))
    campaigns.tick("2016-03-01 12:00")
    (before,) = campaigns.requested()
    assert before["values"]["offer"] == "spring"
    assert said_again(campaigns, open_requests, "message.requested.v1") == [{**before, "lane": "marketing"}]
