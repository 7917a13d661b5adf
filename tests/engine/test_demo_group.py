"""The demo group: the same every time, a year that is played, a life that goes on."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from guestloop.composition.services import Group
from guestloop.demo.conversations import leave_conversations
from guestloop.demo.hotel_life import HotelLife
from guestloop.demo.offers import leave_offers
from guestloop.demo.open_work import leave_open_work
from guestloop.demo.questionnaire import leave_questionnaire
from guestloop.demo.rows import make_rows
from guestloop.operations.figures import figures_between
from guestloop.operations.report import monthly_report
from shared.clock import VirtualClock
from shared.errors import InputError
from tests.console.sums_oracle import check_messages, check_stays
from tests.engine.conftest import BEGAN, NOW, Played
from tests.engine.key_figures_oracle import check_courses, check_returns, key_figures
from tests.segments.cohorts_oracle import first_visits
from tests.segments.figures_oracle import read
from tests.segments.nightly_oracle import check_night, count_anew
from tests.segments.partners_oracle import read_stays


@pytest.fixture
def export(played: Played) -> Path:
    return played.export


@pytest.fixture
def group(played: Played) -> Group:
    """Two months of a small group, played."""
    return played.group


def rows(group: Group, service: str, query: str) -> list[tuple[object, ...]]:
    with group.database(service).transaction() as tx:
        return tx.execute(query).fetchall()


def test_the_same_day_and_seed_write_the_same_export() -> None:
    first, second = (make_rows(date(2026, 11, 21), guests=50, seed=7) for _ in range(2))
    assert first == second
    assert make_rows(date(2026, 11, 21), guests=50, seed=8) != first


def test_some_stays_are_over_some_are_to_come_and_some_are_booked_later() -> None:
    made = make_rows(date(2026, 11, 21), guests=400, seed=7)
    assert any(row["departure"] < "2025-11-21" for row in made)
    assert any(row["booked_on"] <= "2026-11-21" < row["arrival"] for row in made)
    assert any(row["booked_on"] > "2026-11-21" for row in made)


def test_a_name_is_not_half_in_characters_and_half_in_pinyin() -> None:
    made = make_rows(date(2026, 11, 21), guests=400, seed=7)
    chinese = [row for row in made if row["country"] == "CHN"]
    assert chinese and all(row["first_name"].isascii() == row["last_name"].isascii() for row in chinese)


def test_a_year_brings_messages_refusals_answers_and_cases_that_somebody_closed(group: Group) -> None:
    states = {state for (state,) in rows(group, "messaging", "select distinct state from delivery")}
    assert {"sent", "skipped"} <= states
    assert rows(group, "feedback", "select 1 from survey_answer limit 1")
    assert rows(group, "feedback", "select 1 from care_case where closed_at is not null limit 1")


def test_nothing_is_left_under_way_and_nothing_was_set_aside(group: Group) -> None:
    for service in group.services:
        assert rows(group, service, "select type, reason from dead_letter") == []
        assert rows(group, service, "select 1 from outbox where published_at is null") == []
        assert rows(group, service, "select 1 from mailbox") == []


def test_nobody_is_written_to_for_what_lay_before(group: Group) -> None:
    assert rows(group, "messaging", "select min(due_at) >= '2026-09-22' from delivery") == [(True,)]


def test_every_table_of_a_night_is_what_an_oracle_makes_of_the_raw_rows(group: Group) -> None:
    segments, console = group.database("segments"), group.database("console")
    count_anew(segments, NOW)
    agreed = check_night(segments, NOW) + check_stays(console, segments)
    agreed["message_day"] = check_messages(console)
    assert agreed["guest_figure"] > 1000 and min(count for name, count in agreed.items() if name != "outlet_figure") > 5


@pytest.mark.parametrize("hotel", ["", "LIS"])
def test_courses_of_answers_and_bookings_are_what_an_oracle_makes_of_each_month(group: Group, hotel: str) -> None:
    assert check_courses(group, hotel, NOW.date()) > 10


@pytest.mark.parametrize("hotel", [None, "LIS"])
def test_what_messages_brought_is_what_an_oracle_makes_of_the_raw_rows(group: Group, hotel: str | None) -> None:
    assert check_returns(group, hotel, BEGAN, NOW) > 50


def test_life_goes_on_and_telling_it_twice_changes_nothing(group: Group, export: Path) -> None:
    later = NOW + timedelta(days=10)
    counts = "select count(*), sum(version) from stay"
    before = rows(group, "segments", counts)
    seen = []
    for _ in range(2):
        life = HotelLife(group, export, NOW)
        while life.step(later):
            pass
        due = life.next_due()
        assert due is not None and due > later
        seen.append(rows(group, "segments", counts))
    assert before != seen[0] == seen[1]


def test_somebody_waits_for_an_answer(group: Group) -> None:
    leave_open_work(group, NOW)
    leave_open_work(group, NOW)
    waiting = rows(group, "feedback", "select kind from care_case where opened_by is not null and closed_at is null")
    assert 1 <= len(waiting) <= 2


def test_guests_and_the_desk_have_talked_and_a_questionnaire_and_an_offer_were_used(group: Group) -> None:
    leave_conversations(group, NOW)
    leave_questionnaire(group, NOW)
    leave_offers(group, NOW)
    threads = "select count(*) filter (where unread), count(*) filter (where snoozed_until > %s) from thread"
    with group.database("feedback").transaction() as tx:
        unread, snoozed = tx.execute(threads, [NOW]).fetchone() or (0, 0)
    assert unread >= 1 and snoozed >= 1
    assert rows(group, "feedback", "select count(*) > 2 from thread_answer") == [(True,)]
    sent = "select count(*) > 3 from survey_response where submitted_at is not null"
    assert rows(group, "feedback", sent) == [(True,)]
    assert rows(group, "messaging", "select count(*) > 3 from offer_redemption") == [(True,)]


@pytest.mark.parametrize("hotel", [None, "LIS", "SHA"])
@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 1, 1), NOW.date()), (date(2030, 1, 1),) * 2],
)
def test_every_key_figure_is_what_an_oracle_makes_of_the_raw_rows(
    group: Group, hotel: str | None, first: date, last: date
) -> None:
    told = figures_between(group, first, last, hotel, NOW)
    expected = key_figures(group, first, last, hotel or "", NOW.date(), set(told["own_channels"]))
    found = {one["figure"]: (one["numerator"], one["denominator"]) for one in told["figures"]}
    cost = found.pop("cost_won")
    nothing_went = 0.0 if first.year == 2030 else None
    assert cost == (nothing_went, expected.pop("cost_won")[1]), "no price was entered"
    assert {key: whole for key, (_, whole) in found.items()} == {key: whole for key, (_, whole) in expected.items()}
    for key, (part, _) in expected.items():
        assert found[key][0] == pytest.approx(float(part), abs=0.01), key
    check_new_guests(group, hotel or "", first, last, told["by"])
    check_companies(group, hotel or "", first, last, told["by"])
    if first.year == 2026:
        assert found["retention"][1] and found["spend"][0] and found["lead"][1], "there is something to agree on"


def test_the_report_of_a_month_says_in_chinese_what_the_figures_are(group: Group) -> None:
    pdf = monthly_report(group, VirtualClock(NOW), {}, date(2026, 10, 1), "LIS", "zh")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    words = text.replace(" ", "").replace("\n", "")
    told = figures_between(group, date(2026, 10, 1), date(2026, 10, 31), "LIS", NOW)
    found = {one["figure"]: one for one in told["figures"]}
    assert "月报" in words and "2026年10月" in words and "有何变化，我们为何这样认为" in words
    assert f"共有{found['length']['denominator']}次住店结束" in words
    for key, said in (("lead", "共"), ("cancellation", "中的"), ("direct", "中的")):
        assert f"{found[key]['denominator']}{said}" in words, key
    with pytest.raises(InputError, match="has not begun"):
        monthly_report(group, VirtualClock(NOW), {}, date(2027, 1, 1), None, "en")
    with pytest.raises(InputError, match="LIS"):
        monthly_report(group, VirtualClock(NOW), {}, date(2026, 10, 1), "XXX", "en")


def check_new_guests(group: Group, hotel: str, first: date, last: date, told: list[dict[str, Any]]) -> None:
    expected: dict[tuple[str, str], list[int]] = {}
    raw = read(group.database("segments"), NOW.date())
    for day, cut, value, ripe, again in first_visits(raw, hotel, NOW.date()):
        if first <= day <= last:
            line = expected.setdefault((cut, value), [0, 0, 0])
            line[0], line[1], line[2] = line[0] + 1, line[1] + ripe, line[2] + again
    every = expected.get(("", ""), [0])[0]
    found = {(one["figure"], one["by"], one["of"]): (one["numerator"], one["denominator"]) for one in told}
    assert {key[1:]: counted for key, counted in found.items() if key[0] == "new_guests"} == {
        key: (guests, every) for key, (guests, *_) in expected.items()
    }
    assert {key[1:]: counted for key, counted in found.items() if key[0] == "new_guests_back"} == {
        key: (again, ripe) for key, (_, ripe, again) in expected.items()
    }


def check_companies(group: Group, hotel: str, first: date, last: date, told: list[dict[str, Any]]) -> None:
    names = {str(id): str(name) for id, name in rows(group, "segments", "select id, name from company")}
    stays = [
        one
        for one in read_stays(group.database("segments"))
        if hotel in ("", one.property) and first <= one.left <= last
    ]
    found = {
        (one["figure"], one["of"]): (one["numerator"], one["denominator"]) for one in told if one["by"] == "company"
    }
    for figure, of in (("stays_by_company", Counter[str]()), ("nights_by_company", Counter[str]())):
        for one in stays:
            of[names.get(one.company, "")] += one.nights if figure.startswith("nights") else 1
        every = sum(of.values())
        counted = {name: pair for (which, name), pair in found.items() if which == figure}
        assert counted == {name: (count, every) for name, count in of.items()}


def test_key_figures_name_a_hotel_that_is_not_there(group: Group) -> None:
    with pytest.raises(InputError, match="LIS"):
        figures_between(group, NOW.date(), NOW.date(), "XXX", NOW)
    with pytest.raises(InputError, match="before --from"):
        figures_between(group, NOW.date(), NOW.date() - timedelta(days=1), None, NOW)
