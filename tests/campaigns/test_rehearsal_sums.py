"""A rehearsal's report is added up once; what the usual pace would bring stands beside it, in no other figure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.campaigns.commands.broadcasts import begin_broadcast, write_broadcast
from services.campaigns.commands.rehearsal.add_up import add_up
from services.campaigns.commands.rehearsal.ask import ask
from services.campaigns.config import Config
from services.campaigns.queries import calendar, rehearsals
from services.campaigns.queries.rehearsals import Pace
from services.campaigns.rules.broadcasts import Broadcast, Repeat, document_of
from services.campaigns.schemas import validated
from services.campaigns.service import SERVICE
from services.campaigns.store import rehearsals as store
from shared.access.scope import EVERYWHERE, scope_of
from shared.database.pool import Tx
from shared.ids import make_id
from tests.campaigns.cast import BERLIN, Campaigns
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.web import browser, words

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
YEAR = timedelta(days=364)
STAYS = 20


@pytest.fixture
def campaigns(make_database: MakeDatabase) -> Campaigns:
    found = Campaigns(make_database("campaigns"))
    with found.database.transaction() as tx:
        for code in ("LIS", "SHA"):
            tx.execute(
                "insert into property_known (code, version, name, zone, currency) values (%s, 1, %s, 'UTC', 'EUR')",
                [code, code],
            )
    return found


def book(tx: Tx, number: int, at: datetime, arrival: date, hotel: str = "LIS", status: str = "booked") -> UUID:
    stay = make_id("stay", hotel, number)
    tx.execute(
        """
        insert into stay_known (stay_id, version, guest_id, property, reservation, status, booked_at, zone, arrival,
            departure)
        values (%s, 1, %s, %s, %s, %s, %s, 'UTC', %s, %s)
        """,
        [stay, make_id("guest", number), hotel, f"R{number}", status, at, arrival, arrival + timedelta(days=2)],
    )
    return stay


def line(tx: Tx, id_: UUID, number: int, day: date, **more: Any) -> None:
    told = {"property": "LIS", "state": "sent", "reason": None, "channel": "sms", "parts": 2, "stay_id": None}
    told |= {"cost": None, "currency": None, "message": number, "guest": number, "journey": "welcome"} | more
    tx.execute(
        """
        insert into rehearsal_line (rehearsal_id, number, guest_id, message_id, at, zone, day, hour, journey, step,
            template, occurrence, purpose, property, state, reason, channel, language, parts, stay_id, cost, currency)
        values (%(id)s, %(number)s, %(guest_id)s, %(message_id)s, %(at)s, %(zone)s, %(day)s, 10, %(journey)s, 'first',
            'hello', 'x', 'marketing', %(property)s, %(state)s, %(reason)s, %(channel)s, 'en', %(parts)s, %(stay_id)s,
            %(cost)s, %(currency)s)
        """,
        {
            **told,
            "id": id_,
            "number": number,
            "guest_id": make_id("guest", told["guest"]),
            "message_id": make_id("message", told["message"]),
            "at": NOW,
            "zone": BERLIN,
            "day": day,
        },
    )


def summed(tx: Tx, id_: UUID) -> None:
    one = store.find(tx, id_)
    assert one is not None
    add_up(tx, one)


def test_the_last_word_counts_and_money_is_told_by_currency_and_by_what_has_no_price(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        id_ = ask(tx, None, 30, [], NOW, "Mia")
        line(tx, id_, 1, NOW.date(), message=1, state="held", reason="quiet_hours", parts=0)
        line(tx, id_, 2, NOW.date(), message=1, cost="0.10", currency="EUR")
        line(tx, id_, 3, NOW.date(), message=3, cost="0.30", currency="CNY", property="SHA")
        line(tx, id_, 4, NOW.date(), message=4)
        line(tx, id_, 5, NOW.date(), message=5, state="skipped", reason="frequency_cap", parts=0)
        line(tx, id_, 6, NOW.date(), message=6, state="skipped", reason="priority", parts=0)
        summed(tx, id_)
        told = {one.currency: (str(one.amount), one.unpriced) for one in rehearsals.costs(tx, id_, None, EVERYWHERE)}
        assert told == {"EUR": ("0.10", 0), "CNY": ("0.30", 0), None: ("0", 1)}
        (waits,) = rehearsals.how_long_held(tx, id_, None, EVERYWHERE)
        assert (waits.reason, waits.messages) == ("quiet_hours", 1)
        assert sum(one.sent for one in rehearsals.cells(tx, id_, None, EVERYWHERE)) == 3
        assert sum(one.sent for one in rehearsals.cells(tx, id_, None, scope_of({"SHA"}))) == 1
        day = NOW.date()
        shown = calendar.rehearsed(tx, id_, day, day, EVERYWHERE)
        assert [sum(getattr(one, what) for one in shown) for what in ("sent", "capped", "gave_way")] == [3, 1, 1]


def test_a_message_of_no_hotel_is_seen_where_its_guest_stays(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        id_ = ask(tx, None, 30, [], NOW, "Mia")
        book(tx, 1, NOW, NOW.date())
        line(tx, id_, 1, NOW.date(), property=None)
        summed(tx, id_)
        seen = [rehearsals.verdicts(tx, id_, None, scope) for scope in (scope_of({"LIS"}), scope_of({"SHA"}))]
        assert [len(verdicts) for verdicts in seen] == [1, 0]


def rehearsed(tx: Tx, *, days: int = 60, **more: Any) -> UUID:
    """Of twenty known stays every second one brings a text message, three days before its arrival."""
    id_ = ask(tx, None, days, [], NOW, "Mia", **more)
    for number in range(STAYS):
        arrival = NOW.date() + timedelta(days=10 + number % 5)
        stay = book(tx, number, NOW - timedelta(days=30), arrival)
        if number % 2:
            line(tx, id_, number, arrival - timedelta(days=3), stay_id=stay, cost="0.10", currency="EUR")
    return id_


def test_the_usual_pace_is_that_of_a_year_ago_with_what_known_stays_bring(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        id_ = rehearsed(tx)
        book(tx, 900, NOW - YEAR - timedelta(days=90), date(2025, 1, 1))  # the hotel is known for so long
        for number in range(STAYS):  # booked five days on, a year ago, for twenty days later
            at = NOW - YEAR + timedelta(days=5)
            book(tx, 1000 + number, at, at.date() + timedelta(days=20), status="checked_out")
        for number in range(STAYS):  # and these fell through
            book(tx, 2000 + number, NOW - YEAR + timedelta(days=5), date(2025, 4, 1), status="cancelled")
        summed(tx, id_)
        assert rehearsals.pace(tx, id_, EVERYWHERE) == [Pace("LIS", "year", STAYS), Pace("SHA", "none", 0)]
        (found,) = rehearsals.expected(tx, id_, None, EVERYWHERE)
        assert found.day == NOW.date() + timedelta(days=5 + 20 - 3)
        assert (float(found.messages), found.channel) == (STAYS / 2, "sms")
        assert (float(found.cost), found.currency) == (1.0, "EUR")
        assert sum(one.sent for one in rehearsals.cells(tx, id_, None, EVERYWHERE)) == STAYS / 2  # nothing added


def test_a_hotel_without_such_a_year_goes_by_its_last_eight_weeks_over_and_over(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        id_ = rehearsed(tx)
        book(tx, 900, NOW - timedelta(days=70), NOW.date() - timedelta(days=60), status="checked_out")
        summed(tx, id_)
        pace = {one.property: (one.basis, one.stays) for one in rehearsals.pace(tx, id_, EVERYWHERE)}
        assert pace["LIS"] == ("weeks", STAYS)  # booked 30 days ago: comes again in 26, and not a second time in 60


def test_too_little_history_estimates_nothing_and_a_replay_neither(campaigns: Campaigns) -> None:
    with campaigns.database.transaction() as tx:
        id_ = rehearsed(tx)
        summed(tx, id_)
        assert {one.basis for one in rehearsals.pace(tx, id_, EVERYWHERE)} == {"none"}
        assert rehearsals.expected(tx, id_, None, EVERYWHERE) == []
        past = ask(tx, None, 30, [], NOW, "Mia", is_replay=True)
        summed(tx, past)
        assert rehearsals.pace(tx, past, EVERYWHERE) == []
        assert store.newest(tx, None) != store.newest(tx, None, is_replay=True)


def test_a_broadcast_says_before_it_goes_what_it_would_cost(campaigns: Campaigns) -> None:
    one = Broadcast(
        audience="news",
        left_out=(),
        template="hello",
        second=None,
        channels=("sms",),
        day=NOW.date() + timedelta(days=3),
        hour="10:00",
        hotel=None,
        repeat=Repeat.ONCE,
        holdout=0,
    )
    with campaigns.database.transaction() as tx:
        key = begin_broadcast(tx, "Friday", NOW, "Mia")
        write_broadcast(tx, validated(document_of(key, "Friday", one)), NOW, "Mia")
        id_ = ask(tx, key, 30, [], NOW, "Mia")
        line(tx, id_, 1, one.day, journey=key, cost="0.10", currency="EUR")
        line(tx, id_, 2, one.day, journey=key)
        line(tx, id_, 3, one.day, journey=key, state="skipped", reason="no_consent", parts=0)
        summed(tx, id_)
        tx.execute("update rehearsal set state = 'done', ended_at = at where id = %s", [id_])
    marta = browser(SERVICE.build_web, Config(), campaigns.database, MARTA, at=NOW)
    page = words(marta.get(f"/campaigns/broadcasts/{key}"))
    assert "Would be sent 2" in page and "Would not be sent 1" in page
    assert "€0.10" in page and "price not known: 1 message" in page
