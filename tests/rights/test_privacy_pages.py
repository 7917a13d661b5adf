"""The pages for who answers for guests' data, and the papers made from the code."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from guestloop.composition.processing_document import DOCUMENT, RECORD, document, record
from guestloop.composition.services import MANIFEST, MANIFESTS
from services.messaging.channels.registry import CHANNELS
from services.messaging.commands.consents.by_staff import agree_for
from shared.access.people import Person
from shared.personal_data.recipients import RECIPIENTS
from shared.personal_data.retention.run import Retention
from shared.vocabulary.role import Role
from tests.cast import ADA, FILIPA, MARTA, NOW, STAFF
from tests.conftest import MakeDatabase
from tests.rights.house import RITA, House, guest_of, open_house, plant
from tests.web import words

GUEST = guest_of(RITA)


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database)
    plant(house, GUEST)
    return house


def test_the_record_of_processing_is_what_the_code_says() -> None:
    assert DOCUMENT.read_text("utf-8") == document(), "run «make docs»"
    assert RECORD.read_text("utf-8") == record(), "run «make docs»"


def test_every_declared_personal_column_is_in_the_record() -> None:
    text = document()
    for manifest in MANIFESTS:
        for table in manifest.personal_data.tables:
            assert f"`{table.name}`" in text
            for name, column in table.columns.items():
                assert column.kind is None or f"`{name}`" in text


def test_every_channel_names_who_receives_its_messages() -> None:
    assert set(RECIPIENTS) == set(CHANNELS)
    assert all(one.name in document() and one.gets in document() for one in RECIPIENTS.values())


def test_what_goes_tonight_is_on_the_page_a_week_before_it_goes(house: House) -> None:
    house.run("messaging", "update sent_text set sent_at = %s", [NOW - timedelta(days=500)])
    role = Retention(house.group.database("messaging"), MANIFEST["messaging"].subjects)
    own = Retention(house.group.database("console"), MANIFEST["console"].subjects)
    desk = house.page("console", ADA)
    for now, said in ((NOW, "sent_text 0 1"), (NOW + timedelta(days=7), "sent_text 1 0")):
        house.clock.advance_to(now)
        for one in (role, own):
            while one.step(now):
                pass
        house.moved()
        assert said in words(desk.get("/privacy"))
    assert "Nothing is dropped yet" not in words(desk.get("/privacy"))


def test_a_term_is_changed_on_the_page_and_not_beyond_its_bounds(house: House) -> None:
    desk = house.page("console", ADA)
    page = words(desk.get("/privacy/terms/message_text"))
    assert "Now: 13 months" in page and "30 days to 36 months" in page
    refused = desk.post("/privacy/terms/message_text", {"amount": "40", "unit": "months"})
    assert refused.status_code == 422 and "outside what may be set" in words(refused)
    assert "2 years" not in words(desk.post("/privacy/terms/message_text", {"amount": "24", "unit": "months"}))
    assert "24 months" in words(desk.get("/privacy")) and "set by Ada Azevedo" in words(desk.get("/privacy"))
    desk.get("/privacy/terms/guest")
    desk.post("/privacy/terms/guest", {"amount": "12", "unit": "months", "country": "pt"})
    assert "Guests from PT: 12 months" in words(desk.get("/privacy"))
    assert desk.get("/privacy/terms/published").status_code == 404
    assert desk.get("/privacy/terms/nonsense").status_code == 404


def test_the_record_and_the_files_made_are_on_pages(house: House) -> None:
    desk = house.page("console", ADA)
    record_page = words(desk.get("/privacy/record"))
    assert "guest_preference" in record_page and "care_case" in record_page and "sent_text" in record_page
    house.page("segments", ADA).get(f"/segments/guests/{GUEST}")
    assert "No guest was erased yet" in words(desk.get("/privacy/rights"))


def test_the_proof_of_consents_is_a_table_without_a_colleagues_name(house: House) -> None:
    filipa = Person(FILIPA.person_id, FILIPA.name, Role.FRONT_DESK, frozenset({"LIS"}))
    with house.group.database("messaging").transaction() as tx:
        agree_for(tx, GUEST, "sms", "marketing", said_at=NOW, place="=cmd|desk", words="Yes, please", by=filipa, at=NOW)
    desk = house.page("messaging", ADA)
    page = words(desk.get("/messaging/privacy"))
    assert "not set up: messages stay in the sandbox here" in page and "Twilio" in page
    response = desk.post("/messaging/privacy/consents.csv")
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    mine = next(one for one in rows if one["wording"] == "Yes, please")
    assert (mine["guest"], mine["channel"], mine["state"]) == (str(GUEST), "sms", "express")
    assert mine["recorded_by"] == "front_desk" and mine["where"] == "'=cmd|desk"  # no formula for a spreadsheet
    assert not [one.name for one in STAFF if one.name in response.get_data(as_text=True)]
    assert {"LIS-000001", ""} == {one["reference"] for one in rows if one["guest"] == str(GUEST)}
    house.moved()
    assert house.one("console", "select actor from audit_entry where action = 'consents.exported'") == ADA.name


def test_they_are_the_administrators(house: House) -> None:
    console = house.page("console", MARTA)
    paths = ("/privacy", "/privacy/terms/guest", "/privacy/record", "/privacy/rights")
    assert {console.get(path).status_code for path in paths} == {403}
    assert house.page("messaging", MARTA).get("/messaging/privacy").status_code == 403
