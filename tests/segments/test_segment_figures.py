"""A segment's own pages: templates, why a guest is in, what two share, copies, lists, exports."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from services.segments.clock import SizesByDay
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.lifecycle import install_shipped, save_segment
from services.segments.config import Config
from services.segments.queries import segments as queries
from services.segments.rules.language.parse import parse
from services.segments.service import SERVICE
from services.segments.shipped.starters import STARTERS
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.segments import find
from shared.access.scope import scope_of
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.ids import make_id
from tests.cast import ADA, DINA, MARTA, NOW, Member
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter
from tests.segments.rows import rows_of
from tests.web import Browser, browser, words

GOLD = {"all": [{"fact": "tier", "op": "is", "value": "gold"}, {"fact": "stays", "op": "at_least", "value": 1}]}
STAYED = {"fact": "stays", "op": "at_least", "value": 1}
PEOPLE = [
    Person("Rita", tier="gold", home_property="LIS", tags=("=1+1",), points=(("email", "personal"),)),
    Person("Mei", tier="gold", home_property="SHA", zone="Asia/Shanghai", country="CN"),
    Person("Joana", tier="silver", home_property="LIS"),
]
STAYS = [
    Stayed("Rita", "R-1", date(2026, 3, 1)),
    Stayed("Joana", "J-1", date(2026, 11, 1)),
    Stayed("Mei", "M-1", date(2026, 1, 1), house="SHA", zone="Asia/Shanghai"),
]


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    with database.transaction() as tx:
        enter(tx, PEOPLE, STAYS)
        sealed = tx.keyring.seal("rita@example.com", Sealing.CONTACT)
        tx.execute("update contact_point set address_sealed = %s", [sealed])
        save_segment(tx, "gold", "Gold guests", GOLD, NOW)
        save_segment(tx, "stayed", "Guests who stayed", STAYED, NOW)
        evaluate_moved(tx, [Moved(make_id("guest", one.name), {"kind": "initial"}) for one in PEOPLE], NOW)
        tx.execute("update segment set evaluated_at = %s", [NOW])
    return database


def at_desk(database: Database, who: Member = MARTA) -> Browser:
    """Where a form is open, so that its token is known."""
    desk = browser(SERVICE.build_web, Config(), database, who)
    desk.get("/segments/segments/lists")
    return desk


def guest(name: str) -> Any:
    return make_id("guest", name)


def test_thirty_templates_are_sound_and_each_opens_as_a_draft(database: Database) -> None:
    assert len(STARTERS) == len({one.key for one in STARTERS}) == 30
    for one in STARTERS:
        parse(one.rule)
    page = words(at_desk(database).get("/segments/segments/templates"))
    assert "Not here for a year" in page and "Guests whose last check-out was 365 to 729 days ago" in page
    opened = at_desk(database).get("/segments/segments/new?template=away-a-year")
    assert 'value="Not here for a year"' in opened.text and 'value="365"' in opened.text
    assert rows_of(database, "select count(*) from segment") == [(2,)], "nothing is saved"


def test_why_a_guest_is_in_and_why_another_is_not(database: Database) -> None:
    desk = at_desk(database)
    told = words(desk.get(f"/segments/segments/gold/why/{guest('Rita')}"))
    assert "Rita Test is in «Gold guests»" in told and "This guest: gold" in told and "This guest: 1 stay" in told
    told = words(desk.get(f"/segments/segments/gold/why/{guest('Joana')}"))
    assert "Joana Test is not in «Gold guests»" in told and "not fulfilled" in told and "This guest: silver" in told


def test_while_a_changed_rule_is_counted_the_page_says_neither(database: Database) -> None:
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", STAYED, NOW)
    told = words(at_desk(database).get(f"/segments/segments/gold/why/{guest('Joana')}"))
    assert "Joana Test and «Gold guests»: being counted again" in told and "is not in" not in told
    assert "The rule was changed a moment ago" in told


def test_a_guest_of_another_hotel_is_not_explained(database: Database) -> None:
    assert at_desk(database, DINA).get(f"/segments/segments/gold/why/{guest('Mei')}").status_code in (403, 404)
    assert at_desk(database).get(f"/segments/segments/gold/why/{make_id('guest', 'nobody')}").status_code == 404


def test_it_says_what_two_segments_share_and_how_one_grew(database: Database) -> None:
    SizesByDay(database).step(NOW)
    with database.transaction() as tx:
        tx.execute("update segment_size_day set day = day - 1")
    SizesByDay(database).step(NOW + timedelta(days=1))
    page = words(at_desk(database).get("/segments/segments/gold/about?with=stayed"))
    assert "Of 3 guests who are in one of the two or in both." in page
    assert "in both 2 " in page and "only in «Guests who stayed» 1" in page
    assert at_desk(database).get("/segments/segments/gold/about?with=nothing").status_code == 404


def test_of_very_many_who_can_be_reached_is_read_as_the_last_day_ended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MANY", -1)  # nobody has counted the table yet
    with database.transaction() as tx:
        install_shipped(tx, NOW, only={"reachable-by-email", "reachable-by-sms"})
        evaluate_moved(tx, [Moved(guest(one.name), {"kind": "initial"}) for one in PEOPLE], NOW)
    assert kept(database) == {}
    SizesByDay(database).step(NOW)
    with database.transaction() as tx:
        live = queries.reach_of_segments(tx, scope_of(["LIS", "SHA"]))
        number = find(tx, "gold").number  # type: ignore[union-attr]
    assert kept(database)[number] == live[number] == queries.Reach(number, 2, 0, 0, None)


def kept(database: Database) -> dict[int, queries.Reach]:
    with database.transaction() as tx:
        return queries.kept_reach(tx)


def test_a_copy_has_the_rule_and_the_folder_and_another_key(database: Database) -> None:
    desk = at_desk(database)
    assert desk.post("/segments/segments/gold/folder", {"folder": " Loyal  guests "}, follow=False).status_code == 303
    assert desk.post("/segments/segments/gold/copies", follow=False).status_code == 303
    copied = rows_of(database, "select key, name, folder, rule from segment where key like 'copy%'")
    assert copied == [("copy-of-gold-guests", "Copy of Gold guests", "Loyal guests", GOLD)]
    listed = words(desk.get("/segments/segments?folder=Loyal+guests"))
    assert "Copy of Gold guests" in listed and "Guests who stayed" not in listed


def test_the_list_is_short_searched_and_begins_with_the_largest(database: Database) -> None:
    desk = at_desk(database)
    page = words(desk.get("/segments/segments"))
    assert page.index("Guests who stayed") < page.index("Gold guests")
    assert "Guests whose tier is gold, and 1 more condition" in page
    assert "Gold guests" not in words(desk.get("/segments/segments?q=nothing+like+it"))
    assert "Gold guests" in words(desk.get("/segments/segments?q=GOLD"))


def test_a_frozen_list_stays_as_it_is_and_a_rule_can_ask_for_it(database: Database) -> None:
    desk = at_desk(database)
    assert desk.post("/segments/segments/gold/lists", {"name": ""}, follow=False).status_code == 422
    assert desk.post("/segments/segments/gold/lists", {"name": "Gold in May"}, follow=False).status_code == 303
    with database.transaction() as tx:
        tx.execute("update guest set tier = 'silver' where id = %s", [guest("Rita")])
        evaluate_moved(tx, [Moved(guest("Rita"), {"kind": "guest", "what": "guest.changed"})], NOW)
        save_segment(tx, "listed", "Listed", {"fact": "lists", "op": "has", "value": "gold-in-may"}, NOW)
    evaluate_all(database, NOW)
    with database.transaction() as tx:
        assert set(members_of(tx, "gold")) == {guest("Mei")}
        assert set(members_of(tx, "listed")) == {guest("Rita"), guest("Mei")}
    ended = desk.post("/segments/segments/lists/gold-in-may/end")
    assert "Segments ask for this list in their rules; change them first: Listed" in words(ended)
    with database.transaction() as tx:
        save_segment(tx, "listed", "Listed", STAYED, NOW)
    assert desk.post("/segments/segments/lists/gold-in-may/end", follow=False).status_code == 303
    assert rows_of(database, "select distinct lists from guest_facts") == [([],)]


def test_a_list_by_a_file_says_which_lines_named_nobody(database: Database) -> None:
    with database.transaction() as tx:
        (index, *_) = tx.keyring.indexes("email", "rita@example.com")
        tx.execute("update contact_point set point = %s", [index])
        tx.execute("update guest_point set point = %s", [index])
    desk = at_desk(database)
    file = (io.BytesIO(b"Rita@Example.com;x\nstranger@example.com;y\nRita@example.com;again\n"), "fair.csv")
    page = desk.post("/segments/segments/lists", {"name": "Fair", "file": file}, follow=False)
    told = words(page)
    assert page.status_code == 200 and "1 of 3 lines" not in told
    assert "stranger@example.com" in told and "1 guest is on the list." in told
    assert rows_of(database, "select guest_id from guest_list_member") == [(guest("Rita"),)]
    assert desk.post("/segments/segments/lists", {"name": "Empty", "lines": " \n"}, follow=False).status_code == 422


def test_an_export_is_of_the_readers_hotels_masked_defused_and_audited(database: Database) -> None:
    desk = at_desk(database)
    assert desk.post("/segments/segments/stayed/exports", follow=False).status_code == 303
    ((export,),) = rows_of(database, "select id from segment_export")
    rows = list(csv.DictReader(io.StringIO(desk.get(f"/segments/segments/exports/{export}").text.lstrip("\ufeff"))))
    assert {row["Given name"] for row in rows} == {"Rita", "Joana", "Mei"}
    (rita,) = [row for row in rows if row["Given name"] == "Rita"]
    assert rita["Tags"] == "'=1+1" and rita["E-mail"] not in ("", "rita@example.com") and rita["Stays"] == "1"
    assert rows_of(database, "select count(*) from outbox where type = 'audit.recorded.v1'") == [(2,)]
    assert at_desk(database, ADA).get(f"/segments/segments/exports/{export}").status_code == 404, "its maker's alone"
    with database.transaction() as tx:
        tx.execute("update segment_export set expires_at = %s", [NOW])
    assert desk.get(f"/segments/segments/exports/{export}").status_code == 404, "a day is over"


def test_an_administrator_exports_contacts_in_full(database: Database) -> None:
    desk = at_desk(database, ADA)
    desk.post("/segments/segments/gold/exports", follow=False)
    ((export,),) = rows_of(database, "select id from segment_export")
    assert "rita@example.com" in desk.get(f"/segments/segments/exports/{export}").text
