"""A guest's file: everything, readable, in their language, without a colleague's name; and for nobody else."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest

from guestloop.composition.services import MANIFEST, SERVICES
from guestloop.operations.guest_file import guest_named, write_guest_file
from services.feedback.commands.cases import Opening, open_case
from services.feedback.store import reply_pictures
from services.feedback.store.care import pictures
from services.messaging.commands.consents.by_staff import agree_for
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.guests.erase import erase_guest
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.errors import InputError
from shared.ids import make_id
from shared.personal_data.guest_file.held import Held, shown_columns
from shared.personal_data.guest_file.parts import opened_tables, sealed_pieces
from shared.pictures.scaling import Picture
from shared.vocabulary.case import CaseReason
from shared.vocabulary.role import Role
from tests.cast import ADA, DINA, FILIPA, MARTA, NOW, STAFF, Member
from tests.conftest import MakeDatabase
from tests.rights.house import OTHER, RITA, House, bring, guest_of, open_house, plant
from tests.web import words

GUEST = guest_of(RITA)
PAGE = f"/segments/guests/{GUEST}"
PLANTED = ("rita@example.com", "+447700900123", "LIS-000001", "planted words", "planted reply", "planted wish",
           "I agree to offers", "Voltamos a ver-nos?")  # fmt: skip


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    house = open_house(make_database)
    plant(house, GUEST)
    return house


def asked(house: House) -> UUID:
    """The administrator has the file made, and every service answers."""
    desk = house.page("segments", ADA)
    desk.get(PAGE)
    assert "Being made: 0 of 5 services have answered" in words(desk.post(f"{PAGE}/file"))
    house.moved()
    file_id: UUID = house.one("segments", "select file_id from guest_file order by requested_at desc limit 1")
    return file_id


def downloaded(house: House, file_id: UUID, kind: str = "html", who: Member = ADA) -> str:
    response = house.page("segments", who).get(f"/segments/guests/files/{file_id}.{kind}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.get_data(as_text=True)


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_file_holds_what_every_service_holds_and_no_colleagues_name(house: House) -> None:
    house.page("segments", FILIPA).get(PAGE)  # she looks, and writes down what Rita agrees to
    with house.group.database("messaging").transaction() as tx:
        filipa = Person(FILIPA.person_id, FILIPA.name, Role.FRONT_DESK, frozenset({"LIS"}))
        agree_for(tx, GUEST, "sms", "marketing", said_at=NOW, place="the bar", words="Yes", by=filipa, at=NOW)
    house.page("segments", MARTA).get(PAGE)
    house.moved()
    text = plain(downloaded(house, asked(house)))
    for planted in PLANTED:
        assert planted in text
    for colleague in STAFF:
        assert colleague.name not in text
    assert "O que está guardado sobre si" in text  # in her language
    assert "horas de silêncio" in text  # a decision's reason in words
    assert "Receção" in text and "viu a sua página" in text and "Casa do Tejo Lisboa" in text  # by role and hotel
    assert "other@example.com" not in text and "Otto" not in text
    assert "Hotel LIS" not in text  # hotels by name


def test_a_program_reads_the_same(house: House) -> None:
    found = json.loads(downloaded(house, asked(house), "json"))
    assert found["guest"] == "Rita Cantu" and found["language"] == "pt"
    assert set(found["held"]) == {"segments", "campaigns", "messaging", "feedback", "console"}
    assert "planted reply" in json.dumps(found["held"]["feedback"])
    stays = next(one for one in found["held"]["segments"] if one["title"] == "Estadias")
    assert stays["rows"][0]["Partida"] == "2026-10-03" and stays["rows"][0]["Situação"] == "concluída"


def test_pictures_of_cases_and_replies_stand_in_it_as_they_were_kept(house: House) -> None:
    """Each is whole: of a case as the hotel took it, of a reply as the guest sent it."""
    of_case, of_reply = b"\xff\xd8 of the case" * 20, b"\x89PNG of the reply"
    with house.group.database("feedback").transaction() as tx:
        case = open_case(tx, Opening(ref="picture", guest_id=GUEST, reason=CaseReason.DESK), NOW)
        picture = Picture(content=of_case, media_type="image/jpeg", width=4, height=3)
        pictures.add(tx, make_id("picture"), case, picture, by="Filipa Faria", at=NOW)
        reply_pictures.add(tx, make_id("reply"), [tx.keyring.seal("https://x.example.com", Sealing.WORDS)] * 2, NOW)
        kept = make_id("reply picture", make_id("reply"), 0)
        reply_pictures.keep(tx, kept, "image/png", tx.keyring.seal(b64encode(of_reply).decode(), Sealing.WORDS))
    file_id = asked(house)
    page = downloaded(house, file_id)
    for kind, content in (("jpeg", of_case), ("png", of_reply)):
        assert f'<img src="data:image/{kind};base64,{b64encode(content).decode()}" alt="Imagem">' in page
        assert f'"data:image/{kind};base64,' in downloaded(house, file_id, "json")
    assert "x.example.com" not in page


def test_money_stands_with_its_currency_in_stays_bills_and_figures(house: House) -> None:
    """Figures are in the reporting currency, and by hotel in the hotel's."""
    house.run("segments", "update stay set rate = 100, revenue = 200.50, currency = null")
    house.run("segments", "update guest_facts set spend = 200.5, mean_spend = 100.25, last_property = 'LIS'")
    house.run(
        "segments",
        """
        insert into spend (id, source, property, number, guest_id, outlet, amount, currency, day, changed_at)
        values (gen_random_uuid(), 'pos', 'LIS', '7', %s, 'Bar', 12.5, 'USD', '2026-10-02', '2026-10-02Z')
        """,
        [GUEST],
    )
    file_id = asked(house)
    found = json.loads(downloaded(house, file_id, "json"))["held"]["segments"]
    stay = next(one for one in found if one["title"] == "Estadias")["rows"][0]
    assert {value for value in stay.values() if "EUR" in str(value)} == {"100 EUR", "200.50 EUR"}
    figures = next(row for one in found for row in one["rows"] if "Gasto" in row)
    assert (figures["Gasto"], figures["Gasto por estadia"]) == ("200.5 EUR", "100.25 EUR")
    assert "12.5 USD" in json.dumps(found)
    shown = plain(downloaded(house, file_id)).replace("\xa0", " ")
    assert re.search("€ ?200,50|200,50 ?€", shown) and "US$ 12,50" in shown


