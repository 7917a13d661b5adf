"""A guest known by an address alone, and whoever comes with that address and a name, are one; else a pair is filed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.segments.commands.reservations.book import book
from services.segments.imports.chunks import Imported
from shared.access.scope import scope_of
from shared.database.pool import Database
from shared.vocabulary.consent import ClaimedConsent
from tests.segments.rows import row, rows_of
from tests.segments.test_duplicates import filed, search
from tests.segments.test_import_people import AT, PEOPLE, bring, states

__all__ = ["bring"]
MAIL, NUMBER = "rita@example.com", "+351912000123"
LATER = AT + timedelta(days=30)


def lists(bring: Callable[..., Imported], **more: Any) -> Imported:
    return bring(f"{MAIL},,yes", header="E-mail,Mobile,Newsletter", **more)


def books(database: Database, number: int = 1, **changes: Any) -> None:
    stated = {"email": MAIL, "booked_on": LATER.date(), "status_date": LATER.date(), "email_consent": None}
    dates = {"arrival": date(2017, 3, 1), "departure": date(2017, 3, 3)}
    with database.transaction() as tx:
        book(tx, [row(number, **{**stated, **dates, **changes})], LATER)


def pairs(database: Database) -> list[tuple[Any, ...]]:
    """Of each filed pair the names and the key."""
    return rows_of(
        database,
        """
        select least(g.family_name, o.family_name), greatest(g.family_name, o.family_name), d.key
        from possible_duplicate d join guest g on g.id = d.guest_id join guest o on o.id = d.other_id order by 1, 2
        """,
    )


@pytest.mark.parametrize("is_list_first", [True, False], ids=["list first", "reservation first"])
def test_an_address_of_a_list_and_a_reservation_with_it_are_one_guest_whichever_comes_first(
    segments: Database, bring: Callable[..., Imported], is_list_first: bool
) -> None:
    if is_list_first:
        lists(bring)
    books(segments)
    if not is_list_first:
        lists(bring)
    (rita,) = states(segments)
    assert (rita.given_name, rita.family_name, rita.tags) == ("Rita", "Cantu", ["Newsletter 2016"])
    consent = next(one for one in rita.consents if one.channel == "email")
    assert (consent.state, consent.source_ref) == ("express", "list «Newsletter 2016», file Newsletter 2016.csv (LIS)")
    assert (len(rows_of(segments, "select from stay")), pairs(segments)) == (1, [])


def test_who_has_got_a_name_is_known_by_it_from_then_on(segments: Database, bring: Callable[..., Imported]) -> None:
    lists(bring)
    books(segments, birth_date=date(1980, 5, 4))
    books(segments, 2, email=None, birth_date=date(1980, 5, 4))
    books(segments, 3, name="Bruno Sá")
    assert len(states(segments)) == 2 and pairs(segments) == []
    assert lists(bring, name="VIP.csv", at=LATER).guests_made == 1  # whose of the two it is, nobody can tell


def test_a_number_alone_does_it_too(segments: Database, bring: Callable[..., Imported]) -> None:
    bring(f",{NUMBER},", header="E-mail,Mobile,Newsletter")
    books(segments, email=None, phone=NUMBER)
    assert [one.family_name for one in states(segments)] == ["Cantu"]


def test_of_several_on_an_address_none_is_chosen_and_each_is_filed(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    books(segments)
    books(segments, 2, name="Bruno Sá")
    lists(bring)
    assert len(states(segments)) == 3
    assert pairs(segments) == [("", "Cantu", "email"), ("", "Sá", "email")]


def test_two_people_in_one_row_are_filed_beside_the_address_and_not_joined(
    segments: Database, bring: Callable[..., Imported]
) -> None:
    lists(bring)
    books(segments, name="Rita and Bruno Cantu")
    assert len(states(segments)) == 2 and [key for *_, key in pairs(segments)] == ["email"]


def test_another_birth_date_is_another_guest_and_no_pair(segments: Database, bring: Callable[..., Imported]) -> None:
    bring(f"{MAIL},1990-01-02", header="E-mail,Birthday")
    books(segments, birth_date=date(1980, 5, 4))
    assert len(states(segments)) == 2 and pairs(segments) == []


def test_a_pair_of_before_is_filed_at_night(segments: Database, bring: Callable[..., Imported]) -> None:
    """Version 0.2.0 made two guests of them."""
    lists(bring)
    books(segments, email=None)
    with segments.transaction() as tx:
        tx.execute(
            """
            insert into guest_point (guest_id, point, channel, said_at, source_ref)
            select g.id, p.point, p.channel, p.said_at, p.source_ref from guest_point p, guest g
            where g.family_name = 'Cantu'
            """
        )
    search(segments)
    assert pairs(segments) == [("", "Cantu", "email")] and "no_name" in filed(segments)[0][3]


def test_a_second_hotel_joins_no_address_of_the_first(segments: Database, bring: Callable[..., Imported]) -> None:
    lists(bring)
    theirs = replace(PEOPLE, constants={"property": "SHA"})
    bring(f"Rita,Cantu,{MAIL},,,yes", mapping=theirs, properties=["SHA"], joins=scope_of(["SHA"]), name="b.csv")
    assert sorted(one.home_property or "" for one in states(segments)) == ["LIS", "SHA"]
    assert pairs(segments) == [("", "Cantu", "email")]


def test_a_refusal_takes_a_lists_consent_away(segments: Database, bring: Callable[..., Imported]) -> None:
    lists(bring)
    books(segments)
    books(segments, 2, email_consent=ClaimedConsent.REFUSED)
    (rita,) = states(segments)
    assert next(one.state for one in rita.consents if one.channel == "email") == "refused"
