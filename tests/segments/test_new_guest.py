"""A guest made by hand: once however often the form comes, and not a second one of somebody who is known."""

from __future__ import annotations

from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from services.segments.commands.reservations.book import book
from services.segments.consumer import SUBSCRIPTIONS
from shared.database.pool import Database
from tests.cast import ANTON, FILIPA, MARTA, WEI, Member
from tests.harness import ServiceHarness
from tests.segments.rows import MORNING, row, rows_of
from tests.segments.test_pages_guests import desk
from tests.web import words

PATH = "/segments/guests/new"
RITA = {"property": "LIS", "given_name": "Rita", "family_name": "Cantu", "email": "rita@example.com"}


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


def make(database: Database, who: Member = FILIPA, **typed: str) -> TestResponse:
    browser = desk(database, who)
    browser.get("/segments/guests")
    return browser.post(PATH, {"key": str(uuid4()), **RITA, **typed})


def guests(database: Database) -> list[tuple[str, str]]:
    return rows_of(database, "select given_name, family_name from guest order by created_at, id")


def test_a_guest_is_made_published_and_found(segments: Database) -> None:
    page = words(make(segments, phone="912 345 678", birth_date="1980-05-04", language="pt", title="Ms"))
    assert "The guest is here." in page and "Filipa Faria made the guest by hand" in page
    (said,) = Segments(segments).published("guest.changed.v1")
    assert (said["given_name"], said["family_name"], said["home_property"], said["version"]) == (
        "Rita",
        "Cantu",
        "LIS",
        1,
    )
    assert (said["title"], said["birth_date"], said["language"]) == ("Ms", "1980-05-04", "pt")
    assert {(point["channel"], point["kind"]) for point in said["points"]} == {
        ("email", "personal"),
        ("sms", "personal"),
    }
    assert "Rita Cantu" in words(desk(segments).get("/segments/guests?q=%2B351912345678"))
    assert rows_of(segments, "select email_personal, sms_personal from guest_facts") == [(True, True)]


def test_the_form_sent_twice_makes_one(segments: Database) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert "The guest is here." in words(make(segments, key=key))
    assert len(guests(segments)) == 1
    assert len(Segments(segments).published("guest.changed.v1")) == 1


def test_whoever_has_the_address_is_asked_about_first(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    asked = make(segments, email="Rita <RITA@example.com>;")
    assert asked.status_code == 409
    assert "Is it one of these? Rita Cantu the same e-mail address" in words(asked)
    assert len(guests(segments)) == 1
    assert "The guest is here." in words(make(segments, another="1"))
    assert len(guests(segments)) == 2
    assert rows_of(segments, "select key, row_ref from possible_duplicate") == [("email", "by hand")]


def test_another_name_on_the_same_address_is_another_guest(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    assert "The guest is here." in words(make(segments, given_name="Leo", family_name="Brandt"))
    assert rows_of(segments, "select guests from contact_point") == [(2,)]
    assert rows_of(segments, "select count(*) from possible_duplicate") == [(0,)]


def test_another_hotels_guest_is_not_shown_and_is_filed(segments: Database) -> None:
    with segments.transaction() as tx:
        book(tx, [row(1, property="SHA", email="rita@example.com")], MORNING)
    assert "The guest is here." in words(make(segments))
    assert rows_of(segments, "select count(*) from possible_duplicate") == [(1,)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"property": ""}, "Choose the hotel whose guest this is."),
        ({"given_name": "", "family_name": ""}, "A guest has a given name or a family name."),
        ({"email": "rita at example"}, "is no e-mail address"),
        ({"email": "a@example.com, b@example.com"}, "One address or number at a time."),
        ({"email": "x@guest.booking.com"}, "This is a booking site's alias."),
        ({"phone": "8.6E12"}, "was rounded by a spreadsheet"),
        ({"birth_date": "1980-13-01"}, "A date is needed"),
        ({"key": "x"}, "Open the page again."),
    ],
)
def test_what_is_wrong_is_told_and_nobody_is_made(segments: Database, typed: dict[str, str], told: str) -> None:
    page = make(segments, FILIPA, **typed)
    assert page.status_code == 422
    assert told in words(page)
    assert guests(segments) == []


def test_a_number_is_dialled_in_the_guests_country_else_in_the_hotels(segments: Database) -> None:
    make(segments, WEI, property="SHA", email="", phone="13800138000")
    make(segments, WEI, property="SHA", email="", phone="0151 23456789", country="DE", family_name="Brandt")
    ring = segments.keyring
    wanted = {ring.index("sms", "+8613800138000"), ring.index("sms", "+4915123456789")}
    assert {point for (point,) in rows_of(segments, "select point from contact_point")} == wanted


def test_a_row_of_the_hotels_system_finds_the_guest_who_was_made(segments: Database) -> None:
    make(segments)
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    assert len(guests(segments)) == 1


def test_nobody_makes_a_guest_of_another_hotel(segments: Database) -> None:
    assert make(segments, property="SHA").status_code == 404
    assert guests(segments) == []


def test_only_who_cares_for_guests_may(segments: Database) -> None:
    assert make(segments, ANTON).status_code == 403
    assert "New guest" in words(desk(segments, MARTA).get("/segments/guests"))
    assert "New guest" not in words(desk(segments, ANTON).get("/segments/guests"))
