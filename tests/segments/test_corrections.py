"""What people correct of a guest stands, whatever the hotel's system sends later; it is shown and can be taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.guests import contacts
from services.segments.config import Config
from services.segments.rules.people.corrections import COLUMNS, Field
from services.segments.rules.reservations import Reservation
from services.segments.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Database
from shared.events.wire import decode
from shared.vocabulary.stay import StayStatus
from shared.web.config import WebConfig
from tests.cast import ANTON, FILIPA, WEI
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, row, rows_of
from tests.segments.test_pages_guests import JOAO, RITA, WEI_ZHANG, bring, desk, guest_id, page_of
from tests.web import Browser, browser, words

LATER = datetime(2026, 12, 1, 6, tzinfo=UTC)
NEXT = replace(
    RITA, reservation="LIS-000011", booked_on=date(2026, 11, 25), status=StayStatus.BOOKED,
    status_date=date(2026, 11, 25), arrival=date(2027, 1, 2), departure=date(2027, 1, 5),
)  # fmt: skip
STATED = {
    "title": "Ms", "given_name": "Rita", "family_name": "Cantu", "birth_date": "1980-11-22", "language": "pt",
    "country": "PT",
}  # fmt: skip
CORRECTED = {
    "title": "Dr", "given_name": "Rita", "family_name": "Cantu Meier", "birth_date": "1980-11-23", "language": "de",
    "country": "CN",
}  # fmt: skip


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [replace(RITA, title="Ms"), JOAO, WEI_ZHANG])
    return database


def profile(database: Database, stay: Reservation = RITA) -> dict[str, Any]:
    """As it was published last."""
    return published(database, stay)[-1]


def published(database: Database, stay: Reservation = RITA) -> list[dict[str, Any]]:
    found = []
    for name, body in rows_of(database, "select type, body from outbox where type = 'guest.changed.v1' order by id"):
        chunk = decode(name, bytes(body))
        found += [
            {column: values[place] for column, values in chunk.columns.items()}
            for place in range(len(chunk))
            if chunk["guest_id"][place] == str(guest_id(stay))
        ]
    return found


def version(database: Database, stay: Reservation = RITA) -> int:
    return int(profile(database, stay)["version"])


def correct(browser: Browser, database: Database, **more: str) -> str:
    values = {**STATED, **more, "version": str(version(database))}
    browser.get(f"{page_of(RITA)}/corrections")
    return words(browser.post(f"{page_of(RITA)}/corrections", values))


def addresses(database: Database, stay: Reservation = RITA) -> list[str]:
    """In the order in which they are published."""
    return [
        database.keyring.open(Sealed(point["address"]), Sealing.CONTACT) for point in profile(database, stay)["points"]
    ]


def test_the_next_import_does_not_undo_a_correction(segments: Database) -> None:
    correct(desk(segments), segments, **CORRECTED)
    assert {name: profile(segments)[name] for name in CORRECTED} == CORRECTED
    assert profile(segments)["home_zone"] == "Asia/Shanghai"
    for reservation, booked in ((RITA, LATER), (NEXT, LATER + timedelta(days=1))):
        bring(segments, [replace(reservation, title="Mrs", language="fr", booked_on=date(2026, 11, 26))], booked)
    assert {name: profile(segments)[name] for name in CORRECTED} == CORRECTED
    assert len(rows_of(segments, "select 1 from guest where family_name like 'Cantu%'")) == 1
    page = words(desk(segments).get(f"{page_of(RITA)}/corrections"))
    for stated in (
        "the hotel's system says: Mrs",
        "the hotel's system says: Rita Cantu",
        "the hotel's system says: French",
    ):
        assert stated in page
    assert "the hotel's system says: Nov 22, 1980" in words(desk(segments).get(page_of(RITA)))


@pytest.mark.parametrize("field", list(Field))
def test_taken_back_it_is_what_the_system_states_by_now(segments: Database, field: Field) -> None:
    correct(desk(segments), segments, **CORRECTED)
    now_stated = replace(
        NEXT, title="Prof", birth_date=date(1980, 11, 24), language="fr", country="ES", family_name="Cantu Silva"
    )
    bring(segments, [now_stated], LATER)
    browser = desk(segments)
    browser.get(f"{page_of(RITA)}/corrections")
    browser.post(f"{page_of(RITA)}/corrections/{field}/lift", {"version": str(version(segments))})
    after = profile(segments)
    for column in COLUMNS[field]:
        stated = getattr(now_stated, column)
        assert after[column] == (stated.isoformat() if isinstance(stated, date) else stated)
    others = {name: value for name, value in CORRECTED.items() if name not in COLUMNS[field]}
    assert {name: after[name] for name in others} == others
    if field is Field.COUNTRY:
        assert after["home_zone"] == "Europe/Madrid"
        bring(segments, [replace(now_stated, country="DE", reservation="LIS-000012")], LATER + timedelta(days=1))
        assert profile(segments)["country"] == "DE", "sources decide again"


def test_who_corrected_what_is_kept_and_the_audit_holds_no_value(segments: Database) -> None:
    correct(desk(segments), segments, birth_date="1980-11-23")
    rows = rows_of(segments, "select field, was, became, by_whom, by_role, taken_back from guest_correction")
    assert rows == [("birth_date", "1980-11-22", "1980-11-23", "Filipa Faria", "front_desk", False)]
    page = words(desk(segments).get(f"{page_of(RITA)}/corrections"))
    assert "Birth date: Nov 22, 1980 → Nov 23, 1980 Filipa Faria (Front desk)" in page
    (audit,) = [
        json.loads(bytes(body))
        for (body,) in rows_of(segments, "select body from outbox where type = 'audit.recorded.v1'")
        if "guest.corrected" in bytes(body).decode()
    ]
    assert audit["details"] == [{"fields": ["birth_date"]}]


def test_two_who_correct_at_once_are_told_and_a_second_press_does_nothing(segments: Database) -> None:
    browser, seen = desk(segments), version(segments)
    browser.get(f"{page_of(RITA)}/corrections")
    form = {**STATED, "birth_date": "1980-11-23", "version": str(seen)}
    assert browser.post(f"{page_of(RITA)}/corrections", form).status_code == 200
    assert browser.post(f"{page_of(RITA)}/corrections", form).status_code == 200
    assert version(segments) == seen + 1
    assert browser.post(f"{page_of(RITA)}/corrections", {**form, "birth_date": "1980-11-24"}).status_code == 409
    assert profile(segments)["birth_date"] == "1980-11-23"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"given_name": " ", "family_name": ""}, "A guest has a given name or a family name."),
        ({"birth_date": "1980-02-30"}, "A date is needed"),
        ({"birth_date": "2200-01-01"}, "This day is still to come."),
        ({"birth_date": "1900-01-01"}, "Nobody alive was born on that day."),
        ({"language": "not a language"}, "A language such as pt or zh-Hans is needed."),
        ({"country": "XX"}, "A country's code of two letters is needed"),
        ({"family_name": "x" * 121}, "A name has 120 characters at most."),
    ],
)
def test_what_cannot_be_is_refused_in_words(segments: Database, more: dict[str, str], told: str) -> None:
    before = published(segments)
    assert told in correct(desk(segments), segments, **more)
    assert published(segments) == before


def test_a_corrected_guest_is_found_by_the_old_name_and_the_new_one(segments: Database) -> None:
    """A source goes on with the name it has: its rows make no second guest."""
    correct(desk(segments), segments, given_name="Margarida", family_name="Meier")
    bring(segments, [NEXT], LATER)
    elsewhere: dict[str, Any] = {"email": None, "phone": None, "given_name": "Margarida", "family_name": "Meier"}
    bring(segments, [replace(NEXT, reservation="LIS-000013", **elsewhere)], LATER)
    assert rows_of(segments, f"select count(*) from stay where guest_id = '{guest_id(RITA)}'") == [(3,)]


def point(database: Database, address: str) -> str:
    return database.keyring.index("email" if "@" in address else "sms", address)


def post_point(database: Database, path: str, **values: str) -> str:
    browser = desk(database)
    browser.get(f"{page_of(RITA)}/corrections")
    return words(browser.post(f"{page_of(RITA)}/points{path}", {"version": str(version(database)), **values}))


def test_a_removed_address_does_not_come_back_and_still_finds_the_guest(segments: Database) -> None:
    post_point(segments, "/removal", point=point(segments, "rita@example.com"))
    assert addresses(segments) == ["+447700900123"]
    bring(segments, [replace(NEXT, phone=None), replace(RITA, status_date=date(2026, 10, 4))], LATER)
    assert addresses(segments) == ["+447700900123"]
    assert rows_of(segments, f"select count(*) from stay where guest_id = '{guest_id(RITA)}'") == [(2,)]
    post_point(segments, "/return", point=point(segments, "rita@example.com"))
    assert sorted(addresses(segments)) == ["+447700900123", "rita@example.com"]
    assert rows_of(segments, "select count(*) from removed_point") == [(0,)]


def test_a_corrected_address_stands_before_what_comes_later(segments: Database) -> None:
    old = point(segments, "rita@example.com")
    post_point(segments, "", channel="email", address="Rita.Cantu@Example.com", instead_of=old)
    assert addresses(segments)[0] == "rita.cantu@example.com"
    bring(segments, [replace(NEXT, email="rita.other@example.com")], LATER)
    bring(segments, [replace(NEXT, reservation="LIS-000014", booked_on=date(2026, 12, 9))], LATER)
    assert addresses(segments)[:2] == ["rita.cantu@example.com", "rita.other@example.com"]
    assert "rita@example.com" not in addresses(segments)
    rows = rows_of(segments, "select field, was, became, was_sealed, became_sealed from guest_correction")
    ((field, was, became, *sealed),) = rows
    assert (field, was, became) == ("email", None, None)
    opened = [segments.keyring.open(Sealed(one), Sealing.CONTACT) for one in sealed]
    assert opened == ["rita@example.com", "rita.cantu@example.com"]


@pytest.mark.parametrize(
    ("channel", "address", "told"),
    [
        ("email", "rita at example", "Nobody can be reached there"),
        ("email", "", "An address or a number is needed."),
        ("email", "x@guest.booking.com", "This is a booking site's alias."),
        ("sms", "12", "Nobody can be reached there"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(segments: Database, channel: str, address: str, told: str) -> None:
    assert told in post_point(segments, "", channel=channel, address=address)
    assert len(addresses(segments)) == 2


def test_what_an_address_is_worth_is_judged_anew_for_everybody_who_has_it(segments: Database) -> None:
    """Six guests on one address make it a booker's; without one of them it is their own again."""
    shared = [
        row(20 + n, name=f"Nobody{'abcdef'[n]} Family{'abcdef'[n]}", email="desk.of@example.com") for n in range(6)
    ]
    bring(segments, shared)
    kind = "select kind, guests from contact_point where point = '" + point(segments, "desk.of@example.com") + "'"
    assert rows_of(segments, kind) == [("agency", 6)]
    with segments.transaction() as tx:
        index, removed = point(segments, "desk.of@example.com"), guest_id(shared[0])
        seen = version(segments, shared[0])
        contacts.remove_point(tx, removed, seen, index, "Filipa", LATER, frozenset())
    assert rows_of(segments, kind) == [("personal", 5)]
    assert [point["kind"] for point in profile(segments, shared[1])["points"]] == ["personal"]
    assert profile(segments, shared[0])["points"] == []


