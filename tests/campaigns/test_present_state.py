"""What campaigns has said can be said again: open requests, withdrawals, launches."""

from __future__ import annotations

from typing import Any

from services.campaigns.queries.present_state import launches, open_requests, withdrawals
from shared.bus.republish import Source, republish
from tests.campaigns.cast import Campaigns, at_work, audience, instant, lapse, outcome
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase

AT = instant("2016-06-01 12:00")


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
