"""Who can I talk to? The list of segments and the form in which a rule is written, as a marketer uses them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.segments.clock import SizesByDay
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.segments.lifecycle import install_shipped, save_segment, use_segment
from services.segments.config import Config
from services.segments.service import SERVICE
from services.segments.store.segments import find
from shared.database.pool import Database
from shared.ids import make_id
from tests.cast import ADA, DINA, MARTA, NOW, Member
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter
from tests.segments.rows import rows_of
from tests.web import Browser, browser, words

GOLD = {"fact": "tier", "op": "is", "value": "gold"}
PEOPLE = [
    Person("Rita", tier="gold", home_property="LIS", birth_date=date(1980, 5, 4)),
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
        install_shipped(tx, NOW, only={"reachable-by-email", "lapsed-3-months", "birthday-in-7-days"})
        save_segment(tx, "gold", "Gold guests", GOLD, NOW)
        because = {"kind": "initial"}
        evaluate_moved(tx, [Moved(make_id("guest", one.name), because) for one in PEOPLE], NOW)
        tx.execute("update segment set evaluated_at = %s", [NOW])
    return database


def at_desk(database: Database, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who)


def leaf(path: str, **fields: str) -> dict[str, str]:
    return {f"{path}:{name}": text for name, text in fields.items()}


def gold(**more: Any) -> dict[str, Any]:
    return {"name": "Golden", "r:group": "all", **leaf("r.0", fact="tier", op="is", value="gold"), **more}


def test_each_segment_is_said_in_words_with_who_is_in_it(database: Database) -> None:
    text = words(at_desk(database).get("/segments/segments"))
    assert "Gold guests Guests whose tier is gold 2" in text
    assert "whose last check-out was at least 3 months (90 days) ago, and who have no future booking" in text
    assert text.index("Made for journeys") < text.index("in exactly 7 days")


def test_the_list_speaks_chinese(database: Database) -> None:
    page = at_desk(database).get("/segments/segments", headers={"Accept-Language": "zh-CN"})
    assert "会员等级是gold的宾客" in words(page) and "我可以联系谁？" in words(page)


def test_a_shipped_name_is_read_in_chinese_until_somebody_changes_it(database: Database) -> None:
    marta, chinese = at_desk(database), {"Accept-Language": "zh-CN"}
    assert "可用邮件联系的宾客" in words(marta.get("/segments/segments", headers=chinese))
    page = marta.get("/segments/segments/reachable-by-email", headers=chinese)
    assert 'value="可用邮件联系的宾客"' in page.get_data(as_text=True)
    form = gold(version="1", name="可用邮件联系的宾客")
    marta.post("/segments/segments/reachable-by-email", form, headers=chinese)
    assert "Guests reachable by e-mail" in words(marta.get("/segments/segments"))
    marta.post("/segments/segments/gold", gold(version="1", name="可用邮件联系的宾客"), headers=chinese)
    assert "可用邮件联系的宾客" in words(marta.get("/segments/segments"))


def test_only_who_configures_sees_segments(database: Database) -> None:
    assert at_desk(database, DINA).get("/segments/segments").status_code == 403
    assert at_desk(database, ADA).get("/segments/segments").status_code == 200


def test_an_empty_list_teaches(make_database: MakeDatabase) -> None:
    text = words(at_desk(make_database("segments")).get("/segments/segments"))
    assert "No segment yet" in text and "New segment" in text


def test_a_hotel_chosen_counts_its_own_guests_only(database: Database) -> None:
    marta = at_desk(database)
    assert "Guests whose tier is gold 1" in words(marta.get("/segments/segments?hotel=LIS"))
    found = words(marta.post("/segments/segments/draft", gold()))
    assert "1 of 2 guests" in found and "Rita Test" in found and "Mei Test" not in found


def test_the_size_of_each_day_makes_a_line(database: Database) -> None:
    clock = SizesByDay(database)
    assert clock.next_due() == NOW and clock.step(NOW) == 1
    assert clock.next_due() == (NOW + timedelta(days=1)).replace(hour=0) and clock.step(NOW) == 0
    with database.transaction() as tx:
        tx.execute("update segment_size_day set members = 1, day = day - 3")
    page = at_desk(database).get("/segments/segments").get_data(as_text=True)
    assert "spark-line" in page and "+1 guest in 30 days" in page


def test_what_is_written_is_counted_with_examples_before_it_is_saved(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/new")
    text = words(marta.post("/segments/segments/draft", gold()))
    assert "2 of 3 guests" in text and "Rita Test" in text and "Also in Gold guests" in text
    assert "2 guests will be in it; nobody enters a journey by saving." in text
    assert rows_of(database, "select count(*) from segment where name = 'Golden'") == [(0,)]


def test_the_part_beside_the_form_comes_alone_where_htmx_asks(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/new")
    headers = {"HX-Request": "true", "HX-Target": "found"}
    page = marta.post("/segments/segments/draft", gold(), headers=headers).get_data(as_text=True)
    assert page.lstrip().startswith("<aside") and "<strong>2</strong>" in page


def test_a_button_adds_a_condition_and_keeps_what_was_typed(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/new")
    page = marta.post("/segments/segments/draft", gold(do="add r")).get_data(as_text=True)
    assert 'value="gold"' in page and 'name="r.1:fact"' in page and 'value="Golden"' in page


@pytest.mark.parametrize(("language", "said"), [("en", "for how long something has been so"), ("zh", "已持续至少……天")])
def test_the_form_says_how_to_ask_for_how_long_something_has_been_so(
    database: Database, language: str, said: str
) -> None:
    page = words(at_desk(database).get("/segments/segments/new", headers={"Accept-Language": language}))
    assert said in page


@pytest.mark.parametrize(
    ("name", "key"),
    [("Gäste in Gold", "gaste-in-gold"), ("金卡宾客", "segment-5"), ("Gold", "gold-2"), ("New", "new-2")],
)
def test_a_segment_gets_a_key_of_its_name_or_a_number(database: Database, name: str, key: str) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/new")
    saved = marta.post("/segments/segments", gold(name=name))
    assert "nobody enters a journey because of it" in words(saved) and saved.request.path == f"/segments/segments/{key}"
    assert rows_of(database, f"select name, rule ->> 'value' from segment where key = '{key}'") == [(name, "gold")]
    assert rows_of(database, "select count(*) from outbox where type = 'audit.recorded.v1'") == [(1,)]


def test_an_error_stands_at_its_condition_and_nothing_typed_is_lost(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/new")
    more = leaf("r.1", fact="stays", op="at_least", value="a few", window_days="365")
    page = marta.post("/segments/segments", gold(**more))
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert "A whole number is needed." in text and 'value="a few"' in text and 'value="365"' in text
    taken = marta.post("/segments/segments", gold(name="", wished_key="gold"))
    assert taken.status_code == 422 and "Enter a name" in words(taken)
    assert "Choose another key" in words(marta.post("/segments/segments", gold(wished_key="gold")))


def test_a_segment_is_changed_and_saving_it_unchanged_counts_nobody_anew(database: Database) -> None:
    marta = at_desk(database)
    page = marta.get("/segments/segments/lapsed-3-months").get_data(as_text=True)
    assert 'name="r.2:fact"' in page and 'value="90"' in page
    marta.get("/segments/segments/gold")
    same = marta.post("/segments/segments/gold", gold(name="Gold guests", version="1"))
    assert "Saved." in words(same) and "counted again" not in words(same)
    marta.post("/segments/segments/gold", gold(name="Gold", version="1", **{"r.0:value": "silver"}))
    assert rows_of(database, "select name, rule ->> 'value', version from segment where key = 'gold'") == [
        ("Gold", "silver", 2)
    ]


def test_whoever_saves_over_anothers_change_is_asked_to_look(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/gold")
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", {"fact": "tier", "op": "is", "value": "platinum"}, NOW)
    late = marta.post("/segments/segments/gold", gold(version="1"))
    assert late.status_code == 409
    assert "Somebody else changed this segment meanwhile" in words(late)
    assert 'value="gold"' in late.get_data(as_text=True)


def test_a_segment_is_used_released_and_retired(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/gold")
    assert "From now on journeys are told" in words(marta.post("/segments/segments/gold/use"))
    assert "release it first" in words(marta.post("/segments/segments/gold/retirement"))
    marta.post("/segments/segments/gold/release")
    assert "Retired." in words(marta.post("/segments/segments/gold/retirement"))
    assert marta.get("/segments/segments/gold").status_code == 404
    assert marta.post("/segments/segments/gold/retirement").status_code == 404


def test_a_segment_in_use_is_marked(database: Database) -> None:
    with database.transaction() as tx:
        use_segment(tx, "gold", NOW)
    assert "used by journeys" in words(at_desk(database).get("/segments/segments/gold"))


def test_a_form_full_of_nonsense_is_still_a_form(database: Database) -> None:
    marta = at_desk(database)
    marta.get("/segments/segments/new")
    nonsense = {"r:group": "some", "r.0:fact": "shoe size", "r.0:op": "like", "r.7.3:group": "any", "version": "x"}
    page = marta.post("/segments/segments/draft", nonsense)
    assert page.status_code == 200 and "Not complete yet" in words(page)


def test_of_very_many_guests_the_page_comes_first_and_counts_then(database: Database) -> None:
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    with database.transaction() as tx:
        tx.execute("update pg_class set reltuples = 1000000 where oid = 'guest_facts'::regclass")
    page = marta.get("/segments/segments/gold")
    assert "Being counted" in words(page) and 'hx-trigger="load"' in page.get_data(as_text=True)
    form = {"r:group": "all", "r.0:fact": "stays", "r.0:op": "at_least", "r.0:value": "1"}
    headers = {"HX-Request": "true", "HX-Target": "found"}
    counted = words(marta.post("/segments/segments/draft", form, headers=headers))
    assert "guests" in counted and "Being counted" not in counted


BACK = "/campaigns/journeys/win-back/edit?open=fork"


def test_a_journeys_own_condition_is_private_and_leads_back_to_its_editor(database: Database) -> None:
    marta, key = at_desk(database), "asked-by-win-back-fork"
    page = marta.get(f"/segments/segments/new?key={key}&back=/campaigns/journeys/win-back/edit%3Fopen%3Dfork")
    assert "A condition of the journey's own" in words(page)
    assert f'name="wished_key" value="{key}"' in page.get_data(as_text=True)
    answer = marta.post("/segments/segments", gold(wished_key=key, back=BACK), follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    with database.transaction() as tx:
        known = find(tx, key)
    assert known is not None and known.private
    page = marta.get(f"/segments/segments/{key}?back=/campaigns/journeys/win-back/edit")
    assert 'name="back" value="/campaigns/journeys/win-back/edit"' in page.get_data(as_text=True)
    saved = marta.post(f"/segments/segments/{key}", gold(version="1", back=BACK), follow=False)
    assert saved.headers["Location"] == BACK


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", f"{BACK}&x=//y", "/segments/segments"])
def test_it_leads_back_nowhere_else(database: Database, back: str) -> None:
    marta = at_desk(database)
    assert 'name="back"' not in marta.get("/segments/segments/new", query_string={"back": back}).get_data(as_text=True)
    answer = marta.post("/segments/segments", gold(back=back), follow=False)
    assert answer.headers["Location"] == "/segments/segments/golden"