def test_every_column_of_an_amount_says_its_currency() -> None:
    """Whoever adds one says what it is in."""
    amounts = {"rate", "revenue", "amount", "spend", "mean_spend", "price", "total"}
    for service in SERVICES:
        for table in MANIFEST[service].personal_data.tables:
            bare = {name for name, column in shown_columns(table).items() if name in amounts and not column.money}
            assert bare == set(), table.name


def test_asked_for_twice_it_is_made_once(house: House) -> None:
    desk = house.page("segments", ADA)
    desk.get(PAGE)
    desk.post(f"{PAGE}/file")
    assert "Being made" in words(desk.post(f"{PAGE}/file"))
    assert house.one("segments", "select count(*) from guest_file") == 1
    assert house.one("segments", "select count(*) from outbox where type = 'guest.file_requested.v1'") == 1


def test_a_part_that_comes_twice_or_after_the_end_changes_nothing(house: House) -> None:
    file_id = asked(house)
    count = "select count(*) from guest_file_part"
    before = house.one("segments", count)
    house.run("messaging", "update outbox set published_at = null where type = 'guest.file_part.v1'")
    house.run("segments", "delete from inbox")  # as if the inbox had forgotten: the parts' own key is the second lock
    house.moved("messaging")
    assert house.one("segments", count) == before
    house.run("segments", "delete from guest_file")
    house.run("messaging", "update outbox set published_at = null where type = 'guest.file_part.v1'")
    house.run("segments", "delete from inbox")
    house.moved("messaging")
    assert house.one("segments", count) == 0
    assert house.page("segments", ADA).get(f"/segments/guests/files/{file_id}.html").status_code == 404


def test_a_service_that_has_not_answered_is_waited_for(house: House) -> None:
    house.world.consumers = {name: role for name, role in house.world.consumers.items() if name != "feedback"}
    file_id = asked(house)
    desk = house.page("segments", ADA)
    assert "Being made: 4 of 5 services have answered" in words(desk.get(f"{PAGE}/file"))
    assert desk.get(f"/segments/guests/files/{file_id}.html").status_code == 404


