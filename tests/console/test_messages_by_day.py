"""Messages by day: what is added up is what every message would say, whatever came twice, late or out of order."""

from __future__ import annotations

import random
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.console.consumer import SUBSCRIPTIONS
from services.console.queries.home import by_day
from services.console.queries.key_figures import sent_in
from shared.access.scope import EVERYWHERE, Scope
from shared.events import chunk_of
from shared.events.messaging import MessageHeld, MessageSent
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.test_console import message
from tests.harness import ServiceHarness

DAY = datetime(2016, 3, 2, tzinfo=UTC)
COUNTED = """
    select day, journey, purpose, property, channel, currency, messages, priced, cost from message_day
    where messages <> 0 order by 1, 2, 3, 4, 5, 6
"""
EACH = """
    select (sent_at at time zone 'UTC')::date, journey, purpose, coalesce(property, ''), coalesce(channel, ''),
        coalesce(currency, ''), count(*)::int, count(cost)::int, coalesce(sum(cost), 0)
    from message_seen where sent_at is not null group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
"""


class Console(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


@pytest.fixture
def console(make_database: MakeDatabase) -> Console:
    """Sixty messages of two hotels and of none, in two journeys, told in any order, some twice."""
    found, chance = Console(make_database("console")), random.Random(16)
    told: list[Any] = []
    for number in range(60):
        at = DAY + timedelta(minutes=chance.randrange(4 * 24 * 60))
        changes: dict[str, Any] = {
            "journey": chance.choice(("win-back", "birthday")),
            "purpose": chance.choice(("marketing", "marketing", "service")),
            "property": chance.choice(("LIS", "SHA", None)),
        }
        channel = chance.choice(("email", "sms", None))
        told.append(replace(message(MessageHeld, number, 2, "held"), **changes, channel=None, occurred_at=at))
        sent = replace(message(MessageSent, number, 3, "sent"), **changes, channel=channel, occurred_at=at)
        told += [sent, sent] if number % 5 else [sent]
        paid = chance.choice((None, ("0.05", "EUR"), ("0.4", "CNY")))
        if paid:  # told again when the price is known
            told.append(replace(sent, cost=paid[0], currency=paid[1]))
        if number % 7 == 0:  # a later version of it says an earlier instant, and by which channel it went
            before = at - timedelta(days=1)
            told.append(replace(told[-1], version=4, channel="whatsapp", occurred_at=before))
    chance.shuffle(told)
    for one in told:
        found.hear_at(NOW, chunk_of([one]))
    return found


def test_sums_of_days_are_those_of_every_message(console: Console) -> None:
    assert console.all(COUNTED) == console.all(EACH)
    assert sum(row[6] for row in console.all(COUNTED)) == 60
    assert len({row[5] for row in console.all(COUNTED)}) == 3, "in two currencies, and without a price"
    console.hear_at(NOW, chunk_of([message(MessageSent, 99, 1, "sent"), message(MessageSent, 100, 1, "sent")]))
    assert console.all(COUNTED) == console.all(EACH), "and in sets"


@pytest.mark.parametrize("hours", [(0, 96), (-9, 60), (5, 77), (8, 9), (0, 24), (23, 49), (30, 30)])
@pytest.mark.parametrize("property", ["", "LIS"])
def test_between_any_instants_as_many_were_sent_as_there_are(
    console: Console, hours: tuple[int, int], property: str
) -> None:
    since, until = (DAY + timedelta(hours=hour) for hour in hours)
    query = """
        select coalesce(channel, ''), coalesce(currency, ''), count(*)::int, coalesce(sum(cost), 0) from message_seen
        where sent_at >= %s and sent_at < %s and purpose = 'marketing' and %s in ('', property)
        group by 1, 2 order by 1, 2
    """
    with console.database.transaction() as tx:
        found = [astuple(one) for one in sent_in(tx, since, until, property)]
        assert found == tx.execute(query, [since, until, property]).fetchall()


def test_home_adds_up_what_went_in_the_hotels_of_whoever_looks(console: Console) -> None:
    with console.database.transaction() as tx:
        every, lisbon = (by_day(tx, DAY.date(), scope) for scope in (EVERYWHERE, Scope(frozenset({"LIS"}))))
    assert sum(one.messages for one in every) > sum(one.messages for one in lisbon) > 0
    query = "select count(*) from message_seen where sent_at >= %s and property = 'LIS'"
    assert sum(one.messages for one in lisbon) == console.one(query, DAY)
