"""A guest who was merged stands alone again: their journeys go on where they were, and nothing is sent twice."""

from __future__ import annotations

from itertools import permutations

import pytest

from shared.events import Chunk, chunk_of
from shared.events.segments.guests import GuestUnmerged
from tests.campaigns.cast import Campaigns, at_work, audience, instant, lapse, outcome, stay, stay_id
from tests.campaigns.test_guests import changed, erased, merged
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

MERGED_AT, APART_AT = "2016-05-29 23:00", "2016-05-29 23:30"
ENTERED = audience(ANA, 1, True, "2016-05-29 22:00", because=lapse())
LEFT = audience(ANA, 2, False, MERGED_AT, because={"kind": "guest", "what": "guest.merged"})
BACK = audience(ANA, 3, True, APART_AT, because={**lapse(), "kind": "guest", "what": "guest.unmerged"})


def unmerged(version: int = 10, *, stays: tuple[str, ...] = ("R1",)) -> Chunk:
    event = GuestUnmerged(
        guest_id=ANA,
        version=version,
        from_guest_id=BEN,
        from_version=20,
        merged_at=instant(MERGED_AT),
        stays=[stay_id(one) for one in stays],
        points=[],
        consents=[],
        from_consents=[],
        occurred_at=instant(APART_AT),
    )
    return off_the_wire(chunk_of([event]))


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return at_work(make_database("campaigns"))


def due(campaigns: Campaigns) -> list[tuple[object, ...]]:
    return campaigns.all(
        "select guest_id, occurrence, state, step, due_at from enrolment order by guest_id, occurrence"
    )


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_wait_goes_on_where_it_was_in_whatever_order_it_is_heard(
    campaigns: Campaigns, order: tuple[int, ...]
) -> None:
    campaigns.hear(ENTERED)
    before = due(campaigns)
    news = [merged(9), unmerged(10), changed(11), BACK]
    for place in order:
        campaigns.hear(news[place])
    for chunk in (news[0], news[1], LEFT, news[2]):  # twice, and late
        campaigns.hear(chunk)
    assert due(campaigns) == before
    assert campaigns.tick("2016-05-30 08:00") == 1
    assert len(campaigns.requested()) == 1


def test_a_message_that_the_merge_took_back_is_asked_for_again(campaigns: Campaigns) -> None:
    campaigns.hear(ENTERED)
    campaigns.tick("2016-05-30 08:00")
    first = campaigns.requested()[0]
    campaigns.hear(outcome(first, "held", 2, "2016-05-30 08:00"))
    for chunk in (merged(9), LEFT, unmerged(10), unmerged(10), BACK):
        campaigns.hear(chunk)
    assert len(campaigns.withdrawn()) == 1
    campaigns.tick("2016-05-30 09:00")
    again = campaigns.requested()[1]
    assert (again["step"], again["due_at"]) == (first["step"], first["due_at"])
    assert again["message_id"] != first["message_id"]


def test_who_is_merged_again_stays_merged(campaigns: Campaigns) -> None:
    for chunk in (ENTERED, merged(9), unmerged(10), merged(12), unmerged(10), changed(11)):
        campaigns.hear(chunk)
    assert campaigns.next_due() is None
    assert campaigns.one("select ended from guest_known") == "merged"


def test_an_erased_guest_is_not_revived(campaigns: Campaigns) -> None:
    for chunk in (ENTERED, merged(9), erased(10), unmerged(11), changed(12)):
        campaigns.hear(chunk)
    assert campaigns.next_due() is None
    assert campaigns.one("select ended from guest_known") == "erased"


@pytest.mark.parametrize("stays_first", [True, False])
def test_a_survey_that_went_out_meanwhile_is_not_sent_again(campaigns: Campaigns, stays_first: bool) -> None:
    """The stay was the survivor's when it ended: their enrolment, and what was sent, follow it."""
    at = "2016-05-30 11:00"
    campaigns.hear(stay("checked_in", 1, at="2016-05-28 15:00"))
    campaigns.hear(merged(9))
    campaigns.hear(stay("checked_out", 3, at=at, guest=BEN))
    campaigns.tick("2016-05-31 10:00")
    (asked,) = campaigns.requested()
    campaigns.hear(outcome(asked, "sent", 2, "2016-05-31 10:00"))
    news = [stay("changed", 4, status="checked_out", at=at, checked_out_at=at), unmerged(10)]
    for chunk in news if stays_first else reversed(news):
        campaigns.hear(chunk)
    campaigns.hear(unmerged(10))
    for hour in ("2016-05-31 11:00", "2016-06-05 11:00"):
        campaigns.tick(hour)
    assert len(campaigns.requested()) == 1
    assert campaigns.one("select guest_id from message join enrolment e on e.id = enrolment_id") == ANA


def test_a_survey_that_waits_goes_to_whoever_stayed(campaigns: Campaigns) -> None:
    at = "2016-05-30 11:00"
    campaigns.hear(merged(9))
    campaigns.hear(stay("checked_out", 3, at=at, guest=BEN))
    for chunk in (unmerged(10), stay("changed", 4, status="checked_out", at=at, checked_out_at=at)):
        campaigns.hear(chunk)
    campaigns.tick("2016-05-31 10:00")
    assert [asked["guest_id"] for asked in campaigns.requested()] == [str(ANA)]
