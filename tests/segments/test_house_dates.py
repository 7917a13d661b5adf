"""Dates of the house's own: defined, known of guests by form, file and program, asked for by rules, moved by time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.segments.commands import house_dates as commands
from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.evaluation.sweep import sweep
from services.segments.commands.guests.dates import set_days
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.rehearsal.forecast import Ahead, forecast
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.commands.segments.of_journeys import make_of_date
from services.segments.config import Config
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.run import import_reservations
from services.segments.queries.guests.file import tell
from services.segments.queries.present_state import all_guests
from services.segments.rules.house_dates import HouseDate
from services.segments.service import SERVICE
from services.segments.store.guests.dates import GuestDate, days_of, save_days
from shared.access.people import Person as Colleague
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.database.scratch import SINCE, scratch
from shared.errors import Conflict, InputError, NotFound
from shared.events.campaigns import DateAudience
from shared.ids import make_id
from shared.vocabulary.role import Role
from shared.web.config import WebConfig
from tests.cast import FILIPA, MARTA, NOW, WEI
from tests.harness import ServiceHarness
from tests.programs import fields_of, program
from tests.segments.audience_people import Person, enter, move
from tests.segments.rows import rows_of
from tests.segments.test_import import FIRST
from tests.web import browser, words

BY = Colleague(MARTA.person_id, MARTA.name, Role.MARKETER, frozenset())
WEDDING = HouseDate("wedding", "Wedding day", True, None)
ENDS = HouseDate("membership-ends", "Membership ends", False, None)
JUBILEE = HouseDate("jubilee", "Jubilee", True, None, lunar=True)
SOON = {"fact": "date_in", "op": "at_most", "value": 7, "where": {"date": "wedding"}}
TODAY = NOW.date()


@pytest.fixture
def house(database: Database) -> Database:
    with database.transaction() as tx:
        enter(tx, [Person("ana"), Person("rui")], [])
        move(tx, ["ana", "rui"], NOW)
        for one in (WEDDING, ENDS, JUBILEE):
            commands.define(tx, one, BY, NOW)
    return database


def guest(name: str) -> UUID:
    return make_id("guest", name)


def known(database: Database, name: str) -> dict[str, date]:
    with database.transaction() as tx:
        return days_of(tx, [guest(name)]).get(guest(name), {})


def say(database: Database, name: str, **days: date | None) -> bool:
    said = {key.replace("_", "-"): day for key, day in days.items()}
    with database.transaction() as tx:
        ((version,),) = tx.execute("select version from guest where id = %s", [guest(name)]).fetchall()
        return set_days(tx, guest(name), version, said, BY, NOW)


def members(database: Database) -> list[UUID]:
    return [one for (one,) in rows_of(database, "select guest_id from membership where segments <> '{}' order by 1")]


def test_a_date_is_defined_once_and_a_hotel_defines_its_own(house: Database) -> None:
    with house.transaction() as tx:
        for one, field in (
            (HouseDate("wedding", "Another", True, None), "key"),
            (HouseDate("another", "wedding DAY", True, None), "name"),
            (HouseDate("Wedding Day", "Wedding", True, None), "key"),
        ):
            with pytest.raises(InputError) as refused:
                commands.define(tx, one, BY, NOW)
            assert list(refused.value.problems) == [field]
        of_lisbon = Colleague(FILIPA.person_id, FILIPA.name, Role.MARKETER, frozenset({"LIS"}))
        with pytest.raises(InputError) as refused:
            commands.define(tx, HouseDate("name-day", "Name day", True, None), of_lisbon, NOW)
        assert list(refused.value.problems) == ["property"]
        commands.define(tx, HouseDate("name-day", "Name day", True, "LIS"), of_lisbon, NOW)
        with pytest.raises(NotFound):
            commands.rename(tx, "wedding", "Ours", of_lisbon, NOW)
        of_algarve = Colleague(FILIPA.person_id, FILIPA.name, Role.MARKETER, frozenset({"ALG"}))
        with pytest.raises(InputError):
            set_days(tx, guest("ana"), 1, {"name-day": TODAY}, of_algarve, NOW)


def test_a_date_that_a_rule_asks_for_stays_and_its_key_is_not_given_again(house: Database) -> None:
    with house.transaction() as tx:
        save_segment(tx, "soon", "Soon", SOON, NOW)
        with pytest.raises(commands.DateAskedFor) as refused:
            commands.retire(tx, "wedding", BY, NOW)
        assert refused.value.users == ["soon"]
        commands.retire(tx, "membership-ends", BY, NOW)
        with pytest.raises(InputError):
            commands.define(tx, ENDS, BY, NOW)


def test_a_day_moves_a_guest_at_once_and_is_told_once(house: Database) -> None:
    with house.transaction() as tx:
        save_segment(tx, "soon", "Soon", SOON, NOW)
    assert say(house, "ana", wedding=date(2010, TODAY.month, TODAY.day) + timedelta(days=3))
    assert not say(house, "ana", wedding=date(2010, TODAY.month, TODAY.day) + timedelta(days=3))
    assert members(house) == [guest("ana")]
    assert rows_of(house, "select what, details from guest_edit") == [
        ("guest.dates_changed", {"dates": ["Wedding day"]})
    ]
    assert say(house, "ana", wedding=None) and members(house) == []
    with house.transaction() as tx, pytest.raises(Conflict):
        set_days(tx, guest("ana"), 1, {"wedding": TODAY}, BY, NOW)


@pytest.mark.parametrize(
    ("key", "born", "since", "inside"),
    [
        ("wedding", date(2012, 2, 29), date(2027, 2, 24), date(2027, 2, 26)),  # kept on the 28th
        ("membership-ends", date(2027, 3, 1), date(2027, 2, 24), date(2027, 2, 27)),
        ("jubilee", date(2014, 1, 30), date(2027, 2, 1), date(2027, 2, 3)),  # 12/30, kept on 12/29: 5 February
        ("jubilee", date(2017, 8, 5), date(2027, 7, 12), date(2027, 7, 15)),  # leap 6/14, kept on 6/14: 17 July
        ("jubilee", date(2028, 6, 28), date(2028, 6, 23), date(2028, 6, 26)),  # in a leap month, the first of them
    ],
)
def test_time_alone_moves_a_guest_in_and_out(house: Database, key: str, born: date, since: date, inside: date) -> None:
    with house.transaction() as tx:
        rule = {"fact": "date_in", "op": "is", "value": 2, "where": {"date": key}}
        save_segment(tx, "soon", "Soon", rule, NOW)
    say(house, "ana", **{key.replace("-", "_"): born})
    found = []
    for ahead in range(8):
        with house.transaction() as tx:
            sweep(tx, datetime.combine(since + timedelta(days=ahead), time(12), UTC))
        if members(house):
            found.append(since + timedelta(days=ahead))
    assert found == [inside]


def test_what_somebody_said_stands_before_files_and_the_later_file_before_the_earlier(house: Database) -> None:
    def file(day: date, days_ago: int) -> None:
        with house.transaction() as tx:
            said_at = NOW - timedelta(days=days_ago)
            save_days(tx, [GuestDate(guest("ana"), "wedding", day, False, said_at, "R-1")])

    file(date(2011, 5, 1), 3)
    file(date(2011, 5, 2), 1)
    file(date(2011, 5, 3), 2)  # late
    assert known(house, "ana") == {"wedding": date(2011, 5, 2)}
    say(house, "ana", wedding=date(2011, 5, 4))
    file(date(2011, 5, 5), 0)
    assert known(house, "ana") == {"wedding": date(2011, 5, 4)}


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


def told(database: Database) -> list[tuple[Any, ...]]:
    """What journeys hear of a segment that they enter by: in or out, why, the day, and whether it comes once."""
    found = []
    for one in Segments(database).published("audience.changed.v1"):
        because = one["because"]
        days = [day for name, day in because.items() if name.startswith("own:")]
        found.append((one["entered"], because.get("what"), next(iter(days), None), because.get("once")))
    return found


@pytest.mark.parametrize("date_key", ["wedding", "membership-ends"])
def test_a_journey_is_told_of_a_day_that_moved_that_they_left_and_came_again(house: Database, date_key: str) -> None:
    once = True if date_key == "membership-ends" else None
    wanted = DateAudience(segment=f"journeys-own-{date_key}-7", date=f"own:{date_key}", days=7)
    with house.transaction() as tx:
        make_of_date(tx, wanted, NOW)
        use_segment(tx, wanted.segment, NOW)
        while evaluate_next_range(tx, NOW):
            pass
    named = {date_key.replace("-", "_"): TODAY + timedelta(days=5)}
    moved = "guest.dates_changed"
    say(house, "ana", **named)
    assert told(house) == [(True, moved, "2026-11-26", once)]
    say(house, "ana", **{**named, next(iter(named)): TODAY + timedelta(days=2)})
    assert told(house)[1:] == [(False, moved, None, None), (True, moved, "2026-11-23", once)]
    say(house, "ana", **{**named, next(iter(named)): TODAY + timedelta(days=50)})
    assert told(house)[3:] == [(False, moved, None, None)]
    with house.transaction() as tx, pytest.raises(commands.DateAskedFor):
        commands.retire(tx, date_key, BY, NOW)


def test_a_merge_hands_days_over_and_gives_them_back_with_what_came_since(house: Database) -> None:
    say(house, "ana", wedding=date(2011, 5, 1), membership_ends=date(2027, 1, 1))
    say(house, "rui", wedding=date(2012, 6, 2), jubilee=date(2013, 9, 19))
    with house.transaction() as tx:
        merge_guests(tx, guest("rui"), guest("ana"), "Filipa", NOW)
    assert known(house, "ana")["wedding"] == date(2011, 5, 1) and known(house, "rui") == {}
    assert rows_of(house, "select lunar_md from guest_date where date_key = 'jubilee'") == [(815,)]
    say(house, "ana", wedding=date(2013, 7, 3), membership_ends=None)
    with house.transaction() as tx:
        unmerge_guest(tx, guest("rui"), "Filipa", NOW)
    assert known(house, "ana") == {"wedding": date(2013, 7, 3)}
    assert known(house, "rui") == {"wedding": date(2012, 6, 2), "jubilee": date(2013, 9, 19)}
    assert rows_of(house, "select lunar_md from guest_date where date_key = 'jubilee'") == [(815,)]


def test_an_erased_guest_leaves_no_day_and_the_guests_file_tells_them_before(house: Database) -> None:
    say(house, "ana", wedding=date(2011, 5, 1))
    with house.transaction() as tx:
        (held,) = [one for one in tell(tx, [guest("ana")]) if one.title == "Dates that the hotel keeps of you"]
        assert held.rows[0][0] == "Wedding day" and "2011-05-01" in str(held.rows[0][1])
        erase_guest(tx, guest("ana"), "Filipa", NOW, lambda _: None)
    assert rows_of(house, "select * from guest_date") == []


def test_a_column_of_a_file_brings_days_and_says_what_it_did_not_understand(house: Database, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    lines = [
        {**FIRST, "Hochzeit": "13/05/2011"},
        {**FIRST, "reservation_no": "LIS-2", "last_name": "Sá", "Hochzeit": "soon"},
        {**FIRST, "reservation_no": "LIS-3", "last_name": "Luz", "Hochzeit": ""},
    ]
    for place, one in enumerate(lines):
        one["email"] = f"guest{place}@example.com"
    text = [",".join(lines[0]), *(",".join(f'"{value}"' for value in one.values()) for one in lines)]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    mapping = ImportMapping(own_dates={"wedding": "Hochzeit"})
    done = import_reservations(house, file, mapping, NOW)
    (column,) = [one for one in done.columns if one["header"] == "Hochzeit"]
    assert (column["field"], column["understood"], column["not_understood"], column["empty"]) == (
        "own:wedding",
        1,
        1,
        1,
    )
    assert rows_of(house, "select on_date, md, by_hand from guest_date") == [(date(2011, 5, 13), 513, False)]
    assert import_reservations(house, file, mapping, NOW).unchanged == 3


def test_days_are_published_with_the_guest(house: Database, tmp_path: Path) -> None:
    """Of whoever an import makes, of whoever it finds, and of whoever somebody changes; of dates in use alone."""
    row = {**FIRST, "Hochzeit": "13/05/2011", "Jubiläum": "19/09/2013"}
    file = tmp_path / "export.csv"
    mapping = ImportMapping(own_dates={"wedding": "Hochzeit", "jubilee": "Jubiläum"})

    def bring(row: dict[str, str], at: datetime) -> Any:
        file.write_text("\n".join([",".join(row), ",".join(f'"{value}"' for value in row.values())]) + "\n", "utf-8")
        import_reservations(house, file, mapping, at)
        return published(house)[-1]

    festival = {"key": "jubilee", "day": "2013-09-19", "yearly": True, "lunar": "08-15"}
    of_every_year = {"key": "wedding", "yearly": True, "lunar": None}
    assert bring(row, NOW) == [festival, {**of_every_year, "day": "2011-05-13"}]
    later = bring({**row, "Hochzeit": "14/05/2011"}, NOW + timedelta(hours=1))
    assert later == [festival, {**of_every_year, "day": "2011-05-14"}]
    say(house, "ana", wedding=date(2012, 6, 2), membership_ends=date(2027, 1, 1))
    assert published(house)[-1] == [
        {"key": "membership-ends", "day": "2027-01-01", "yearly": False, "lunar": None},
        {**of_every_year, "day": "2012-06-02"},
    ]
    with house.transaction() as tx:
        commands.retire(tx, "membership-ends", BY, NOW)
        everybody = all_guests(tx, None, 100)
    found = dict(zip(map(str, everybody["guest_id"]), everybody["own_dates"], strict=True))
    assert [one.key for one in found[str(guest("ana"))]] == ["wedding"]


def published(database: Database) -> list[Any]:
    return [one["own_dates"] for one in Segments(database).published("guest.changed.v1")]


def test_the_page_of_a_file_offers_the_dates_and_finds_their_columns_by_name(house: Database, tmp_path: Path) -> None:
    marta = browser(SERVICE.build_web, Config(imports=tmp_path / "imports"), house, MARTA)
    marta.get("/segments/imports")
    content = b"E-mail,Hotel,Wedding day\nrita@example.com,LIS,03/04/2011\n"
    page = marta.post("/segments/imports", {"file": (BytesIO(content), "a.csv"), "source": "list"})
    assert '<option value="Wedding day" selected>' in page.text
    assert "date of your own: Wedding day" in words(page)
    assert 'name="date:own:wedding"' in page.text, "which comes first, the day or the month, is asked as of all dates"


def test_the_pages_of_dates_and_of_a_guest(house: Database) -> None:
    marta = browser(SERVICE.build_web, Config(), house, MARTA)
    marta.get("/segments/segments/dates")
    said = {"name": "Day of incorporation", "key": "incorporation", "comes": "yearly", "property": ""}
    assert "Day of incorporation" in words(marta.post("/segments/segments/dates", said))
    assert marta.post("/segments/segments/dates", said).status_code == 422
    of_the_moon = {"name": "Ancestors' day", "key": "ancestors", "comes": "lunar", "property": ""}
    told = words(marta.post("/segments/segments/dates", of_the_moon))
    assert "Ancestors' day ancestors every year by the lunar calendar the whole house" in told
    filipa = browser(SERVICE.build_web, Config(), house, FILIPA)
    with house.transaction() as tx:
        tx.execute("update guest set home_property = 'LIS'")
        commands.define(tx, HouseDate("of-algarve", "Of the Algarve", True, "ALG"), BY, NOW)
    form = filipa.get(f"/segments/guests/{guest('ana')}/edit").text
    assert 'name="date:wedding"' in form and "of-algarve" not in form
    wrong = filipa.post(f"/segments/guests/{guest('ana')}", {"version": "1", "date:wedding": "1850-01-01"})
    assert wrong.status_code == 422 and "A day from 2 January 1900" in words(wrong)
    said = {"version": "1", "language": "en", "tags": "", "date:wedding": "2011-05-01", "date:of-algarve": "2011-05-01"}
    page = words(filipa.post(f"/segments/guests/{guest('ana')}", said))
    assert "Wedding day May 1, 2011" in page
    assert known(house, "ana") == {"wedding": date(2011, 5, 1)}
    assert filipa.get("/segments/segments/dates").status_code == 403
    wei = browser(SERVICE.build_web, Config(), house, WEI)
    assert wei.get(f"/segments/guests/{guest('ana')}/edit").status_code == 404


def test_programs_read_set_and_send_days(house: Database) -> None:
    client = SERVICE.build_web(Config(), house, VirtualClock(NOW), WebConfig()).test_client()
    shop = program(house, client)
    with house.transaction() as tx:
        tx.execute("update guest set home_property = 'LIS'")
    assert [one["key"] for one in shop.ask("GET", "/api/guests/dates").get_json()["items"]] == [
        "jubilee",
        "membership-ends",
        "wedding",
    ]
    (lunar,) = [one for one in shop.ask("GET", "/api/guests/dates").get_json()["items"] if one["lunar"]]
    assert lunar["key"] == "jubilee"
    address = f"/api/guests/{guest('ana')}"
    version = shop.ask("GET", address).get_json()["version"]
    said = {"version": version, "dates": {"wedding": "2011-05-01", "membership-ends": "2027-01-01"}, "tags": ["x"]}
    changed = shop.ask("PATCH", address, said)
    assert changed.get_json()["dates"] == {"wedding": "2011-05-01", "membership-ends": "2027-01-01"}
    assert changed.get_json()["tags"] == ["x"]
    assert shop.ask("PATCH", address, {"version": version, "dates": {"wedding": None}}).status_code == 409
    version = changed.get_json()["version"]
    assert fields_of(shop.ask("PATCH", address, {"version": version, "dates": {"none": None}})) == {"/dates/none"}
    gone = shop.ask("PATCH", address, {"version": version, "dates": {"membership-ends": None}})
    assert gone.get_json()["dates"] == {"wedding": "2011-05-01"}
    told = {"property": "LIS", "family_name": "Cantu", "email": "r@example.com", "dates": {"wedding": "2012-06-02"}}
    made = shop.ask("POST", "/api/guests", told)
    assert (made.status_code, made.get_json()["dates"]) == (201, {"wedding": "2012-06-02"})
    again = shop.ask(
        "POST", "/api/guests", {**told, "dates": {"wedding": "2013-07-03", "membership-ends": "2028-01-01"}}
    )
    assert (again.status_code, again.get_json()["dates"]) == (
        200,
        {"wedding": "2012-06-02", "membership-ends": "2028-01-01"},
    )


@pytest.mark.parametrize(
    ("key", "day", "comes", "comes_again"),
    [
        ("wedding", date(2011, 12, 11), "2026-12-11", "2027-12-11"),
        ("jubilee", date(1985, 12, 23), "2026-12-20", "2027-12-09"),  # 11/12, whose year ends with a month of 29 days
    ],
)
def test_a_rehearsal_foretells_who_comes_near_to_the_day(
    house: Database, key: str, day: date, comes: str, comes_again: str
) -> None:
    say(house, "ana", **{key: day})
    wanted = DateAudience(segment=f"journeys-own-{key}-7", date=f"own:{key}", days=7)
    ahead = Ahead(NOW, NOW + timedelta(days=30), [wanted.segment], dates=[wanted])
    with scratch(house, ahead.copies, {"since": NOW - SINCE}) as tx:
        found = [
            (guest, entered, because.get(f"own:{key}"), at[:10])
            for chunk in forecast(tx, ahead, lambda _: None)
            for guest, segment, entered, because, at in zip(
                *(chunk[name] for name in ("guest_id", "segment", "entered", "because", "at")), strict=True
            )
            if segment == wanted.segment
        ]
    assert found == [
        (str(guest("ana")), True, comes, str(date.fromisoformat(comes) - timedelta(days=7))),
        (str(guest("ana")), False, comes_again, str(date.fromisoformat(comes) + timedelta(days=1))),
    ]
    assert rows_of(house, "select count(*) from segment where private") == [(0,)]


def test_a_file_moves_the_day_by_which_somebody_is_in_a_journey(house: Database, tmp_path: Path) -> None:
    """Files are history and let nobody in; a day that moved is no history."""
    mapping = ImportMapping(own_dates={"wedding": "Hochzeit"})

    def bring(day: str, at: datetime) -> None:
        row = {**FIRST, "Hochzeit": day}
        file = tmp_path / "export.csv"
        file.write_text("\n".join([",".join(row), ",".join(f'"{value}"' for value in row.values())]) + "\n", "utf-8")
        import_reservations(house, file, mapping, at)

    wanted = DateAudience(segment="journeys-own-wedding-7", date="own:wedding", days=7)
    with house.transaction() as tx:
        make_of_date(tx, wanted, NOW)
        use_segment(tx, wanted.segment, NOW)
        while evaluate_next_range(tx, NOW):
            pass
    bring("2011-11-24", NOW)
    bring("2011-11-26", NOW + timedelta(hours=1))
    moved = "guest.dates_changed"
    assert told(house) == [
        (True, None, "2026-11-24", None),
        (False, moved, None, None),
        (True, moved, "2026-11-26", None),
    ]
