"""A code is used once, where and while its offer holds; whoever comes second reads who was first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.messaging.commands.offers.editing import stop_offer
from services.messaging.commands.offers.redeeming import Answer, Line, look_at, redeem
from services.messaging.rules.offers.codes import make_codes
from shared.events.segments.guests import GuestErased, GuestMerged, GuestUnmerged
from shared.ids import make_id
from shared.vocabulary.offer import CodeRefusal, OfferKind, RedeemedBy
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, lisbon, stay
from tests.messaging.offers.offering import MIRA, message, move_in, offer, template

TODAY = MONDAY.date()


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    made = Hotel(make_database("messaging"))
    made.hears(lisbon(), lisbon(code="SHA", name="Riverside House", zone="Asia/Shanghai", country="CN"))
    return made


def given(hotel: Hotel, kind: OfferKind = OfferKind.UNIQUE, guests: tuple[UUID, ...] = (ANA,), **more: Any) -> str:
    """The code that Ana was given."""
    key = offer(hotel, kind, count=5 if kind is OfferKind.UNIQUE else 0, **more)
    move_in(hotel, *guests)
    template(hotel, key)
    hotel.hears(*(message(one) for one in guests))
    hotel.runs()
    return str(hotel.one("select shown from offer_taken join offer_code using (code) where guest_id = %s", ANA))


def line(code: str, number: int = 1, **more: Any) -> Line:
    told = {"hotel": "LIS", "on": TODAY, **more}
    return Line(redemption_id=make_id("use", number), code=code, **told)


def use(hotel: Hotel, *lines: Line, by: str = "Duarte", at: Any = MONDAY) -> list[Answer]:
    with hotel.database.transaction() as tx:
        return redeem(tx, lines, RedeemedBy.DESK, by=by, at=at)


def test_a_code_is_used_by_the_guest_who_was_given_it(hotel: Hotel) -> None:
    code = given(hotel)
    (answer,) = use(hotel, line(code.lower().replace("-", " "), amount=Decimal("120.50"), currency="EUR"))
    assert answer.refusal is None
    (said,) = hotel.published("offer.redeemed.v1")
    assert (said["guest_id"], said["offer"], said["property"]) == (str(ANA), "winter", "LIS")
    assert (said["amount"], said["currency"], said["redeemed_on"]) == ("120.50", "EUR", "2016-06-06")
    assert hotel.published("offer.referred.v1") == []


def test_a_second_use_is_refused_with_who_used_it_when(hotel: Hotel) -> None:
    code = given(hotel)
    use(hotel, line(code), by="Duarte")
    (answer,) = use(hotel, line(code, 2, on=TODAY + timedelta(days=1)), by="Xiaoming")
    assert answer.refusal is CodeRefusal.USED
    assert answer.found and answer.found.last
    assert (answer.found.last.by, answer.found.last.on, answer.found.last.hotel) == ("Duarte", TODAY, "LIS")
    assert len(hotel.published("offer.redeemed.v1")) == 1


def test_the_same_line_again_changes_nothing(hotel: Hotel) -> None:
    code = given(hotel)
    first, again = use(hotel, line(code), line(code))
    (later,) = use(hotel, line(code))
    assert [one.is_known for one in (first, again, later)] == [False, True, True]
    assert hotel.one("select count(*) from offer_redemption") == 1 == len(hotel.published("offer.redeemed.v1"))


def test_of_two_desks_at_once_one_is_refused(hotel: Hotel) -> None:
    code = given(hotel)
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda number: use(hotel, line(code, number))[0], range(6)))
    assert sorted(str(one.refusal) for one in answers) == ["None", *["used"] * 5]


@pytest.mark.parametrize(
    ("more", "told", "why"),
    [
        ({"ends_on": "2016-06-30"}, {"on": date(2016, 7, 1)}, CodeRefusal.EXPIRED),
        ({"ends_on": "2016-06-30"}, {"on": date(2016, 6, 30)}, None),
        ({"begins_on": "2016-06-07"}, {"on": TODAY}, CodeRefusal.NOT_YET),
        ({"hotels": ["LIS"]}, {"hotel": "SHA"}, CodeRefusal.OTHER_HOTEL),
        ({"hotels": ["LIS"]}, {"hotel": "LIS"}, None),
        ({}, {"hotel": "SHA"}, None),
    ],
)
def test_an_offer_holds_in_its_hotels_and_on_its_days(
    hotel: Hotel, more: dict[str, Any], told: dict[str, Any], why: CodeRefusal | None
) -> None:
    code = given(hotel, **more)
    with hotel.database.transaction() as tx:
        asked = {"hotel": "LIS", "on": TODAY, **told}
        assert look_at(tx, code, **asked)[1] is why
    assert use(hotel, line(code, **told))[0].refusal is why


def test_a_slip_a_guess_and_a_code_that_nobody_was_given_are_told_apart(hotel: Hotel) -> None:
    code = given(hotel)
    (free,) = hotel.all("select shown from offer_code where not taken limit 1")[0]
    slip = code[:-1] + ("A" if code[-1] != "A" else "C")
    answers = use(hotel, line(slip, 1), line(make_codes(1)[0], 2), line("HELLO", 3), line(free, 4))
    assert [one.refusal for one in answers] == [
        CodeRefusal.MISTYPED,
        CodeRefusal.NO_CODE,
        CodeRefusal.NO_CODE,
        CodeRefusal.NOT_GIVEN,
    ]


def test_a_code_that_was_given_is_honoured_after_its_offer_was_stopped(hotel: Hotel) -> None:
    code = given(hotel)
    with hotel.database.transaction() as tx:
        stop_offer(tx, "winter", by=MIRA, at=MONDAY)
    assert use(hotel, line(code))[0].refusal is None


def test_one_word_is_used_by_whoever_says_it_and_counts_for_the_guest_of_the_stay(hotel: Hotel) -> None:
    given(hotel, OfferKind.WORD, word="Winter26")
    hotel.hears(stay("LIS-000001", BEN))
    use(
        hotel, line("winter26", 1), line("WINTER 26", 2, reservation="LIS-000001"), line("winter26", 3, reservation="X")
    )
    said = hotel.published("offer.redeemed.v1")
    assert sorted(str(one["guest_id"]) for one in said) == sorted(["None", str(BEN), "None"])
    assert [number for (number,) in hotel.all("select use_number from offer_redemption order by 1")] == [1, 2, 3]


def test_friends_use_a_referral_so_often_as_it_may_be_and_the_guest_is_who_brought_them(hotel: Hotel) -> None:
    code = given(hotel, OfferKind.REFERRAL, uses=2)
    hotel.hears(stay("LIS-000007", CARLA))
    answers = use(hotel, line(code, 1, reservation="LIS-000007"), line(code, 2), line(code, 3))
    assert [one.refusal for one in answers] == [None, None, CodeRefusal.USED_UP]
    said = hotel.published("offer.referred.v1")
    assert [(one["guest_id"], one["stay_id"]) for one in said] == [(str(ANA), None)] * 2
    assert hotel.published("offer.redeemed.v1") == []
    assert str(CARLA) not in str(hotel.all("select * from offer_redemption"))


def test_nobody_is_their_own_friend(hotel: Hotel) -> None:
    code = given(hotel, OfferKind.REFERRAL, uses=2)
    hotel.hears(stay("LIS-000001", ANA))
    assert use(hotel, line(code, reservation="LIS-000001"))[0].refusal is CodeRefusal.OWN


def test_a_merged_guests_code_is_used_by_whom_they_became_and_by_themselves_again_after_it(hotel: Hotel) -> None:
    code = given(hotel, OfferKind.REFERRAL, uses=5)
    hotel.hears(GuestMerged(guest_id=ANA, version=2, into_guest_id=BEN, occurred_at=MONDAY))
    use(hotel, line(code, 1))
    back = GuestUnmerged(
        guest_id=ANA,
        version=3,
        from_guest_id=BEN,
        from_version=2,
        merged_at=MONDAY,
        stays=[],
        points=[],
        consents=[],
        from_consents=[],
        occurred_at=MONDAY,
    )
    hotel.hears(back)
    use(hotel, line(code, 2))
    assert [one["guest_id"] for one in hotel.published("offer.referred.v1")] == [str(BEN), str(ANA)]


def test_an_erased_guest_leaves_figures_and_their_code_is_honoured_without_them(hotel: Hotel) -> None:
    code = given(hotel)
    use(hotel, line(code))
    hotel.hears(GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY))
    assert hotel.all("select * from offer_taken") == []
    assert hotel.all("select guest_id, stay_id, property from offer_redemption") == [(None, None, "LIS")]
    assert hotel.one("select bool_or(not taken) from offer_code where shown = %s", code) is False


def test_a_use_of_an_earlier_day_counts_as_of_its_end_in_the_hotel(hotel: Hotel) -> None:
    code = given(hotel)
    use(hotel, replace(line(code), on=date(2016, 6, 1), hotel="SHA"))
    (said,) = hotel.published("offer.redeemed.v1")
    assert said["occurred_at"].startswith("2016-06-01T15:59:59")
