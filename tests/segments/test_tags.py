"""Tags: one spelling, put on a whole segment and taken back, and kept by rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.segments.clock import Tags
from services.segments.commands import tags as commands
from services.segments.commands.guests.care import Profile, change_profile
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.guests.spelling import spelled
from services.segments.commands.segments.lifecycle import TagsGiven, retire_segment, save_segment
from services.segments.config import Config
from services.segments.service import SERVICE
from services.segments.store.evaluation.memberships import members_of
from shared.access.people import Person as Colleague
from shared.database.pool import Database
from shared.errors import Conflict, InputError
from shared.ids import make_id
from shared.vocabulary.role import Role
from tests.cast import MARTA, NOW
from tests.segments.audience_people import Person, Stayed, enter, move
from tests.segments.rows import rows_of
from tests.web import browser, words

GOLD = {"fact": "tier", "op": "is", "value": "gold"}
BY = Colleague(MARTA.person_id, MARTA.name, Role.MARKETER, frozenset())


@pytest.fixture
def house(database: Database) -> Database:
    with database.transaction() as tx:
        people = [Person("ana", tier="gold", tags=("VIP",)), Person("rui", tier="gold"), Person("eva", tier="silver")]
        enter(tx, people, [Stayed("ana", "A", date(2016, 1, 1))])
        tx.execute("insert into tag_known values ('vip', 'VIP')")
        move(tx, ["ana", "rui", "eva"], NOW)
        save_segment(tx, "gold", "Gold guests", GOLD, NOW)
        tx.execute("update membership set segments = '{}'")
        move(tx, ["ana", "rui", "eva"], NOW)
    return database


def guest(name: str) -> UUID:
    return make_id("guest", name)


def tagged(database: Database) -> dict[str, list[str]]:
    return dict(rows_of(database, "select given_name, tags from guest order by 1"))


def worked(database: Database, at: Any = NOW) -> None:
    """Until nothing is due at that instant."""
    clock = Tags(database)
    while (due := clock.next_due()) is not None and due <= at:
        clock.step(at)


def test_tags_that_differ_in_case_alone_are_one(house: Database) -> None:
    with house.transaction() as tx:
        assert spelled(tx, ["vip", "Vip", "ｖｉｐ", "golf"]) == ["VIP", "golf"]
        assert spelled(tx, ["GOLF"]) == ["golf"]
        change_profile(tx, guest("rui"), 1, Profile("en", ["vIP", "Golf"], None), BY, NOW)
    assert tagged(house)["rui"] == ["VIP", "golf"]


def test_a_tag_is_put_on_a_segment_once_and_taken_back_from_those_it_changed(house: Database) -> None:
    with house.transaction() as tx:
        run = commands.tag_segment(tx, "gold", "vip", BY, NOW, adds=True)
        assert commands.tag_segment(tx, "gold", "vip", BY, NOW, adds=True) == run
    worked(house)
    assert tagged(house) == {"ana": ["VIP"], "eva": [], "rui": ["VIP"]}
    assert rows_of(house, "select changed from tag_run") == [(1,)]
    assert rows_of(house, "select guest_id, what from guest_edit") == [(guest("rui"), "guest.tagged")]
    with house.transaction() as tx:
        commands.undo_run(tx, run, BY, NOW)
        commands.undo_run(tx, run, BY, NOW)
    worked(house)
    assert tagged(house) == {"ana": ["VIP"], "eva": [], "rui": []}, "Ana had it before"


def test_a_rule_gives_a_tag_to_who_enters_and_takes_it_from_who_leaves(house: Database) -> None:
    with house.transaction() as tx:
        commands.make_rule(tx, "gold", "vip", "attribute", BY, NOW)
        save_segment(tx, "vips", "VIPs", {"fact": "tags", "op": "has", "value": "VIP"}, NOW)
        with pytest.raises(TagsGiven):
            retire_segment(tx, "gold", NOW)
    worked(house)
    assert tagged(house) == {"ana": ["VIP"], "eva": [], "rui": ["VIP"]}
    later = NOW + timedelta(hours=1)
    with house.transaction() as tx:
        assert guest("rui") in members_of(tx, "vips"), "evaluated at once"
        tx.execute("update guest set tier = case when given_name = 'eva' then 'gold' else 'silver' end")
        move(tx, ["ana", "rui", "eva"], later)
    worked(house, later)
    worked(house, later)
    assert tagged(house) == {"ana": ["VIP"], "eva": ["VIP"], "rui": []}, "Ana's is by hand, and stays"
    told = rows_of(house, "select what, details ->> 'segment' from guest_edit where guest_id = (select id from guest "
        "where given_name = 'rui') order by at, what")  # fmt: skip
    assert told == [("guest.tagged_by_rule", "Gold guests"), ("guest.untagged_by_rule", "Gold guests")]


def test_a_rule_may_not_give_a_tag_that_its_own_segment_asks_for(house: Database) -> None:
    with house.transaction() as tx:
        save_segment(tx, "vips", "VIPs", {"fact": "tags", "op": "has", "value": "VIP"}, NOW)
        inside = {"fact": "in_segment", "op": "is", "value": "vips"}
        save_segment(tx, "outer", "Outer", {"not": inside}, NOW)
        for key in ("vips", "outer"):
            with pytest.raises(Conflict):
                commands.make_rule(tx, key, "vip", "need", BY, NOW)
        with pytest.raises(InputError):
            commands.make_rule(tx, "gold", "a, b", "need", BY, NOW)
        commands.make_rule(tx, "gold", "vip", "need", BY, NOW)
        with pytest.raises(Conflict):
            commands.make_rule(tx, "gold", "Vip", "need", BY, NOW)


def test_an_erased_guest_leaves_no_tag_behind(house: Database) -> None:
    with house.transaction() as tx:
        commands.make_rule(tx, "gold", "new", "need", BY, NOW)
        commands.tag_segment(tx, "gold", "other", BY, NOW, adds=True)
    worked(house)
    with house.transaction() as tx:
        erase_guest(tx, guest("rui"), BY, NOW, lambda _listed: None)
    assert rows_of(house, "select distinct guest_id from tag_rule_guest union select guest_id from tag_run_guest") == [
        (guest("ana"),)
    ]


def test_the_page_makes_a_rule_and_puts_a_tag_on_a_segment(house: Database) -> None:
    desk = browser(SERVICE.build_web, Config(), house, MARTA)
    desk.get("/segments/segments/tags")
    told = words(desk.post("/segments/segments/tags", {"tag": "vip", "kind": "behaviour", "segment": "gold"}))
    assert "From now on whoever is in the segment has the tag" in told and "VIP" in told
    assert "A rule gives this tag already" in words(
        desk.post("/segments/segments/tags", {"tag": "Vip", "kind": "need", "segment": "gold"})
    )
    told = words(desk.post("/segments/segments/gold/tags", {"tag": "golf", "verb": "add"}))
    assert "Under way" in told and "put on «Gold guests»" in told
    assert "no comma" in words(desk.post("/segments/segments/gold/tags", {"tag": "", "verb": "add"}))
