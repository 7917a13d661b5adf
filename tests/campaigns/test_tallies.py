"""The tally that pages read is what counting anew would find, whatever happened to guests and messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.campaigns.commands.launch import end, pause, resume
from services.campaigns.queries.journeys import lines, steps
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database
from shared.events.messaging import MessageBounced, MessageDelivered
from tests.campaigns.cast import Campaigns, at_work, audience, click, instant, lapse, outcome, receipt, stay
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.loopback import until

TALLIED = """
    select journey, version, step, property, what, reason, sum(n)::int from journey_tally
    group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0 order by 1, 2, 3, 4, 5, 6
"""
COUNTED = "select journey, version, step, property, what, reason, n::int from journey_count order by 1, 2, 3, 4, 5, 6"


def rows(database: Database, query: str) -> list[Any]:
    with database.transaction() as tx:
        return tx.execute(query).fetchall()


def agrees(campaigns: Campaigns) -> None:
    assert rows(campaigns.database, TALLIED) == rows(campaigns.database, COUNTED)


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    return at_work(make_database("campaigns"))


def test_after_a_campaign_the_tally_is_what_counting_finds(campaigns: Campaigns) -> None:
    for guest in (ANA, BEN, CARLA):
        campaigns.hear(audience(guest, 1, True, "2016-05-29 22:00", because=lapse()))
    agrees(campaigns)
    campaigns.hear(stay("checked_out", 2, at="2016-05-29 23:00"))
    campaigns.tick("2016-05-30 08:00")
    agrees(campaigns)
    asked = {message["guest_id"]: message for message in campaigns.requested()}
    campaigns.hear(outcome(asked[str(ANA)], "sent", 2, "2016-05-30 08:00"))
    campaigns.hear(outcome(asked[str(ANA)], "sent", 2, "2016-05-30 08:00"))  # once more
    campaigns.hear(outcome(asked[str(BEN)], "skipped", 2, "2016-05-30 08:00", reason="no_consent"))
    agrees(campaigns)
    campaigns.hear(audience(CARLA, 2, False, "2016-05-30 09:00"))
    agrees(campaigns)
    with campaigns.database.transaction() as tx:
        line = next(line for line in lines(tx, EVERYWHERE) if line.key == "win-back")
        assert (line.entered, line.sent, line.refused, line.reason, line.written) == (3, 1, 1, "no_consent", 1)
        pause(tx, "win-back", at=instant("2016-05-30 10:00"))
        resume(tx, "win-back", at=instant("2016-05-30 10:00"))
        end(tx, "win-back", at=instant("2016-05-30 10:00") + timedelta(hours=1))
        assert sum(step.sent for step in steps(tx, "win-back", EVERYWHERE).values()) == 1
    agrees(campaigns)


def test_those_who_have_a_message_and_open_a_link_of_it_count_once_in_any_order(campaigns: Campaigns) -> None:
    for guest in (ANA, BEN, CARLA):
        campaigns.hear(audience(guest, 1, True, "2016-05-29 22:00", because=lapse()))
    campaigns.tick("2016-05-30 08:00")
    ana, ben, carla = (
        next(one for one in campaigns.requested() if one["guest_id"] == str(guest)) for guest in (ANA, BEN, CARLA)
    )
    for told in (
        click(ana, 2, "2016-05-31 09:00"),  # before anybody said that it was sent
        *(outcome(one, "sent", 2, "2016-05-30 08:00") for one in (ana, ben, carla)),
        click(ana, 1, "2016-05-31 08:00"),
        click(ana, 2, "2016-05-31 09:00"),  # once more
        receipt(ben, MessageBounced, 2, "2016-05-31 08:00"),
        receipt(ben, MessageDelivered, 1, "2016-05-31 07:00"),  # late: it came back since
        receipt(carla, MessageDelivered, 1, "2016-05-31 07:00"),
    ):
        campaigns.hear(told)
        agrees(campaigns)
    with campaigns.database.transaction() as tx:
        (step,) = (one for one in steps(tx, "win-back", EVERYWHERE).values() if one.sent)
        assert (step.sent, step.delivered, step.clicked, step.can_click) == (3, 2, 1, 2)
        tx.execute("update enrolment set property = 'SHA'")
    agrees(campaigns)
    assert rows(campaigns.database, "select clicked_at from message where clicked_at is not null") == [
        (instant("2016-05-31 08:00"),)
    ]


def test_what_is_counted_moves_along_when_a_guest_is_counted_elsewhere(campaigns: Campaigns) -> None:
    campaigns.hear(audience(ANA, 1, True, "2016-05-29 22:00", because=lapse()))
    campaigns.tick("2016-05-30 08:00")
    (asked,) = campaigns.requested()
    campaigns.hear(outcome(asked, "skipped", 2, "2016-05-30 08:00", reason="holdout"))
    for code in ("LIS", "SHA"):
        with campaigns.database.transaction() as tx:
            tx.execute("update enrolment set property = %s", [code])
        agrees(campaigns)


def test_tallies_are_drawn_together_and_say_the_same(campaigns: Campaigns) -> None:
    campaigns.hear(audience(ANA, 1, True, "2016-05-29 22:00", because=lapse()))
    with campaigns.database.transaction() as tx:
        for property_ in ("LIS", "SHA") * 800:
            tx.execute("update enrolment set property = %s", [property_])
    agrees(campaigns)
    assert rows(campaigns.database, "select count(*) < 5000 from journey_tally") == [(True,)]


SECOND = """
    insert into message (id, enrolment_id, step, plan, due_at, requested_at)
    select gen_random_uuid(), enrolment_id, 'second', plan, due_at, requested_at from message
"""


def test_of_two_messages_of_an_enrolment_that_are_answered_at_once_one_counts(campaigns: Campaigns) -> None:
    campaigns.hear(audience(ANA, 1, True, "2016-05-29 22:00", because=lapse()))
    campaigns.tick("2016-05-30 08:00")
    (asked,) = campaigns.requested()
    with campaigns.database.transaction() as tx:
        tx.execute(SECOND)
    answered = "update message set state = %s where id {} %s::uuid"
    with ThreadPoolExecutor(1) as threads:
        with campaigns.database.transaction() as tx:
            tx.execute(answered.format("="), ["sent", asked["message_id"]])
            other = threads.submit(_change, campaigns.database, answered.format("<>"), ["sent", asked["message_id"]])
            until(lambda: rows(campaigns.database, WAITING_FOR_A_LOCK) == [(1,)])
        other.result()
    agrees(campaigns)
    assert rows(campaigns.database, WRITTEN) == [(1,)]
    for state, counted in (("failed", []), ("sent", [(1,)])):  # as after a restore of messaging
        _change(campaigns.database, "update message set state = %s", [state])
        agrees(campaigns)
        assert rows(campaigns.database, WRITTEN) == counted


def _change(database: Database, query: str, values: list[str]) -> None:
    with database.transaction() as tx:
        tx.execute(query, values)


WAITING_FOR_A_LOCK = """
    select count(*)::int from pg_locks join pg_database on pg_database.oid = database
    where locktype = 'advisory' and not granted and classid = 7263 and datname = current_database()
"""
WRITTEN = "select sum(n)::int from journey_tally where what = 'written' having sum(n) <> 0"
