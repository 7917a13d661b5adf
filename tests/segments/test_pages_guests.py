"""Guests at the desk: found, seen, cared for, merged; by whom, and of which hotel."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.segments.commands.finding.index_search import index_next
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.config import Config
from services.segments.pages.guests.labels import titled
from services.segments.rules.reservations import Reservation
from services.segments.service import SERVICE
from shared.database.pool import Database
from shared.vocabulary.stay import StayStatus
from shared.web.config import WebConfig
from tests.cast import ANTON, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, row, rows_of, told
from tests.segments.test_rule_words import reader
from tests.web import Browser, browser, words

EARLY = datetime(2026, 9, 1, 6, tzinfo=UTC)
RITA = row(
    1, name="Rita Cantu", email="rita@example.com", phone="+447700900123", country="PT", language="pt",
    status=StayStatus.CHECKED_OUT, status_date=date(2026, 10, 3), booked_on=date(2026, 9, 1),
    arrival=date(2026, 10, 1), departure=date(2026, 10, 3), birth_date=date(1980, 11, 22), revenue=None,
)  # fmt: skip
JOAO = row(
    2, name="João Conceição", booked_on=date(2026, 9, 2), status_date=date(2026, 9, 2), arrival=date(2026, 11, 21),
    departure=date(2026, 11, 24), birth_date=date(1975, 11, 23), country="PT", language="pt",
)  # fmt: skip
WEI_ZHANG = replace(
    row(3, booked_on=date(2026, 9, 3), status_date=date(2026, 9, 3), arrival=date(2026, 12, 1),
        departure=date(2026, 12, 4), country="CN", language="zh-hans"),
    property="SHA", given_name="伟", family_name="张",
)  # fmt: skip


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [RITA, JOAO, WEI_ZHANG])
    return database


def bring(database: Database, rows: list[Reservation], at: datetime = EARLY) -> None:
    with database.transaction() as tx:
        enter(tx, rows, at, EntryOptions(booking_only=False, initial=True, lane=None))
    with database.transaction() as tx:
        index_next(tx)


def desk(database: Database, who: Member | None = FILIPA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, web=WebConfig(gateway="http://127.0.0.1:9"))


def guest_id(stay: Reservation) -> UUID:
    return stay.key().guest_id()


def page_of(stay: Reservation) -> str:
    return f"/segments/guests/{guest_id(stay)}"


def one(database: Database, query: str) -> Any:
    return rows_of(database, query)[0][0]


def found(database: Database, query: str, who: Member = MARTA) -> set[str]:
    page = desk(database, who).get(f"/segments/guests?{query}").get_data(as_text=True)
    cells = " ".join(re.findall(r'<td class="cell-name">.*?</td>', page, re.DOTALL))
    return {name for name in ("Rita Cantu", "João Conceição", "张伟") if name in cells}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Rita Cantu", "João Conceição", "张伟"}),
        ("q=cantu", {"Rita Cantu"}),
        ("q=can+ri", {"Rita Cantu"}),
        ("q=joao+conceicao", {"João Conceição"}),
        ("q=CONCEIÇÃO,+João", {"João Conceição"}),
        ("q=张伟", {"张伟"}),
        ("q=张", {"张伟"}),
        ("q=RITA@example.com", {"Rita Cantu"}),
        ("q=rita@example.org", set()),
        ("q=07700+900123&hotel=", set()),  # of a country where no hotel stands
        ("q=%2B44+7700+900123", {"Rita Cantu"}),
        ("q=0044+7700+900-123", {"Rita Cantu"}),
        ("q=lis-000002", {"João Conceição"}),
        ("q=antu", {"Rita Cantu"}),  # one letter of five is missing
        ("q=ant", set()),
        ("q=o'%3Abrien+\\", set()),
        ("country=CN", {"张伟"}),
        ("language=pt", {"Rita Cantu", "João Conceição"}),
        ("which=arriving", {"João Conceição", "张伟"}),
        ("which=unreachable", {"João Conceição", "张伟"}),
        ("which=in_house", set()),
        ("which=nonsense&sort=nonsense", {"Rita Cantu", "João Conceição", "张伟"}),
        ("sort=arrival", {"João Conceição", "张伟"}),
        ("hotel=SHA", {"张伟"}),
    ],
)
def test_a_guest_is_found_by_what_the_desk_has_in_hand(segments: Database, query: str, names: set[str]) -> None:
    assert found(segments, query) == names


def test_nobody_finds_or_sees_another_hotels_guests(segments: Database) -> None:
    assert found(segments, "", FILIPA) == {"Rita Cantu", "João Conceição"}
    assert found(segments, "", WEI) == {"张伟"}
    assert found(segments, "q=张伟", FILIPA) == set()
    filipa = desk(segments)
    assert filipa.get(page_of(WEI_ZHANG)).status_code == 404
    assert filipa.get(f"{page_of(WEI_ZHANG)}/edit").status_code == 404
    filipa.get("/segments/guests")
    sha = one(segments, "select id from stay where property = 'SHA'")
    for path in (f"/segments/stays/{sha}/mute", f"{page_of(WEI_ZHANG)}/do-not-contact", page_of(WEI_ZHANG),
                 f"{page_of(RITA)}/merge/{guest_id(WEI_ZHANG)}"):  # fmt: skip
        assert filipa.post(path, {"reason": "asked", "version": "1"}).status_code == 404
    assert filipa.get(f"/segments/guests/names?ids={guest_id(RITA)},{guest_id(WEI_ZHANG)},x").json == {
        str(guest_id(RITA)): "Rita Cantu"
    }


def test_addresses_are_masked_for_whoever_needs_none(segments: Database) -> None:
    for path in ("/segments/guests", page_of(RITA)):
        assert "rita@example.com" not in desk(segments, MARTA).get(path).get_data(as_text=True)
    assert "r•••@e•••.com" in words(desk(segments, MARTA).get(page_of(RITA)))
    assert "rita@example.com" in words(desk(segments).get(page_of(RITA)))


def test_in_the_list_an_address_is_shown_to_whoever_asks_for_it(segments: Database) -> None:
    filipa = desk(segments)
    listed = filipa.get("/segments/guests?country=PT")
    assert "rita@example.com" not in listed.get_data(as_text=True) and "r•••@e•••.com" in words(listed)
    for asked in (str(guest_id(RITA)), "page"):
        answer = filipa.post("/segments/guests?country=PT", {"show": asked})
        assert "rita@example.com" in words(answer)
    assert "rita@example.com" not in words(filipa.post("/segments/guests?country=PT", {"show": str(guest_id(JOAO))}))
    marta = desk(segments, MARTA)
    assert "Show on this page" not in words(marta.get("/segments/guests"))
    assert "rita@example.com" not in words(marta.post("/segments/guests", {"show": "page"}))


def test_a_look_at_the_list_is_one_entry_and_keeps_no_word_of_the_search(segments: Database) -> None:
    filipa = desk(segments)
    filipa.get("/segments/guests?q=rita@example.com&country=PT")
    filipa.post("/segments/guests?q=rita@example.com&country=PT", {"show": "page"})
    body = "select convert_from(body, 'utf8')::jsonb from outbox where type = 'audit.recorded.v1' order by id"
    noted = [(one["action"][0], one["details"][0]) for (one,) in rows_of(segments, body)]
    look = ("guests.listed", {"count": 1, "filter": {"searched": True, "country": "PT"}})
    assert noted == [look, look, ("contacts.shown", {"count": 1})]
    assert "rita@" not in str(noted)


def test_whoever_copies_the_list_meets_the_limit_and_is_told_until_when(segments: Database) -> None:
    numbers = range(40)
    bring(segments, [row(100 + n, name=f"Ana Silva{n:02}", email=f"ana{n}@example.com") for n in numbers])
    web = WebConfig(gateway="http://127.0.0.1:9", contacts_an_hour=30)

    def copied(at: datetime) -> tuple[int, str]:
        """How many addresses a walk through the list gives away, by another web process each time."""
        filipa = browser(SERVICE.build_web, Config(), segments, FILIPA, web=web, at=at)
        url, found = "/segments/guests?q=silva", set[str]()
        for _ in range(2):
            filipa.get(url)
            page = filipa.post(url, {"show": "page"}).get_data(as_text=True)
            found |= set(re.findall(r"ana\d+@example.com", page))
            url = f"/segments/guests?q=silva&{after[0]}" if (after := re.search(r"after=[^\"&]+", page)) else url
        return len(found), " ".join(page.split())

    first, told = copied(NOW)
    assert first == 30 and "you were shown the contacts or words of 30 guests in full" in told
    assert "13:00" in told  # in Lisbon, an hour later
    assert copied(NOW + timedelta(minutes=59))[0] == 30  # those who were shown already: they cost nothing
    assert "ana39@example.com" not in words(desk(segments, FILIPA).get("/segments/guests"))
    assert copied(NOW + timedelta(minutes=61))[0] == 30
    limits = "select count(*) from outbox where convert_from(body, 'utf8') like '%contacts.limit_reached%'"
    assert one(segments, limits) == 2  # once an hour, not once a page
    guest = browser(SERVICE.build_web, Config(), segments, FILIPA, web=web, at=NOW + timedelta(minutes=62))
    page = words(guest.get(page_of(RITA)))
    assert (
        "rita@example.com" not in page and "r•••@e•••.com" in page and "in full, as many as an account may see" in page
    )


def test_a_long_list_is_read_page_by_page(segments: Database) -> None:
    bring(segments, [row(100 + n, name=f"Ana Silva{n:02}") for n in range(60)])
    seen: list[str] = []
    url, marta = "/segments/guests?q=silva", desk(segments, MARTA)
    while url:
        answer = marta.get(url)
        text = answer.get_data(as_text=True)
        seen += [name for n in range(60) if (name := f"Ana Silva{n:02}") in text]
        url = (
            text.split('<nav class="pager"')[1].split("</nav>")[0].split('href="')[-1].split('"')[0]
            if "Next</a>" in text
            else ""
        )
        url = url.replace("&amp;", "&")
    assert seen == [f"Ana Silva{n:02}" for n in range(60)]


def test_an_empty_list_teaches(make_database: MakeDatabase) -> None:
    text = words(desk(make_database("segments"), MARTA).get("/segments/guests"))
    assert "No guests yet" in text and "Import guests" in text


def test_a_guests_page_tells_her_story_and_says_who_is_silent(segments: Database) -> None:
    text = words(desk(segments).get(page_of(RITA)))
    for said in ("Rita Cantu", "Checked out of Casa do Tejo Lisboa, LIS-000001",
                 "Booked at Casa do Tejo Lisboa, LIS-000001 (nights: 2)",
                 "The journeys do not answer", "Portuguese"):  # fmt: skip
        assert said in text
    only = words(desk(segments).get(f"{page_of(RITA)}?kind=edit"))
    assert "Checked out of" not in only.split("What has happened")[1].split("Earlier")[0].split("Stays LIS")[0][:400]
    assert "guest.viewed" in one(segments, "select convert_from(body, 'utf8') from outbox where type like 'audit%'")


@pytest.mark.parametrize("asked", ["", "?kind=stay", "?x=1"])
def test_whoever_looks_at_a_guest_is_noted_however_the_page_was_asked_for(segments: Database, asked: str) -> None:
    desk(segments).get(f"{page_of(RITA)}{asked}")
    assert told(segments).count("audit.recorded") == 1
    desk(segments).get(f"{page_of(RITA)}{asked}", headers={"HX-Request": "true"})
    assert told(segments).count("audit.recorded") == 2


def test_back_to_a_filtered_list_is_a_whole_page_and_none_is_kept_by_the_browser(segments: Database) -> None:
    filipa = desk(segments)
    asked = {"HX-Request": "true"}
    assert "<html" not in filipa.get("/segments/guests?q=rita", headers=asked).get_data(as_text=True)
    back = filipa.get("/segments/guests?q=rita", headers={**asked, "HX-History-Restore-Request": "true"})
    assert '"historyCacheSize": 0' in back.get_data(as_text=True)


def test_a_stay_is_muted_in_two_taps_and_the_mute_lifted(segments: Database) -> None:
    filipa = desk(segments)
    filipa.get(page_of(RITA))
    stay = RITA.key().stay_id()
    before = told(segments).count("stay.changed")
    for _ in range(2):  # the same tap twice
        text = words(filipa.post(f"/segments/stays/{stay}/mute"))
    assert "Filipa Faria muted the stay LIS-000001" in text
    assert told(segments).count("stay.changed") == before + 1
    assert one(segments, "select stays from guest_facts where last_stay_id is null and stays = 0 limit 1") == 0
    filipa.post(f"/segments/stays/{stay}/unmute")
    assert rows_of(segments, f"select muted, version from stay where id = '{stay}'") == [(False, 3)]


def test_a_deceased_guest_is_left_alone_and_it_can_be_undone(segments: Database) -> None:
    filipa = desk(segments)
    filipa.get(page_of(RITA))
    before = told(segments).count("guest.changed")
    for _ in range(2):
        text = words(filipa.post(f"{page_of(RITA)}/do-not-contact", {"reason": "deceased"}))
    assert "Do not contact: deceased" in text
    assert told(segments).count("guest.changed") == before + 1
    assert one(segments, "select do_not_contact from guest_facts where do_not_contact is not null") == "deceased"
    assert filipa.post(f"{page_of(RITA)}/do-not-contact", {"reason": "bored"}).status_code == 422
    filipa.post(f"{page_of(RITA)}/do-not-contact/lift")
    assert rows_of(segments, "select 1 from guest where do_not_contact is not null") == []
    assert [what for (what,) in rows_of(segments, "select what from guest_edit order by at, what desc")] == [
        "guest.contact_forbidden", "guest.contact_allowed",
    ]  # fmt: skip


def test_an_analyst_sees_but_changes_nothing(segments: Database) -> None:
    anton = desk(segments, ANTON)
    assert "Do not contact…" not in words(anton.get(page_of(RITA)))
    assert anton.post(f"{page_of(RITA)}/do-not-contact", {"reason": "asked"}).status_code == 403
    assert anton.get(f"{page_of(RITA)}/edit").status_code == 403


def test_what_the_desk_knows_is_kept_sealed_and_shown(segments: Database) -> None:
    filipa = desk(segments)
    version = (
        filipa.get(f"{page_of(RITA)}/edit").get_data(as_text=True).split('name="version" value="')[1].split('"')[0]
    )
    form = {"version": version, "language": "fr", "tags": "golf, 老客，golf", "preference": "A quiet room"}
    text = words(filipa.post(page_of(RITA), form))
    for said in ("A quiet room", "golf", "老客", "French", "changed: language, tags, what the front desk should know"):
        assert said in text
    assert "quiet" not in str(rows_of(segments, "select text_sealed from guest_preference"))
    assert rows_of(segments, f"select tags, language from guest where id = '{guest_id(RITA)}'") == [
        (["golf", "老客"], "fr")
    ]
    again = filipa.post(page_of(RITA), form)  # the same form twice changes nothing
    assert again.status_code == 200 and len(rows_of(segments, "select 1 from guest_edit")) == 1
    stale = filipa.post(page_of(RITA), {**form, "tags": "tennis"})
    assert stale.status_code == 409 and "changed by somebody else" in words(stale)


def test_a_form_with_a_fault_keeps_what_was_typed(segments: Database) -> None:
    filipa = desk(segments)
    filipa.get(f"{page_of(RITA)}/edit")
    answer = filipa.post(
        page_of(RITA), {"version": "1", "language": "pt", "tags": "x" * 60, "preference": "Kept words"}
    )
    assert answer.status_code == 422
    assert "A tag has 40 characters at most." in words(answer) and "Kept words" in answer.get_data(as_text=True)


def test_a_language_set_by_hand_outlives_an_older_row(segments: Database) -> None:
    filipa = desk(segments)
    filipa.get(f"{page_of(RITA)}/edit")
    filipa.post(page_of(RITA), {"version": "1", "language": "fr", "tags": "", "preference": ""})
    bring(segments, [replace(RITA, room_type="B")], NOW)
    assert one(segments, f"select language from guest where id = '{guest_id(RITA)}'") == "fr"


def twins(segments: Database) -> tuple[UUID, UUID]:
    """Two records that one row fits: by address the one, by number the other."""
    other = row(7, name="Rita Cantu", phone="+447700900456", booked_on=date(2026, 9, 5), status_date=date(2026, 9, 5),
                arrival=date(2026, 12, 5), departure=date(2026, 12, 6), language="pt", country="PT")  # fmt: skip
    both = row(8, name="Rita Cantu", email="rita@example.com", phone="+447700900456", booked_on=date(2026, 9, 6),
               status_date=date(2026, 9, 6), arrival=date(2026, 12, 8), departure=date(2026, 12, 9))  # fmt: skip
    bring(segments, [other, both])
    return guest_id(RITA), guest_id(other)


def test_two_who_might_be_one_are_shown_and_merged_once(segments: Database) -> None:
    rita, other = twins(segments)
    filipa = desk(segments)
    assert "Might be the same person as Rita Cantu: the same phone number." in words(
        filipa.get(f"/segments/guests/{rita}")
    )
    assert found(segments, "which=doubled") == {"Rita Cantu"}
    filipa.get(f"/segments/guests/{other}/edit")
    version = one(segments, f"select version from guest where id = '{other}'")
    filipa.post(
        f"/segments/guests/{other}", {"version": version, "language": "pt", "tags": "golf", "preference": "Tea"}
    )
    filipa.post(f"/segments/guests/{other}/do-not-contact", {"reason": "asked"})
    assert filipa.get(f"/segments/guests/{rita}/merge/{other}").location.endswith(f"/duplicates/{rita}/{other}")
    for _ in range(2):
        text = words(filipa.post(f"/segments/guests/{rita}/merge/{other}"))
    for said in ("Do not contact: asked not to be contacted", "golf", "Tea", "LIS-000007"):
        assert said in text
    assert told(segments).count("guest.merged") == 1
    assert one(segments, f"select count(*) from stay where guest_id = '{rita}'") == 3
    assert rows_of(segments, f"select 1 from guest_facts where guest_id = '{other}'") == []
    assert one(segments, f"select bookings from guest_facts where guest_id = '{rita}'") == 2
    assert filipa.get(f"/segments/guests/{other}").status_code == 303
    for table, column in (("guest_point", "guest_id"), ("guest_key", "guest_id"), ("consent_claim", "guest_id"),
                          ("possible_duplicate", "other_id"), ("possible_duplicate", "guest_id")):  # fmt: skip
        assert rows_of(segments, f"select 1 from {table} where {column} = '{other}'") == []


def test_who_was_merged_away_is_nobody_elses_to_see_or_change(segments: Database) -> None:
    rita, other = twins(segments)
    filipa, wei = desk(segments), desk(segments, WEI)
    filipa.get(f"/segments/guests/{rita}")
    filipa.post(f"/segments/guests/{rita}/merge/{other}")
    wei.get("/segments/guests")
    assert wei.get(f"/segments/guests/{other}/edit").status_code == 404
    assert wei.get(f"/segments/guests/{guest_id(WEI_ZHANG)}/merge/{other}").status_code == 404
    assert wei.post(f"/segments/guests/{other}/do-not-contact", {"reason": "asked"}).status_code == 404
    assert wei.post(f"/segments/guests/{other}/apart/{guest_id(WEI_ZHANG)}").status_code == 404
    assert filipa.get(f"/segments/guests/{other}/edit").status_code == 404


def test_a_refusal_of_either_stands_after_a_merge(segments: Database) -> None:
    rita, other = twins(segments)
    with segments.transaction() as tx:
        tx.execute("update consent_claim set state = 'refused' where guest_id = %s and channel = 'email'", [other])
    filipa = desk(segments)
    filipa.get(f"/segments/guests/{rita}")
    filipa.post(f"/segments/guests/{rita}/merge/{other}")
    states = rows_of(segments, f"select state from consent_claim where guest_id = '{rita}' and channel = 'email'")
    assert states == [("refused",)]


def test_a_row_of_a_merged_guest_comes_to_the_one_she_became(segments: Database) -> None:
    rita, other = twins(segments)
    filipa = desk(segments)
    filipa.get(f"/segments/guests/{rita}")
    filipa.post(f"/segments/guests/{rita}/merge/{other}")
    with segments.transaction() as tx:
        book(tx, [row(9, name="Rita Cantu", phone="+447700900456", booked_on=date(2026, 11, 21))], NOW)
    assert one(segments, f"select count(*) from stay where guest_id = '{rita}'") == 4


def test_two_told_apart_are_not_asked_about_again(segments: Database) -> None:
    rita, other = twins(segments)
    filipa = desk(segments)
    filipa.get(f"/segments/guests/{rita}")
    filipa.post(f"/segments/guests/{rita}/apart/{other}")
    assert "Might be the same person" not in words(filipa.get(f"/segments/guests/{rita}"))
    assert found(segments, "which=doubled") == set()


def test_today_shows_who_arrives_and_what_to_know(segments: Database) -> None:
    with segments.transaction() as tx:
        tx.execute(
            """
            insert into case_known values (gen_random_uuid(), 1, %(guest)s, 'LIS', 'complaint', true, %(at)s);
            """,
            {"guest": guest_id(JOAO), "at": NOW},
        )
        tx.execute(
            "insert into answer_known values (gen_random_uuid(), 1, %s, null, 'LIS', 4, %s)", [guest_id(JOAO), NOW]
        )
    text = words(desk(segments).get("/segments/today"))
    for said in ("Arriving 1", "João Conceição", "Birthday: Nov 23", "Open complaint", "Last score 4 of 10",
                 "Portuguese", "Nobody leaves today."):  # fmt: skip
        assert said in text
    assert "张伟" not in text
    assert "João Conceição" not in words(desk(segments, WEI).get("/segments/today"))


def test_the_home_page_is_told_when_each_hotel_was_last_heard(segments: Database) -> None:
    answer = desk(segments, MARTA).get("/segments/home").json
    assert answer is not None
    heard = {one["code"]: one["at"] for one in answer["heard"]}
    assert heard == {"ALG": None, "LIS": "2026-09-01T06:00:00+00:00", "SHA": "2026-09-01T06:00:00+00:00"}
    assert answer["guests"] == 3 and answer["needs"] == []
    bring(segments, [RITA], NOW)  # nothing changed, but heard it was
    again = desk(segments, FILIPA).get("/segments/home").json
    assert again is not None and again["heard"] == [{"code": "LIS", "at": "2026-11-21T12:00:00+00:00"}]


def test_the_pages_speak_chinese(segments: Database) -> None:
    chinese = {"Accept-Language": "zh-CN"}
    marta = desk(segments, MARTA)
    assert "按姓名" in words(marta.get("/segments/guests", headers=chinese))
    assert "发生了什么" in words(marta.get(page_of(WEI_ZHANG), headers=chinese))


@pytest.mark.parametrize(
    ("title", "name", "english", "chinese"),
    [
        ("Ms", "李梅", "Ms 李梅", "李梅女士"),
        ("Mr.", "Rui Costa", "Mr. Rui Costa", "Rui Costa 先生"),
        (None, "李梅", "李梅", "李梅"),
        ("Ms", "", "", ""),
    ],
)
def test_a_title_stands_where_the_reader_expects_it(title: str | None, name: str, english: str, chinese: str) -> None:
    with reader("en"):
        assert titled(title, name) == english
    with reader("zh-CN"):
        assert titled(title, name) == chinese