def test_the_link_ends_after_a_week_and_each_download_is_in_the_trail(house: House) -> None:
    file_id = asked(house)
    downloaded(house, file_id)
    downloaded(house, file_id, "json")
    house.moved()
    trail = "select count(*) from audit_entry where action = 'guest.file_downloaded' and subject = %s"
    assert house.one("console", trail, [f"guest {GUEST}"]) == 1  # the same instant of a clock that stands still
    assert house.one("segments", "select downloads from guest_file") == 2
    house.clock.advance_to(NOW + timedelta(days=7, seconds=1))
    desk = house.page("segments", ADA)
    assert desk.get(f"/segments/guests/files/{file_id}.html").status_code == 404
    assert "Make the guest's file" in words(desk.get(PAGE))


def test_who_does_not_see_all_hotels_or_has_no_such_task_gets_nothing(house: House) -> None:
    file_id = asked(house)
    for who in (FILIPA, DINA, MARTA):
        desk = house.page("segments", who)
        assert "All that is held" not in words(desk.get(PAGE))
        assert desk.post(f"{PAGE}/file").status_code == 403
        assert desk.get(f"{PAGE}/file").status_code == 403
        assert desk.get(f"/segments/guests/files/{file_id}.html").status_code == 403


def test_an_erased_guests_file_goes_with_the_guest(house: House) -> None:
    file_id = asked(house)
    with house.group.database("segments").transaction() as tx:
        erase_guest(tx, GUEST, "test", NOW, lambda _: None)
    house.moved()
    assert house.one("segments", "select count(*) from guest_file") == 0
    assert house.one("segments", "select count(*) from guest_file_part") == 0
    late = "select count(*) from outbox where type = 'guest.file_part.v1' and convert_from(body, 'utf8') ~ %s"
    assert [house.one(service, late, [str(GUEST)]) for service in house.group.services] == [0] * 5
    assert house.page("segments", ADA).get(f"/segments/guests/files/{file_id}.html").status_code == 404


def test_what_was_known_under_a_merged_number_is_in_it(house: House) -> None:
    with house.group.database("segments").transaction() as tx:
        merge_guests(tx, GUEST, guest_of(OTHER), "test", NOW)
    house.moved()
    desk = house.page("segments", ADA)
    desk.get(f"/segments/guests/{guest_of(OTHER)}")
    desk.post(f"/segments/guests/{guest_of(OTHER)}/file")
    house.moved()
    text = plain(downloaded(house, house.one("segments", "select file_id from guest_file")))
    assert "planted reply" in text and "LIS-000001" in text and "LIS-000002" in text


def test_a_guest_with_two_thousand_messages_travels_in_pieces_and_comes_together(keyring: KeyRing) -> None:
    many = [Held("Messages", ("Text",), [[make_text(number)] for number in range(2000)])]
    pieces = sealed_pieces(keyring, many)
    assert len(pieces) > 1 and max(map(len, pieces)) < 300_000
    assert [list(table.rows) for table in opened_tables(keyring, pieces)] == [list(table.rows) for table in many]


def make_text(number: int) -> str:
    return "".join(sha256(f"{number} {part}".encode()).hexdigest() for part in range(20))


def test_the_command_writes_it_closed_to_others_and_says_so_in_the_trail(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "rita"
    for name in (str(GUEST), "Rita@Example.com", "+44 7700 900123", "lis-000001"):
        assert guest_named(house.group, name) == GUEST
    written = write_guest_file(house.group, GUEST, folder, NOW)
    assert folder.stat().st_mode & 0o077 == 0
    for path in (written.html, written.json):
        assert path.stat().st_mode & 0o777 == 0o600
        text = unescape(path.read_text(encoding="utf-8"))
        assert all(planted in text for planted in PLANTED)
    house.moved("segments")
    assert house.one("console", "select actor from audit_entry where action = 'guest.file_exported'")
    with pytest.raises(InputError, match="exists already"):
        write_guest_file(house.group, GUEST, folder, NOW)


def test_a_name_for_several_guests_lists_them(house: House) -> None:
    shared = replace(OTHER, reservation="LIS-000003", email="rita@example.com", given_name="Zita", phone=None)
    bring(house, [shared])
    with pytest.raises(InputError, match=r"2 guests are known(.|\n)*Rita Cantu(.|\n)*Zita Cantu"):
        guest_named(house.group, "rita@example.com")
    with pytest.raises(InputError, match="no guest has"):
        guest_named(house.group, "nobody@example.com")
