"""Other services' editors ask which segments there are and how many guests are in one."""

from __future__ import annotations

from datetime import UTC, datetime

from services.segments.commands.segments.lifecycle import install_shipped, save_segment
from services.segments.config import Config
from services.segments.rules.house_dates import HouseDate
from services.segments.service import SERVICE
from services.segments.store.house_dates import insert
from shared.ids import make_id
from tests.cast import ANTON, DINA, MARTA
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, enter, move
from tests.web import browser

AT = datetime(2016, 5, 1, 12, tzinfo=UTC)


def test_a_marketer_is_told_all_segments_with_their_size(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    with database.transaction() as tx:
        install_shipped(tx, AT, only=["lapsed-3-months-regular"])
        save_segment(tx, "gold", "Gold guests", {"fact": "tier", "op": "is", "value": "gold"}, AT)
        insert(tx, HouseDate("wedding", "Wedding day", True, None), "Marta", AT)
        insert(tx, HouseDate("ancestors", "Ancestors' day", True, None, lunar=True), "Marta", AT)
        insert(tx, HouseDate("of-shanghai", "Of Shanghai", True, "SHA"), "Marta", AT)
        enter(tx, [Person("ana", tier="gold"), Person("rui")])
        move(tx, ["ana", "rui"], AT)
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    told = marta.get("/segments/segments/choices").json
    assert told is not None
    assert {one["key"]: one["members"] for one in told["segments"]} == {"gold": 1, "lapsed-3-months-regular": 0}
    assert told["dates"][0] == {"key": "ancestors", "name": "Ancestors' day (lunar calendar)", "lunar": True}
    assert [one["lunar"] for one in told["dates"]] == [True, False, False]
    assert marta.get("/segments/segments/gold/size").json == {"key": "gold", "size": 1}
    assert marta.get("/segments/segments/silver/size").status_code == 404
    assert marta.get(f"/segments/segments/of/{make_id('guest', 'ana')}").json == {"segments": ["gold"]}
    assert marta.get(f"/segments/segments/of/{make_id('guest', 'rui')}").json == {"segments": []}
    assert marta.get(f"/segments/segments/of/{make_id('guest', 'nobody')}").status_code == 404
    anton = browser(SERVICE.build_web, Config(), database, ANTON)
    assert anton.get("/segments/segments/choices").status_code == 403
    assert anton.get("/segments/segments/dates/names").json is not None
    of_lisbon = browser(SERVICE.build_web, Config(), database, DINA).get("/segments/segments/dates/names").json
    assert of_lisbon == {
        "dates": [
            {"key": "ancestors", "name": "Ancestors' day (lunar calendar)"},
            {"key": "wedding", "name": "Wedding day"},
        ]
    }
