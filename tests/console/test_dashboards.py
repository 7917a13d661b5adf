"""Dashboards: begun from a ready one, put together by buttons alone, shared by role, each reader's own hotels in it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.console.rules.dashboards import MOST_TILES, READY, Tile, moved, without
from services.console.rules.figures.definitions import BY_KEY
from shared.database.pool import Database
from tests.cast import ADA, DINA, MARTA
from tests.conftest import MakeDatabase
from tests.console.conftest import Serve
from tests.console.staff import open_house
from tests.console.test_changes import OCTOBER, SEPTEMBER, YEAR, keep, stays
from tests.console.test_key_figures import desk, told
from tests.web import Browser, words


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    database = make_database("console")
    open_house(database)
    months, channels = (OCTOBER, SEPTEMBER, YEAR), ("OTA", "Direct")
    counts = {(month, "LIS", channel, "leisure"): 40 for month in months for channel in channels}
    keep(database, stays({**counts, (OCTOBER, "SHA", "携程", "团队"): 60}))
    return database


def begun(who: Browser, ready: str = "") -> str:
    """Its address."""
    who.get("/figures/dashboards")
    found = who.post("/figures/dashboards", {"ready": ready}, follow=False).headers["Location"]
    return found.removesuffix("/edit")


def saved(who: Browser, address: str, tiles: list[tuple[str, str, str]], do: str = "", **more: Any) -> Any:
    page = who.get(f"{address}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    form: dict[str, Any] = {"version": version[1], "name": "Mine", **more}
    figures, whom, spans = (list(column) for column in zip(*tiles, strict=True)) if tiles else ([], [], [])
    return who.post(f"{address}/edit", {**form, "figure": figures, "whom": whom, "span": spans, "do": do}, follow=False)


def tile_names(page: str) -> list[str]:
    return re.findall(r'figure-(\w+)"', page)


def test_an_empty_page_offers_three_ready_ones(console: Database, serve: Serve) -> None:
    ada = desk(console, serve(told()), ADA)
    page = words(ada.get("/figures/dashboards"))
    assert "No dashboard yet" in page and page.count("Begin with it:") == 3
    address = begun(ada, "director")
    page = words(ada.get(address))
    assert "For the director" in page and "Retention October 2026 82.0% 41 of 50" in page
    assert "≥ 80.0% of a year" in page and "a year before 20.0%" in page
    assert tile_names(ada.get(address).text) == [one.figure for one in next(iter(READY.values()))]
    assert "For the director" in words(ada.get("/figures/dashboards"))
    chinese = words(ada.get(address, headers={"Accept-Language": "zh"}))
    assert "留存率" in chinese and "上年同期" in chinese


def test_tiles_are_put_together_moved_and_taken_off_by_buttons_alone(console: Database, serve: Serve) -> None:
    ada = desk(console, serve(told()), ADA)
    address = begun(ada)
    tiles = [("direct", "", "month"), ("length", "channel:OTA", "year"), ("lead", "market:leisure", "quarter")]
    assert saved(ada, address, [], "add").headers["Location"].endswith("/edit#tile-0")
    assert saved(ada, address, tiles).headers["Location"] == address
    page = words(ada.get(address))
    assert "Direct share October 2026" in page and "· OTA" in page and "· leisure" in page
    assert saved(ada, address, tiles, "down:0").headers["Location"].endswith("#tile-1")
    assert tile_names(ada.get(address).text) == ["length", "direct", "lead"]
    saved(ada, address, [tiles[1], tiles[0], tiles[2]], "up:2")
    assert tile_names(ada.get(address).text) == ["length", "lead", "direct"]
    saved(ada, address, [tiles[1], tiles[2], tiles[0]], "drop:1")
    assert tile_names(ada.get(address).text) == ["length", "direct"]


def test_what_cannot_be_is_named_and_what_was_typed_stays(console: Database, serve: Serve) -> None:
    ada = desk(console, serve(told()), ADA)
    address = begun(ada, "marketer")
    nameless = saved(ada, address, [("nps", "", "month")], name=" ")
    assert nameless.status_code == 422 and "Give it a name" in words(nameless)
    many = saved(ada, address, [("nps", "", "month")] * (MOST_TILES + 1))
    assert many.status_code == 422 and "At most 12 figures" in words(many)
    late = saved(ada, address, [("nps", "", "month")], version="0")
    assert late.status_code == 409 and "Somebody changed this dashboard meanwhile" in words(late)
    saved(ada, address, [("nothing", "", "month"), ("nps", "guest:x", "day"), ("lead", "", "century")])
    assert tile_names(ada.get(address).text) == ["lead"], "what no page offers is left out"


def test_it_is_shared_by_role_and_each_sees_their_own_hotels(console: Database, serve: Serve) -> None:
    gateway = serve(told(windows={}))
    ada, dina, marta = (desk(console, gateway, who) for who in (ADA, DINA, MARTA))
    address = begun(ada, "manager")
    assert dina.get(address).status_code == 404, "nobody's but hers"
    saved(ada, address, [("length", "", "month")], role=["duty_manager"])
    assert "Shared by" in words(dina.get(address)) and "Mine" in words(dina.get("/figures/dashboards"))
    assert "from 140" in words(ada.get(address)) and "from 80" in words(dina.get(address))
    assert "from 60" not in words(dina.get(f"{address}?hotel=SHA")), "another hotel's in no address"
    assert marta.get(address).status_code == 404, "not her role"
    assert dina.get(f"{address}/edit").status_code == 403
    dina.get("/figures/dashboards")
    assert dina.post(f"{address}/drop", {}).status_code == 403
    assert dina.post(f"{address}/edit", {"name": "x", "version": "2"}).status_code == 403
    ada.get(address)
    ada.post(f"{address}/drop", {})
    assert dina.get(address).status_code == 404
    with console.transaction() as tx:
        trail = tx.execute("select action from audit_entry where action like 'dashboard.%%' order by action").fetchall()
    assert [action for (action,) in trail] == ["dashboard.shared", "dashboard.taken_away"]


def test_a_silent_service_leaves_the_other_tiles(console: Database, serve: Serve) -> None:
    ada = desk(console, serve({}), ADA)
    page = words(ada.get(begun(ada, "manager")))
    assert "do not answer" in page and "not counted" in page and "from 140" in page


def test_every_ready_tile_can_be_shown_and_moves_end_at_the_ends() -> None:
    assert all(one.is_sound for tiles in READY.values() for one in tiles)
    three = [Tile(key) for key in list(BY_KEY)[:3]]
    assert moved(three, 0, -1) == moved(three, 2, 1) == moved(three, 9, 1) == three
    assert moved(three, 0, 1) == [three[1], three[0], three[2]] and without(three, 1) == [three[0], three[2]]
    assert not Tile("nps", "guest", "x").is_sound