def test_corrections_and_removals_go_with_a_guest_who_is_merged(segments: Database) -> None:
    double = replace(NEXT, email="rita@example.com", phone=None, given_name="Otto", family_name="Cantu")
    bring(segments, [double], LATER)
    post_point(segments, "/removal", point=point(segments, "+447700900123"))
    correct(desk(segments), segments, title="Dr")
    with segments.transaction() as tx:
        merge_guests(tx, guest_id(RITA), guest_id(double), "Filipa", LATER)
    bring(segments, [replace(RITA, reservation="LIS-000015", email=None)], LATER)
    assert "+447700900123" not in addresses(segments, double)
    assert rows_of(segments, "select distinct guest_id from guest_correction") == [(guest_id(double),)]


def test_those_who_may_not_care_or_read_addresses_cannot_correct_them(segments: Database) -> None:
    for who, status in ((ANTON, 403), (WEI, 404), (None, 302)):
        assert desk(segments, who).get(f"{page_of(RITA)}/corrections").status_code == status
    assert desk(segments, FILIPA).get(f"{page_of(RITA)}/corrections").status_code == 200


def test_the_page_of_corrections_counts_towards_the_hours_number(segments: Database) -> None:
    web = WebConfig(gateway="http://127.0.0.1:9", contacts_an_hour=1)
    filipa = browser(SERVICE.build_web, Config(), segments, FILIPA, web=web)
    assert "rita@example.com" in words(filipa.get(f"{page_of(RITA)}/corrections"))
    nuno = row(30, name="Nuno Reis", email="nuno@example.com")
    bring(segments, [nuno])
    told = words(filipa.get(f"{page_of(nuno)}/corrections"))
    assert "nuno@example.com" not in told and "contacts or words of 1 guests in full" in told
    assert "rita@example.com" in words(filipa.get(f"{page_of(RITA)}/corrections"))  # counted already
