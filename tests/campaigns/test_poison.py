"""One enrolment, member or journey that cannot be worked on waits for a person; those before and after it go on."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.campaigns.steps import UnknownStep
from shared.bus.set_aside import SetAside, try_again, waiting
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, at_work, audience, instant, lapse, stay
from tests.campaigns.test_letting_in import GUESTS, LAUNCH, entered, inside, launched
from tests.conftest import MakeDatabase

THREE = [make_id("guest", "poison", number) for number in range(3)]


def aside(campaigns: Campaigns) -> list[SetAside]:
    with campaigns.database.transaction() as tx:
        return waiting(tx, 10)


def again(campaigns: Campaigns, at: str) -> None:
    with campaigns.database.transaction() as tx:
        assert try_again(tx, [one.id for one in waiting(tx, 10)], instant(at)) == 1


def break_document(campaigns: Campaigns, journey: str) -> None:
    """As a version of the program wrote it that knows another kind of step."""
    with campaigns.database.transaction() as tx:
        tx.execute("alter table journey_version disable trigger journey_version_is_immutable")
        tx.execute(
            "update journey_version set document = jsonb_set(document, '{steps}', %s) where journey = %s",
            ['[{"key": "ask", "ask_by_pigeon": {}}]', journey],
        )


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_enrolment_that_cannot_be_moved_waits_for_a_person_and_its_neighbours_go_on(
    make_database: MakeDatabase, place: int
) -> None:
    campaigns = at_work(make_database("campaigns"), only=["win-back"])
    for number, guest in enumerate(THREE):
        because = lapse(reservation=f"R{number}")
        campaigns.hear(audience(guest, 1, True, "2016-06-01 06:00", because=because))
    with campaigns.database.transaction() as tx:
        tx.execute("update enrolment set due_at = '2016-06-01 06:30'")
        broken, step = tx.execute("select id, step from enrolment where guest_id = %s", [THREE[place]]).fetchone() or ()
        tx.execute("update enrolment set step = 'no such step' where id = %s", [broken])
    assert campaigns.tick("2016-06-03 12:00") == 3
    sound = sorted(str(guest) for guest in THREE if guest != THREE[place])
    assert sorted(message["guest_id"] for message in campaigns.requested()) == sound
    (one,) = aside(campaigns)
    assert (one.role, one.item, one.guest_id, one.attempts) == ("timers", str(broken), THREE[place], 1)
    assert "win-back" in one.what and "no such step" in one.reason
    assert campaigns.next_due() is None, "nobody looks at it in vain"
    assert campaigns.tick("2016-06-03 12:01") == 0

    again(campaigns, "2016-06-03 12:02")
    campaigns.tick("2016-06-03 12:02")
    assert len(aside(campaigns)) == 1, "nothing was mended"
    with campaigns.database.transaction() as tx:
        tx.execute("update enrolment set step = %s where id = %s", [step, broken])
    again(campaigns, "2016-06-03 12:03")
    campaigns.tick("2016-06-03 12:03")
    assert not aside(campaigns)
    assert len(campaigns.requested()) == 3


def test_a_journey_that_cannot_be_read_keeps_no_event_from_the_others(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"), only=["win-back", "post-stay-survey"])
    break_document(campaigns, "post-stay-survey")
    guest: UUID = THREE[0]
    campaigns.hear(stay("checked_out", 1, guest=guest, at="2016-06-01 12:00"))
    campaigns.hear(audience(guest, 1, True, "2016-09-01 06:00", because=lapse()))
    assert campaigns.one("select array_agg(journey) from enrolment") == ["win-back"]
    (one,) = aside(campaigns)
    assert (one.role, one.item) == ("journeys", "post-stay-survey")
    assert UnknownStep.__name__ in one.reason


def test_a_member_who_cannot_be_let_in_waits_and_the_others_enter_on_their_day(make_database: MakeDatabase) -> None:
    campaigns = launched(make_database, let_in_a_day=len(GUESTS))
    inside(campaigns, GUESTS)
    with campaigns.database.transaction() as tx:
        tx.execute("update waiting_member set zone = 'Atlantis/Capital' where guest_id = %s", [GUESTS[2]])
    campaigns.run("2016-05-20 00:00")
    assert entered(campaigns) == ["2016-05-01 09:10"] * 4
    (one,) = aside(campaigns)
    assert (one.role, one.guest_id) == ("letting in", GUESTS[2])
    with campaigns.database.transaction() as tx:
        tx.execute("update waiting_member set zone = 'Europe/Berlin' where guest_id = %s", [GUESTS[2]])
    again(campaigns, LAUNCH)
    campaigns.run("2016-05-25 00:00")
    assert len(entered(campaigns)) == 5
