"""The editor: journeys put together by forms alone, kept at each change, judged in words, published as versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.campaigns.config import Config
from services.campaigns.service import SERVICE
from services.campaigns.shipped import install_shipped, shipped
from shared.database.pool import Database
from tests.campaigns.cast import Campaigns, audience, lapse
from tests.cast import ANTON, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

AT = "/campaigns/journeys"
Forms = list[tuple[str, Mapping[str, Any]]]


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("campaigns")


def marta(database: Database) -> Browser:
    return browser(SERVICE.build_web, Config(), database, MARTA)


def begin(person: Browser, key: str, name: str) -> None:
    person.get(f"{AT}/new")
    assert person.post(AT, {"name": name, "key": key}).status_code == 200


def fill(person: Browser, key: str, forms: Forms) -> None:
    person.get(f"{AT}/{key}/edit")
    for path, values in forms:
        answer = person.post(f"{AT}/{key}/edit/{path}", values)
        assert answer.status_code == 200, words(answer)


def publish(person: Browser, database: Database, key: str) -> Any:
    with database.transaction() as tx:
        row = tx.execute("select revision from journey_draft where journey = %s", [key]).fetchone()
    assert row is not None
    return person.post(f"{AT}/{key}/edit/publication", {"revision": row[0]})


def published(database: Database, key: str) -> list[Any]:
    with database.transaction() as tx:
        rows = tx.execute("select document from journey_version where journey = %s order by version", [key])
        return [document for (document,) in rows]


BIRTHDAY: Forms = [
    (
        "settings",
        {
            "name": "Birthday, a week before",
            "purpose": "marketing",
            "priority": "200",
            "holdout": "10",
            "re_entry": "each_occurrence",
            "goal": "1",
            "within_days": "60",
        },
    ),
    ("entry", {"kind": "date", "audience": "birthday-in-7-days", "offset_days": "7", "direction": "before"}),
    ("steps", {"kind": "send", "after": ""}),
    ("steps", {"kind": "wait_until", "after": ""}),
    ("steps/hour-1", {"key": "ten-o-clock", "hour": "10:00"}),
    (
        "steps/message-1",
        {"key": "announcement", "template": "birthday", "channel_1": "email", "useful_days": "3"},
    ),
]
SURVEY: Forms = [
    (
        "settings",
        {
            "name": "How was your stay?",
            "purpose": "feedback",
            "priority": "100",
            "holdout": "0",
            "re_entry": "each_occurrence",
        },
    ),
    ("entry", {"kind": "stay", "stay": "checked_out"}),
    ("exits", {"exits": ["stay=undone"]}),
    ("steps", {"kind": "wait_until", "after": ""}),
    ("steps/hour-1", {"key": "ten-o-clock", "hour": "10:00", "strictly_after": "1"}),
    ("steps", {"kind": "send", "after": "ten-o-clock"}),
    (
        "steps/message-1",
        {
            "key": "survey",
            "template": "post-stay-survey",
            "channel_1": "email",
            "channel_2": "sms",
            "useful_days": "3",
        },
    ),
]
WIN_BACK: Forms = [
    (
        "settings",
        {
            "name": "We have not seen you for three months",
            "purpose": "marketing",
            "priority": "100",
            "holdout": "10",
            "re_entry": "each_occurrence",
            "goal": "1",
            "within_days": "60",
        },
    ),
    ("entry", {"kind": "entered", "audience": "lapsed-3-months-regular", "occurrence": "lapse"}),
    ("exits", {"exits": ["audience=left"]}),
    ("steps", {"kind": "wait", "after": ""}),
    ("steps", {"kind": "branch", "after": "wait-1"}),
    ("steps/branch-1/place", {"way": "up"}),
    ("steps", {"kind": "wait_until", "after": "wait-1"}),
    ("steps", {"kind": "exit", "after": "hour-1"}),
    ("steps", {"kind": "send", "after": "hour-1"}),
    ("steps/end-1/removal", {}),
    ("steps/wait-1", {"key": "fourteen-days", "days": "14"}),
    (
        "steps/branch-1",
        {
            "key": "fell-through",
            "condition": "cause",
            "causes": ["stay.no_show", "stay.cancelled"],
            "then": "",
            "else": "hour-1",
        },
    ),
    ("steps/hour-1", {"key": "ten-o-clock", "hour": "10:00"}),
    (
        "steps/message-1",
        {
            "key": "invitation",
            "template": "win-back",
            "channel_1": "email",
            "channel_2": "sms",
            "useful_days": "7",
            "wants": ["once_a_household", "absence", "no_future_booking"],
        },
    ),
]


@pytest.mark.parametrize(
    ("key", "forms"), [("birthday", BIRTHDAY), ("post-stay-survey", SURVEY), ("win-back", WIN_BACK)]
)
def test_the_shipped_journeys_can_be_built_from_nothing(database: Database, key: str, forms: Forms) -> None:
    person = marta(database)
    begin(person, key, "Something new")
    fill(person, key, forms)
    answer = publish(person, database, key)
    assert answer.status_code == 200 and "Version 1 is published." in words(answer)
    assert published(database, key) == [shipped(key)]


def test_what_is_missing_is_said_at_its_part_and_publishing_waits_for_it(database: Database) -> None:
    person = marta(database)
    begin(person, "spring", "Spring")
    fill(
        person,
        "spring",
        [("steps", {"kind": "send", "after": ""}), ("steps", {"kind": "wait_until", "after": "message-1"})],
    )
    fill(person, "spring", [("steps/hour-1", {"hour": "soon"}), ("settings", {"name": "Spring", "holdout": "many"})])
    page = person.get(f"{AT}/spring/edit")
    html = page.get_data(as_text=True)
    for part, text in (
        ("entry", "Choose a segment."),
        ("message-1", "Choose the template of the message."),
        ("hour-1", "Write the hour as 10:00."),
        ("settings", "The control group is a whole number of per cent, from 0 to 50."),
    ):
        assert text in html.split(f'id="wrong-{part}"')[1].split("</div>")[0]
        assert f'href="#part-{part}"' in html
    assert 'value="soon"' in html and 'value="many"' in html  # what was typed is kept
    assert "Publish</button>" not in html
    answer = publish(person, database, "spring")
    assert answer.status_code == 422 and "Choose a segment." in words(answer)
    assert published(database, "spring") == []


def test_a_fork_that_leads_back_is_said_in_words(database: Database) -> None:
    person = marta(database)
    begin(person, "win-back", "Win back")
    fill(person, "win-back", [*WIN_BACK, ("steps/ten-o-clock/place", {"way": "up"})])
    fill(person, "win-back", [("steps/ten-o-clock/place", {"way": "up"})])
    assert "The fork leads back: move it above the step it leads to." in words(person.get(f"{AT}/win-back/edit"))


def test_a_step_removed_takes_the_ways_that_led_to_it_along(database: Database) -> None:
    person = marta(database)
    begin(person, "win-back", "Win back")
    fill(person, "win-back", [*WIN_BACK, ("steps/ten-o-clock/removal", {})])
    page = person.get(f"{AT}/win-back/edit")
    assert "Both ways of the fork lead to the same step." not in words(page)
    with database.transaction() as tx:
        row = tx.execute("select document->'steps'->0->'branch'->>'else' from journey_draft").fetchone()
    assert row == ("invitation",)


def test_a_short_name_that_cannot_be_had_is_refused_and_the_rest_is_kept(database: Database) -> None:
    person = marta(database)
    begin(person, "birthday", "Birthday")
    fill(person, "birthday", BIRTHDAY)
    answer = person.post(f"{AT}/birthday/edit/steps/announcement", {"key": "ten-o-clock", "template": "spring"})
    assert "cannot be a short name here" in words(answer)
    with database.transaction() as tx:
        row = tx.execute("select document->'steps'->1 from journey_draft").fetchone()
    assert row is not None and (row[0]["key"], row[0]["send"]["template"]) == ("announcement", "spring")


def test_a_new_version_is_told_apart_in_words_and_who_waits_keeps_hers(database: Database) -> None:
    person = marta(database)
    with database.transaction() as tx:
        install_shipped(tx, NOW)
    person.get(f"{AT}/win-back/launch")
    person.post(f"{AT}/win-back/launch", {"version": "1"})
    campaigns = Campaigns(database)
    now = f"{NOW:%Y-%m-%d %H:%M}"
    campaigns.hear(audience(MARTA.person_id, 1, True, now, segment="lapsed-3-months-regular", because=lapse()))
    fill(person, "win-back", [("steps/invitation", {"template": "spring", "channel_1": "sms", "useful_days": "2"})])
    said = words(person.get(f"{AT}/win-back/edit"))
    assert "Different from version 1 Step 4: Message" in said
    assert "By e-mail, else by text message; of use for 7 days" in said and "By text message; of use for 2 days" in said
    assert "1 guest who waits finishes in their version." in said
    answer = publish(person, database, "win-back")
    assert "Version 2 is published; 1 guest finishes in the version they entered." in words(answer)
    with database.transaction() as tx:
        assert tx.execute("select live_version from journey where key = 'win-back'").fetchone() == (2,)
        assert tx.execute("select version from enrolment").fetchone() == (1,)


def test_a_draft_that_moved_on_is_not_published_unseen(database: Database) -> None:
    person = marta(database)
    begin(person, "birthday", "Birthday")
    fill(person, "birthday", BIRTHDAY)
    person.post(f"{AT}/birthday/edit/settings", {**dict(BIRTHDAY[0][1]), "name": "Birthday, changed"})
    answer = person.post(f"{AT}/birthday/edit/publication", {"revision": len(BIRTHDAY) + 1})
    assert answer.status_code == 409
    assert published(database, "birthday") == []
    assert publish(person, database, "birthday").status_code == 200
    assert person.post(f"{AT}/birthday/edit/publication", {"revision": len(BIRTHDAY) + 2}).status_code == 409
    assert len(published(database, "birthday")) == 1


def marked(page: TestResponse, part: str) -> str:
    found = re.search(rf'id="seen-{part}" value="(\w+)"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def test_who_saves_a_part_that_somebody_else_changed_is_told_and_keeps_what_she_typed(database: Database) -> None:
    hers, his = marta(database), marta(database)
    begin(hers, "welcome", "Welcome")
    hers.post(f"{AT}/welcome/edit/steps", {"kind": "wait"})
    edit = f"{AT}/welcome/edit"
    seen = marked(hers.get(edit), "wait-1")
    assert marked(his.get(edit), "wait-1") == seen
    assert his.post(f"{edit}/steps/wait-1", {"days": "3", "seen": seen}).status_code == 200
    late = hers.post(f"{edit}/steps/wait-1", {"days": "9", "seen": seen})
    assert late.status_code == 409 and "Somebody else changed this part meanwhile." in words(late)
    assert 'name="days" inputmode="numeric" value="9"' in late.get_data(as_text=True)
    assert 'value="3"' in hers.get(edit).get_data(as_text=True)  # not overwritten
    in_place = hers.post(f"{edit}/steps/wait-1", {"days": "9", "seen": seen}, headers={"HX-Request": "true"})
    assert in_place.status_code == 200 and in_place.headers["HX-Retarget"] == "#editor"
    assert "Somebody else changed this part meanwhile." in words(in_place)
    again = hers.post(f"{edit}/steps/wait-1", {"days": "9", "seen": marked(late, "wait-1")})
    assert again.status_code == 200 and 'value="9"' in again.get_data(as_text=True)
    other_part = {"kind": "stay", "stay": "booked", "seen": marked(late, "entry")}
    assert his.post(f"{edit}/entry", other_part).status_code == 200


def test_a_part_kept_in_place_can_be_kept_again(database: Database) -> None:
    person = marta(database)
    begin(person, "welcome", "Welcome")
    seen = marked(person.get(f"{AT}/welcome/edit"), "exits")
    kept = person.post(
        f"{AT}/welcome/edit/exits", {"exits": "event=stay.booked", "seen": seen}, headers={"HX-Request": "true"}
    )
    assert marked(kept, "exits") != seen and 'hx-swap-oob="true"' in kept.get_data(as_text=True)


def test_discarding_goes_back_to_what_was_published(database: Database) -> None:
    person = marta(database)
    with database.transaction() as tx:
        install_shipped(tx, NOW)
    fill(person, "birthday", [("steps/announcement/removal", {})])
    assert "Add a message, a task or a tag: a journey does something." in words(person.get(f"{AT}/birthday/edit"))
    person.post(f"{AT}/birthday/edit/discard")
    assert "As published, version 1" in words(person.get(f"{AT}/birthday/edit"))


def test_a_change_in_place_answers_the_verdict_and_a_new_shape_the_whole_desk(database: Database) -> None:
    person = marta(database)
    begin(person, "birthday", "Birthday")
    fill(person, "birthday", BIRTHDAY)
    asks = {"HX-Request": "true", "HX-Target": "verdict"}
    kept = person.post(f"{AT}/birthday/edit/settings", dict(BIRTHDAY[0][1]), headers=asks).get_data(as_text=True)
    assert "Ready to publish" in kept and 'id="wrong-entry" hx-swap-oob' in kept and "<html" not in kept
    asks["HX-Target"] = "editor"
    desk = person.post(f"{AT}/birthday/edit/entry", {"kind": "stay"}, headers=asks).get_data(as_text=True)
    assert 'name="stay"' in desk and "<html" not in desk


def test_a_name_makes_the_short_name_and_one_without_letters_a_number(database: Database) -> None:
    person = marta(database)
    for name in ("Nächste Reise", "Nächste Reise", "生日祝福", "再次光临"):
        person.get(f"{AT}/new")
        person.post(AT, {"name": name})
    with database.transaction() as tx:
        keys = [key for (key,) in tx.execute("select key from journey order by key")]
    assert keys == ["journey-1", "journey-2", "nachste-reise", "nachste-reise-2"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": ""}, "Give the journey a name"),
        ({"name": "Spring", "key": "Spring time"}, "Lower case letters, digits and single hyphens only."),
        ({"name": "Spring", "key": "new"}, "Another journey has this short name already."),
    ],
)
def test_a_journey_that_cannot_begin_says_why(database: Database, values: Mapping[str, str], says: str) -> None:
    person = marta(database)
    person.get(f"{AT}/new")
    answer = person.post(AT, values)
    assert answer.status_code == 422 and says in words(answer)
    assert f'value="{values["name"]}"' in answer.get_data(as_text=True)


def test_who_may_not_configure_may_not_edit(database: Database) -> None:
    anton = browser(SERVICE.build_web, Config(), database, ANTON)
    assert anton.get(f"{AT}/new").status_code == 403
    assert anton.get(f"{AT}/birthday/edit").status_code == 403
    assert marta(database).get(f"{AT}/nowhere/edit").status_code == 404


def test_a_way_that_ends_is_drawn_beside_the_one_that_goes_on(database: Database) -> None:
    person = marta(database)
    begin(person, "birthday", "Birthday")
    fill(
        person,
        "birthday",
        [
            *BIRTHDAY,
            ("steps", {"kind": "branch", "after": ""}),
            ("steps", {"kind": "exit", "after": "branch-1"}),
            ("steps/branch-1", {"condition": "event", "event": "stay.booked", "then": "", "else": "ten-o-clock"}),
            ("steps/end-1", {"reason": "booked-already"}),
        ],
    )
    page = person.get(f"{AT}/birthday/edit")
    said = words(page)
    assert "Ready to publish" in said
    assert 'd="M75 0C75 14 50 8 50 20"' in page.get_data(as_text=True)  # no line leads on from the way that ends
    drawn = said.split("How it runs")[1]
    assert "Since the start: the guest books a stay? Yes The journey ends: booked-already No goes straight on" in drawn
    assert publish(person, database, "birthday").status_code == 200


@pytest.mark.parametrize(
    ("values", "condition", "says"),
    [
        ({"condition": "audience", "audience": "regulars"}, {"audience": "regulars"}, "Is the guest in «regulars»?"),
        (
            {"condition": "data", "data": "reservation", "values": "R1, R2"},
            {"data": "reservation", "in": ["R1", "R2"]},
            "Is «reservation» one of R1 or R2?",
        ),
    ],
)
def test_a_fork_asks_for_a_segment_or_a_field(
    database: Database, values: Mapping[str, str], condition: Mapping[str, Any], says: str
) -> None:
    person = marta(database)
    begin(person, "birthday", "Birthday")
    fork = {"then": "announcement", "else": "", **values}
    fill(person, "birthday", [*BIRTHDAY, ("steps", {"kind": "branch", "after": ""}), ("steps/branch-1", fork)])
    assert says in words(person.get(f"{AT}/birthday/edit"))
    publish(person, database, "birthday")
    (document,) = published(database, "birthday")
    assert document["steps"][0]["branch"]["if"] == condition


WAITING: Forms = [
    ("settings", {"name": "Welcome", "purpose": "marketing", "priority": "100", "holdout": "0"}),
    ("settings", {"name": "Welcome", "purpose": "marketing", "priority": "100", "holdout": "0", "re_entry": "once"}),
    ("entry", {"kind": "entered", "audience": "first-stay"}),
    ("steps", {"kind": "wait_for", "after": ""}),
    ("steps", {"kind": "send", "after": "wait-for-1"}),
    ("steps", {"kind": "exit", "after": "message-1"}),
    ("steps", {"kind": "send", "after": "end-1"}),
    ("steps/message-1", {"template": "thanks", "channel_1": "email", "useful_days": "3"}),
    ("steps/message-2", {"template": "reminder", "channel_1": "email", "useful_days": "3"}),
    ("steps/end-1", {"reason": "answered"}),
]


@pytest.mark.parametrize(
    ("values", "content", "sentence"),
    [
        (
            {"waited_for": "event", "event": "survey.answered", "days": "7"},
            {"event": "survey.answered", "within": {"days": 7, "hours": 0, "minutes": 0}},
            "Until the guest answers a survey, for 7 days at most",
        ),
        (
            {"waited_for": "entered", "audience": "gold", "hours": "36"},
            {"audience": "gold", "when": "entered", "within": {"days": 0, "hours": 36, "minutes": 0}},
            "Until the guest is in «gold», for 36 hours at most",
        ),
        (
            {"waited_for": "left", "audience": "gold", "minutes": "1"},
            {"audience": "gold", "when": "left", "within": {"days": 0, "hours": 0, "minutes": 1}},
            "Until the guest leaves «gold», for 1 minute at most",
        ),
    ],
)
def test_a_wait_for_something_is_put_together_drawn_with_two_ways_and_published(
    database: Database, values: Mapping[str, str], content: Mapping[str, Any], sentence: str
) -> None:
    person = marta(database)
    begin(person, "welcome", "Welcome")
    fill(person, "welcome", [*WAITING, ("steps/wait-for-1", {**values, "then": "", "else": "message-2"})])
    page = person.get(f"{AT}/welcome/edit")
    said = words(page)
    assert "Ready to publish" in said
    drawn = said.split("How it runs")[1]
    assert f"{sentence} It happens thanks" in drawn and "The journey ends: answered Time runs out" in drawn
    assert "4: reminder" in said and "message-2" not in drawn
    assert publish(person, database, "welcome").status_code == 200
    (document,) = published(database, "welcome")
    assert document["steps"][0] == {"key": "wait-for-1", "wait_for": {**content, "then": None, "else": "message-2"}}
    chinese = words(person.get(f"{AT}/welcome", headers={"Accept-Language": "zh-CN"}))
    assert "已发生" in chinese and "超时" in chinese and "最长" in chinese


def test_a_wait_without_a_time_out_or_with_a_way_back_says_so(database: Database) -> None:
    person = marta(database)
    begin(person, "welcome", "Welcome")
    fill(person, "welcome", [*WAITING, ("steps/wait-for-1", {"waited_for": "entered", "days": "0"})])
    said = words(person.get(f"{AT}/welcome/edit"))
    assert "Say how long to wait at most: from 1 minute to 365 days." in said and "Choose a segment." in said
    good = {"waited_for": "event", "event": "stay.booked", "days": "2", "else": "message-2"}
    fill(person, "welcome", [("steps/wait-for-1", good), ("steps/message-2", {**dict(WAITING[-2][1]), "key": "later"})])
    fill(person, "welcome", [("steps/wait-for-1/place", {"way": "down"})] * 3)
    said = words(person.get(f"{AT}/welcome/edit"))
    assert "A way of the wait leads back: move it above the step it leads to." in said


def test_a_stays_date_is_an_entry_made_of_one_sentence(database: Database) -> None:
    person = marta(database)
    begin(person, "arrive", "Arrive")
    fill(
        person,
        "arrive",
        [("entry", {"kind": "stay", "stay": "booked", "hotel": "LIS", "rates": "BAR", "nights_from": "3"})],
    )
    said = "When a stay is booked, at LIS; for stays of at least 3 nights and at the rate BAR"
    assert said in words(person.get(f"{AT}/arrive/edit"))
    entry = {"kind": "stay_date", "stay_date": "arrival", "amount": "3", "unit": "days", "direction": "before"}
    more = {"hour": "15:00", "nights_from": "2", "room_types": "suite, deluxe", "booked_ahead": "7"}
    fill(person, "arrive", [("entry", entry), ("steps", {"kind": "send", "after": ""})])
    page = words(person.get(f"{AT}/arrive/edit"))
    assert "3 days before the arrival at 15:00, hotel's time" in page
    fill(person, "arrive", [("entry", {**entry, **more})])
    sentence = (
        "3 days before the arrival at 15:00, hotel's time; for stays of at least 2 nights, in the room type suite or "
        "deluxe, and booked at least 7 days ahead"
    )
    assert sentence in words(person.get(f"{AT}/arrive/edit"))
    wrong = {**entry, **more, "amount": "many", "hour": "3 pm", "nights_to": "1"}
    fill(person, "arrive", [("entry", wrong)])
    said = words(person.get(f"{AT}/arrive/edit"))
    assert "The days are a whole number" in said
    fill(person, "arrive", [("entry", {**entry, "amount": "36", "unit": "hours", "stay_date": "departure"})])
    assert "36 hours before 15:00 on the day of the departure" in words(person.get(f"{AT}/arrive/edit"))
    chinese = person.get(f"{AT}/arrive/edit", headers={"Accept-Language": "zh-CN"})
    assert "离店日当天15:00前36小时（酒店时间）" in words(chinese)


def test_the_ready_journey_before_an_arrival_is_offered_and_says_what_would_enter(database: Database) -> None:
    person = marta(database)
    assert "3 days before the arrival at 15:00" in words(person.get(AT))
    person.post(AT, {"like": "pre-arrival", "key": "pre-arrival", "name": "Before the arrival"})
    assert publish(person, database, "pre-arrival").status_code == 200
    page = words(person.get(f"{AT}/pre-arrival/launch"))
    assert "no stay booked by now comes to this date" in page and "none whose date has gone by" in page
