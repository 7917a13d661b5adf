"""A code is taken inside the claim: one a guest and offer, none for what is refused, and nobody else's ever again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.messaging.commands.offers.editing import stop_offer
from services.messaging.commands.sending.claim import claim_due
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.results import note_restored
from services.messaging.sender_role import SenderRole
from shared.events.segments.guests import GuestMerged
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.message import MessageState
from shared.vocabulary.offer import OfferKind
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, claim, email, guest
from tests.messaging.offers.offering import MIRA, message, move_in, offer, template, upload


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


def texts(hotel: Hotel) -> list[str]:
    assert isinstance(hotel.provider, Provider)
    return [one.text for one in hotel.provider.taken]


def codes_read(hotel: Hotel) -> list[str]:
    return [line for text in texts(hotel) for line in text.splitlines() if line.startswith("Your code: ")]


def taken(hotel: Hotel) -> list[tuple[UUID, str]]:
    return hotel.all("select guest_id, code from offer_taken order by taken_at, guest_id")


def test_each_guest_gets_a_code_of_their_own_and_reads_it_in_the_mail(hotel: Hotel) -> None:
    key = offer(hotel, count=5)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(ANA), message(BEN))
    hotel.runs()
    codes = {code for _, code in taken(hotel)}
    assert len(codes) == 2
    shown = {code for (code,) in hotel.all("select shown from offer_code where taken")}
    assert all(any(f"Your code: {code}" in text for text in texts(hotel)) for code in shown)
    assert all("Winter: 15%" in text for text in texts(hotel))
    said = hotel.published("offer.given.v1")
    assert {(one["guest_id"], one["offer"], one["property"]) for one in said} == {
        (str(ANA), "winter", "LIS"),
        (str(BEN), "winter", "LIS"),
    }


def test_a_message_that_the_gate_refuses_takes_no_code(hotel: Hotel) -> None:
    key = offer(hotel, count=5)
    move_in(hotel)
    refused = [claim("email", ClaimedConsent.REFUSED)]
    hotel.hears(guest(ANA, points=[email(hotel.keyring, "ana@example.com")], consents=refused))
    template(hotel, key)
    hotel.hears(message(ANA), message(ANA, 2, due_at=MONDAY + timedelta(hours=12), local_time=None))
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "no_consent")]
    assert taken(hotel) == [] == hotel.published("offer.given.v1")
    assert hotel.one("select count(*) from offer_code where taken") == 0


def test_a_reminder_has_the_same_code_and_takes_no_other(hotel: Hotel) -> None:
    key = offer(hotel, count=5)
    move_in(hotel, ANA)
    template(hotel, key)
    hotel.hears(message(ANA))
    hotel.runs()
    later = MONDAY + timedelta(days=40)
    hotel.hears(message(ANA, 2, due_at=later), at=later)
    hotel.runs(later)
    first, second = codes_read(hotel)
    assert first == second and len(taken(hotel)) == 1
    assert len(hotel.published("offer.given.v1")) == 1


@pytest.mark.parametrize("answer", [MessageState.FAILED, MessageState.UNKNOWN])
def test_a_message_that_failed_or_is_unclear_keeps_its_code_for_the_same_guest(
    make_database: MakeDatabase, answer: MessageState
) -> None:
    hotel = Hotel(make_database("messaging"), Provider(answer))
    key = offer(hotel, count=2)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(ANA))
    hotel.runs()
    (before,) = taken(hotel)
    later = MONDAY + timedelta(days=40)
    hotel.hears(message(BEN, due_at=later), message(ANA, 2, due_at=later), at=later)
    hotel.runs(later)
    by_guest = dict(taken(hotel))
    assert by_guest[ANA] == before[1] and by_guest[BEN] != before[1]


def test_what_is_tried_again_has_the_same_code(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"), Provider(MessageState.FAILED, again=True))
    key = offer(hotel, count=3)
    move_in(hotel, ANA)
    template(hotel, key)
    hotel.hears(message(ANA))
    hotel.runs()
    hotel.runs(MONDAY + timedelta(minutes=5))
    first, second = codes_read(hotel)
    assert first == second and len(taken(hotel)) == 1


def test_where_no_code_is_left_the_message_is_skipped_for_good_and_counts_for_no_cap(hotel: Hotel) -> None:
    key = offer(hotel, count=1)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(ANA), message(BEN))
    hotel.runs()
    assert sorted(hotel.outcomes(), key=str) == [("sent", None), ("skipped", "no_code_left")]
    assert hotel.contacts() == 1
    (said,) = hotel.published("message.skipped.v1")
    assert said["reason"] == "no_code_left"


def test_two_senders_at_once_give_no_code_twice_and_none_is_left_over(make_database: MakeDatabase) -> None:
    """Twenty guests, twenty codes: whoever finds the last ones locked asks again, and skips nobody."""
    hotel = Hotel(make_database("messaging"))
    guests = [uuid4() for _ in range(20)]
    key = offer(hotel, count=20)
    move_in(hotel, *guests)
    template(hotel, key)
    hotel.hears(*(message(one) for one in guests))
    others = [hotel.another_sender(), hotel.another_sender()]
    for role in others:
        role._few_seconds_work = 3

    def run(role: SenderRole) -> None:
        for minute in range(60):
            role.step(MONDAY + timedelta(seconds=3 * minute))

    with ThreadPoolExecutor() as pool:
        list(pool.map(run, others))
    codes = [code for _, code in taken(hotel)]
    assert len(codes) == len(set(codes)) == 20
    assert hotel.outcomes() == [("sent", None)] * 20


def test_where_another_claim_holds_the_last_code_the_message_is_asked_again(hotel: Hotel) -> None:
    key = offer(hotel, count=1)
    move_in(hotel, ANA)
    template(hotel, key)
    hotel.hears(message(ANA))
    context = GateContext(hotel.config, hotel.keyring)
    with hotel.database.transaction() as held:
        held.execute("select from offer_code for update")
        with hotel.database.transaction() as tx:
            done = claim_due(tx, context, 1, MONDAY, most=10)
    assert done.messages == () and hotel.outcomes() == []
    hotel.runs(MONDAY + timedelta(seconds=3))
    assert hotel.outcomes() == [("sent", None)]


def test_one_word_is_the_same_for_all_and_each_is_given_it_once(hotel: Hotel) -> None:
    key = offer(hotel, OfferKind.WORD, word="Winter 26")
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(ANA), message(BEN))
    hotel.runs()
    assert all("Your code: Winter 26" in text for text in texts(hotel))
    assert {code for _, code in taken(hotel)} == {"WINTER26"}


def test_a_referral_makes_each_guest_a_code_as_they_are_written_to(hotel: Hotel) -> None:
    key = offer(hotel, OfferKind.REFERRAL, uses=3)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(ANA), message(BEN))
    hotel.runs()
    assert len({code for _, code in taken(hotel)}) == 2
    assert hotel.one("select bool_and(taken) from offer_code")


def test_an_offer_that_is_over_or_stopped_is_made_to_nobody(hotel: Hotel) -> None:
    key = offer(hotel, count=5, ends_on="2016-06-07")
    move_in(hotel, ANA, BEN, CARLA)
    template(hotel, key)
    late = MONDAY + timedelta(days=1, hours=14)  # the eighth in Lisbon
    hotel.hears(message(ANA), message(BEN, due_at=late, local_time=None))
    hotel.runs()
    hotel.runs(late)
    with hotel.database.transaction() as tx:
        stop_offer(tx, key, by=MIRA, at=late)
    hotel.hears(message(CARLA, due_at=late))
    hotel.runs(late + timedelta(hours=10))
    outcomes = dict(hotel.all("select guest_id, reason from delivery"))
    assert outcomes == {ANA: None, BEN: "offer_over", CARLA: "offer_over"}
    assert hotel.one("select count(*) from offer_taken") == 1


def test_after_a_merge_the_guest_has_the_code_of_whom_they_were_and_each_has_their_own_again_after_it(
    hotel: Hotel,
) -> None:
    key = offer(hotel, count=5)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(BEN))
    hotel.runs()
    ((_, code),) = taken(hotel)
    hotel.hears(GuestMerged(guest_id=BEN, version=2, into_guest_id=ANA, occurred_at=MONDAY))
    later = MONDAY + timedelta(days=40)
    hotel.hears(message(ANA, due_at=later), at=later)
    hotel.runs(later)
    assert [code in text for text in (text.replace("-", "") for text in texts(hotel))] == [True, True]
    assert taken(hotel) == [(BEN, code)]


def test_uploaded_codes_go_out_in_their_order_and_as_they_were_written(hotel: Hotel) -> None:
    key = offer(hotel)
    upload(hotel, key, "Spa-001", "Spa-002")
    move_in(hotel, ANA)
    template(hotel, key)
    hotel.hears(message(ANA))
    hotel.runs()
    assert "Your code: Spa-001" in texts(hotel)[0]


def test_codes_that_came_free_behind_the_mark_are_given_before_anybody_goes_without(hotel: Hotel) -> None:
    """A claim that was rolled back left the mark ahead of codes that nobody took."""
    key = offer(hotel, count=3)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.sender._context.code_marks[key, False] = 10**6
    hotel.hears(message(ANA), message(BEN))
    hotel.runs()
    assert hotel.outcomes() == [("sent", None)] * 2 and len({code for _, code in taken(hotel)}) == 2


def test_after_a_restore_no_code_is_given_that_may_have_been_given_before_it(hotel: Hotel) -> None:
    """What the lost time gave is free again as the backup knows it: the next come from the other end."""
    key = offer(hotel, count=6)
    move_in(hotel, ANA, BEN)
    template(hotel, key)
    hotel.hears(message(ANA))
    hotel.runs()
    ((_, lost),) = taken(hotel)
    with hotel.database.transaction() as tx:  # the backup is older than that
        tx.execute("delete from offer_taken")
        tx.execute("update offer_code set taken = false")
        note_restored(tx, MONDAY)
    later = MONDAY + timedelta(minutes=10)
    hotel.sender = hotel.another_sender()
    hotel.hears(message(BEN, due_at=later, requested_at=later), at=later)
    hotel.runs(later)
    ((guest_id, code),) = taken(hotel)
    assert guest_id == BEN and code != lost
    assert code == hotel.one("select code from offer_code order by seq desc limit 1")
