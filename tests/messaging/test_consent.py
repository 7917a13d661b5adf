"""What guests allow and object to: claims of sources in any order, STOP by scope, consent recorded by hand, merges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.messaging.commands.consents.ledger import record_consent
from shared.errors import MalformedEvent
from shared.events.segments.guests import GuestErased, GuestMerged
from shared.vocabulary.consent import ClaimedConsent
from tests.cast import ANA, BEN, CARLA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, claim, email, guest, lisbon, mobile, stay, stop, survey

ADDRESS, NUMBER = "ana@example.com", "+351920000657"
EARLY, LATE = datetime(2016, 2, 1, 6, tzinfo=UTC), datetime(2016, 3, 1, 6, tzinfo=UTC)


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon())
    return hotel


def state(hotel: Hotel, guest_id: Any = ANA, channel: str = "email", purpose: str = "marketing") -> str | None:
    query = "select state from consent where (guest_id, channel, purpose) = (%s, %s, %s)"
    found: str | None = hotel.one(query, guest_id, channel, purpose)
    return found


def said(version: int, what: ClaimedConsent, at: datetime, ref: str = "LIS-000001") -> Any:
    return guest(version=version, consents=[claim("email", what, said_at=at, source_ref=ref)])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_what_a_source_says_the_latest_counts_in_whatever_order_it_comes(
    hotel: Hotel, order: tuple[int, ...]
) -> None:
    told = [
        said(1, ClaimedConsent.EXPRESS, EARLY),
        said(2, ClaimedConsent.NEVER_ASKED, LATE, "LIS-000002"),
        said(3, ClaimedConsent.EXPRESS, LATE, "LIS-000003"),
    ]
    hotel.hears(*(told[place] for place in order), told[order[1]])
    assert state(hotel) == "express"


def test_a_refusal_told_again_does_not_undo_what_the_guest_agreed_to_since(hotel: Hotel) -> None:
    refused = [claim("email", ClaimedConsent.REFUSED, said_at=EARLY)]
    hotel.hears(guest(consents=refused))
    with hotel.database.transaction() as tx:
        record_consent(tx, ANA, "email", "marketing", said_at=LATE, source_ref="desk", at=LATE)
    hotel.hears(guest(version=2, consents=refused))
    assert state(hotel) == "express"
    hotel.hears(said(3, ClaimedConsent.REFUSED, LATE + timedelta(days=1), "LIS-000009"))
    assert state(hotel) == "refused"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_no_import_revives_a_refusal(hotel: Hotel, order: tuple[int, ...]) -> None:
    told = [
        said(1, ClaimedConsent.EXPRESS, EARLY),
        said(2, ClaimedConsent.REFUSED, EARLY + timedelta(days=1)),
        said(3, ClaimedConsent.EXPRESS, LATE),
    ]
    hotel.hears(*(told[place] for place in order))
    assert state(hotel) == "refused"


def test_what_a_guest_withdraws_no_later_row_revives(hotel: Hotel) -> None:
    points = [email(hotel.keyring, ADDRESS)]
    hotel.hears(guest(points=points), stop(hotel.keyring, "email", ADDRESS, "marketing"))
    later = MONDAY + timedelta(days=30)
    hotel.hears(guest(version=2, points=points, consents=[claim("email", said_at=later, source_ref="LIS-000099")]))
    assert state(hotel) == "withdrawn"


def test_the_ledger_keeps_every_answer_and_no_repetition(hotel: Hotel) -> None:
    hotel.hears(said(1, ClaimedConsent.NEVER_ASKED, EARLY))
    hotel.hears(said(2, ClaimedConsent.NEVER_ASKED, EARLY + timedelta(days=1), "LIS-000002"))
    hotel.hears(
        said(3, ClaimedConsent.EXPRESS, LATE, "LIS-000003"), said(3, ClaimedConsent.EXPRESS, LATE, "LIS-000003")
    )
    with hotel.database.transaction() as tx:
        rows = tx.execute("select state, source_ref from consent_ledger order by id").fetchall()
    assert rows == [("never_asked", "LIS-000001"), ("express", "LIS-000003")]


SCOPES: list[tuple[str, str, set[tuple[str, str]]]] = [
    ("channel", "sms", {("sms", "marketing"), ("sms", "feedback")}),
    ("marketing", "email", {("email", "marketing")}),
    ("feedback", "email", {("email", "feedback")}),
    ("all_marketing", "email", {("email", "marketing"), ("sms", "marketing"), ("whatsapp", "marketing")}),
]


@pytest.mark.parametrize(("scope", "channel", "ended"), SCOPES, ids=[scope for scope, _, _ in SCOPES])
def test_an_objection_ends_what_its_scope_says_for_every_guest_on_the_point(
    hotel: Hotel, scope: str, channel: str, ended: set[tuple[str, str]]
) -> None:
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    hotel.hears(guest(points=points), guest(BEN, points=points), guest(CARLA, points=[]))
    objection = stop(hotel.keyring, channel, ADDRESS if channel == "email" else NUMBER, scope)
    hotel.hears(objection, objection)
    hotel.hears(objection)
    with hotel.database.transaction() as tx:
        rows = tx.execute("select guest_id, channel, purpose from consent where state = 'withdrawn'").fetchall()
    assert {(who, *what) for who in (ANA, BEN) for what in ended} == set(rows)
    changes = [body for name, _, body in hotel.said() if name == "consent.changed.v1"]
    assert sum(len(body["state"]) for body in changes) == 2 * len(ended)
    assert {version for body in changes for version in body["version"]} <= {1, 2}


def test_a_stop_by_text_ends_surveys_by_text_too_and_leaves_mail(hotel: Hotel) -> None:
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    hotel.hears(stay("LIS-000001"), guest(points=points), stop(hotel.keyring, "sms", NUMBER))
    hotel.hears(survey(channels=["sms"]), survey(channels=["email"], plan=2, occurrence="stay:again"))
    hotel.runs()
    assert sorted(hotel.outcomes()) == [("sent", None), ("skipped", "suppressed")]


def test_a_stop_known_before_its_guest_still_counts(hotel: Hotel) -> None:
    hotel.hears(stop(hotel.keyring, "email", ADDRESS), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "suppressed")]


def test_a_guest_may_withdraw_without_any_contact_point(hotel: Hotel) -> None:
    hotel.hears(guest(), stop(hotel.keyring, "email", "old@example.com", "all_marketing", guest_id=ANA))
    assert (state(hotel), state(hotel, channel="sms")) == ("withdrawn", "withdrawn")


def test_an_unknown_scope_is_refused_by_subject(hotel: Hotel) -> None:
    with pytest.raises(MalformedEvent) as refused:
        unknown: Any = "everything"
        objection = stop(hotel.keyring, "email", ADDRESS)
        hotel.hears(objection, replace(objection, scope=unknown))
    assert set(refused.value.subjects) == {1}


def test_a_recorded_consent_lifts_its_purpose_and_an_old_stop_replayed_changes_nothing(hotel: Hotel) -> None:
    objection = stop(hotel.keyring, "email", ADDRESS)
    hotel.hears(guest(points=[email(hotel.keyring, ADDRESS)]), objection)
    later = MONDAY + timedelta(days=1)
    with hotel.database.transaction() as tx:
        record_consent(tx, ANA, "email", "marketing", said_at=later, source_ref="desk, form 12, by Rui", at=later)
    hotel.hears(objection, at=later)
    hotel.hears(birthday(due_at=later))
    hotel.runs(later)
    assert hotel.outcomes() == [("sent", None)]
    assert hotel.one("select array_agg(purpose) from suppression") == ["feedback"]


def test_a_recorded_consent_older_than_the_stop_changes_nothing(hotel: Hotel) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, ADDRESS)]), stop(hotel.keyring, "email", ADDRESS))
    with hotel.database.transaction() as tx:
        record_consent(tx, ANA, "email", "marketing", said_at=EARLY, source_ref="desk", at=MONDAY)
    assert state(hotel) == "withdrawn"
    assert hotel.one("select count(*) from suppression") == 1


def test_a_withdrawal_survives_a_merge_and_the_next_import(hotel: Hotel) -> None:
    hotel.hears(guest(), guest(BEN), stop(hotel.keyring, "email", "x@example.com", "marketing", guest_id=ANA))
    merged = GuestMerged(guest_id=ANA, version=2, into_guest_id=BEN, occurred_at=MONDAY)
    hotel.hears(merged, merged)
    hotel.hears(guest(BEN, version=2, consents=[claim("email", said_at=MONDAY, source_ref="LIS-000099")]))
    assert state(hotel, BEN) == "withdrawn"


def test_an_erased_guest_leaves_no_personal_data_and_does_not_come_back(hotel: Hotel) -> None:
    hotel.hears(guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    erased = GuestErased(guest_id=ANA, version=2, occurred_at=MONDAY)
    hotel.hears(erased, guest(version=3, points=[email(hotel.keyring, ADDRESS)]), erased)
    assert hotel.one("select concat(given_name, family_name, birth_date, title) from recipient") == ""
    assert hotel.one("select count(*) from recipient_point") == 0
    assert [line["to"] for line in hotel.lines()] == [None]
    assert "guest.forgotten.v1" in [name for name, _, _ in hotel.said()]


def test_erasure_may_come_before_the_guest(hotel: Hotel) -> None:
    hotel.hears(GuestErased(guest_id=ANA, version=5, occurred_at=MONDAY), guest(points=[email(hotel.keyring, ADDRESS)]))
    hotel.hears(birthday())
    hotel.runs()
    assert hotel.outcomes() == [("skipped", "erased")]
