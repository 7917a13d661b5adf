"""An offer that a journey gave stands in its messages instead of their text's own; in a rehearsal none is used up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.messaging.commands.offers.editing import stop_offer
from services.messaging.commands.rehearsal.judge import COPIES, Gate
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.config import Config
from services.messaging.queries.offers import given_by
from shared.database.scratch import SINCE, scratch
from shared.vocabulary.offer import OfferKind
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider
from tests.messaging.offers.offering import MIRA, message, move_in, offer, template


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    made = Hotel(make_database("messaging"))
    move_in(made, ANA, BEN)
    template(made, offer(made, count=5))
    return made


def taken(hotel: Hotel) -> list[tuple[str, str]]:
    return hotel.all("select offer, guest_id::text from offer_taken order by offer, guest_id")


def read(hotel: Hotel) -> list[str]:
    assert isinstance(hotel.provider, Provider)
    return [one.text for one in hotel.provider.taken]


def test_the_offer_of_the_journey_stands_in_the_mail_with_its_own_code(hotel: Hotel) -> None:
    spring = offer(hotel, name="Spring", count=5)
    given = message(ANA, values={"offer": spring})
    hotel.hears(given, message(BEN))
    hotel.runs()
    assert taken(hotel) == sorted([(spring, str(ANA)), ("winter", str(BEN))])
    by_guest = {"Spring" in text: text for text in read(hotel)}
    assert "Spring: 15%" in by_guest[True] and "Winter: 15%" in by_guest[False]
    with hotel.database.transaction() as tx:
        page = given_by(tx, given.message_id)
    assert page is not None and page.offer == spring


def test_a_later_message_of_the_journey_carries_the_same_code(hotel: Hotel) -> None:
    spring = offer(hotel, name="Spring", count=5)
    hotel.hears(message(ANA, values={"offer": spring}))
    hotel.runs()
    later = MONDAY + timedelta(days=40)
    hotel.hears(message(ANA, 2, due_at=later, values={"offer": spring}), at=later)
    hotel.runs(later)
    codes = [line for text in read(hotel) for line in text.splitlines() if line.startswith("Your code: ")]
    assert len(codes) == 2 and len(set(codes)) == 1 and taken(hotel) == [(spring, str(ANA))]


def test_an_offer_that_is_not_there_or_not_live_goes_to_nobody(hotel: Hotel) -> None:
    spring = offer(hotel, name="Spring", count=5)
    with hotel.database.transaction() as tx:
        stop_offer(tx, spring, by=MIRA, at=MONDAY)
    hotel.hears(message(ANA, values={"offer": "nowhere"}), message(BEN, values={"offer": spring}))
    hotel.runs()
    assert sorted(hotel.outcomes()) == [("skipped", "missing_value"), ("skipped", "offer_over")]
    assert taken(hotel) == []


@pytest.mark.parametrize("kind", [OfferKind.UNIQUE, OfferKind.REFERRAL])
def test_a_rehearsal_of_a_message_with_an_offer_uses_up_no_code(hotel: Hotel, kind: OfferKind) -> None:
    made = offer(hotel, kind, count=3 if kind is OfferKind.UNIQUE else 0, name="Spring")
    hotel.hears(message(ANA, values={"offer": made}))
    context = GateContext(Config(), hotel.keyring)
    with scratch(hotel.database, COPIES, {"since": MONDAY - SINCE}) as copy:
        Gate(copy, context).judge(MONDAY)
        states = copy.execute("select state from delivery").fetchall()
        codes = copy.execute("select count(*) from offer_taken").fetchone()
    assert (states, codes) == ([("sent",)], (1,))
    assert taken(hotel) == []
