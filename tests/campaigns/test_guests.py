"""Guests merged away and erased are in no journey any more, whatever comes later or came before."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from shared.events import Chunk, chunk_of
from shared.events.segments.guests import GuestChanged, GuestErased, GuestMerged
from tests.campaigns.cast import LISBON, at_work, audience, birthday, instant, lapse, outcome, stay
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

AT = "2016-05-29 23:00"


def erased(version: int = 9) -> Chunk:
    return off_the_wire(chunk_of([GuestErased(guest_id=ANA, version=version, occurred_at=instant(AT))]))


def merged(version: int = 9) -> Chunk:
    return off_the_wire(
        chunk_of([GuestMerged(guest_id=ANA, version=version, into_guest_id=BEN, occurred_at=instant(AT))])
    )


def changed(version: int, *, guest: UUID = ANA, zone: str = LISBON) -> Chunk:
    event = GuestChanged(
        guest_id=guest,
        version=version,
        title=None,
        given_name="Anna",
        family_name="Silva",
        birth_date=None,
        language="pt",
        country="PT",
        home_zone=zone,
        home_property="LIS",
        tier=None,
        tags=[],
        points=[],
        consents=[],
        do_not_contact=None,
        occurred_at=instant(AT),
    )
    return off_the_wire(chunk_of([event]))


ENTERED = audience(ANA, 1, True, "2016-05-29 22:00", because=lapse())


@pytest.mark.parametrize("end", [erased(), merged()])
def test_who_is_gone_is_written_to_no_more(make_database: MakeDatabase, end: Chunk) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(ENTERED)
    campaigns.hear(end)
    assert campaigns.next_due() is None
    assert campaigns.enrolments() == []


@pytest.mark.parametrize(("end", "later"), [(erased(), 12), (merged(), 8)], ids=["erased", "merged"])
def test_a_tombstone_heard_first_lets_nothing_in_later(make_database: MakeDatabase, end: Chunk, later: int) -> None:
    """Of an erased guest nothing revives it, of a merged one nothing older."""
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(end)
    campaigns.hear(changed(3))
    campaigns.hear(changed(later))
    campaigns.hear(ENTERED)
    campaigns.hear(stay("checked_out", 2))
    assert campaigns.enrolments() == []


@pytest.mark.parametrize("end", [erased(), merged()])
def test_what_messaging_still_holds_is_withdrawn(make_database: MakeDatabase, end: Chunk) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(ENTERED)
    campaigns.tick("2016-05-30 08:00")
    campaigns.hear(outcome(campaigns.requested()[0], "held", 2, "2016-05-30 08:00"))
    campaigns.hear(end)
    campaigns.hear(end)
    assert len(campaigns.withdrawn()) == 1


def test_erasing_wipes_what_enrolments_knew_and_says_so(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(audience(ANA, 1, True, AT, segment="birthday-in-7-days", because=birthday("2016-06-06")))
    campaigns.hear(erased())
    with campaigns.database.transaction() as tx:
        kept = tx.execute("select to_jsonb(enrolment) from enrolment").fetchall()
        members = tx.execute("select count(*) from audience_member").fetchall()
    assert "2016-06-06" not in json.dumps(kept)
    assert members == [(0,)]
    (forgotten,) = campaigns.published("guest.forgotten.v1")
    assert (forgotten["guest_id"], forgotten["service"]) == (str(ANA), "campaigns")


def test_a_merger_after_an_erasure_keeps_the_erasure(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    for chunk in (erased(9), merged(10)):
        campaigns.hear(chunk)
    with campaigns.database.transaction() as tx:
        assert tx.execute("select ended from guest_known").fetchall() == [("erased",)]


def test_an_older_profile_replaces_no_newer_one(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    for version in (2, 1, 2):
        campaigns.hear(changed(version))
    with campaigns.database.transaction() as tx:
        assert tx.execute("select version, zone, ended from guest_known").fetchall() == [(2, "Europe/Lisbon", None)]


def test_an_entry_that_slipped_past_a_tombstone_ends_at_its_timer(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    campaigns.hear(ENTERED)
    with campaigns.database.transaction() as tx:  # as where both were committed at one moment
        tx.execute("insert into guest_known (guest_id, version, ended) values (%s, 9, 'erased')", [ANA])
    assert campaigns.tick("2016-05-30 08:00") == 1
    assert campaigns.requested() == []
    assert campaigns.enrolments() == []
