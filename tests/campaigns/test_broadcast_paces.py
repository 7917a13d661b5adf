"""Broadcasts that go slowly, at each guest's own hour, or after a second person's word."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from services.campaigns.config import Config
from services.campaigns.rules.paces import Usual, turn_start, usual_hour
from services.campaigns.service import SERVICE
from services.campaigns.steps.calendars import Once
from services.campaigns.steps.entries import CalendarEntry
from services.campaigns.store.moments import hours_of
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.feedback import SurveyAnswered
from tests.campaigns.cast import Campaigns, click, instant, outcome, survey_answered
from tests.campaigns.test_broadcasts import AT, FORM, MONDAY, campaigns, database, marta, planned, written
from tests.campaigns.test_guests import merged
from tests.cast import ADA, ANA, BEN
from tests.web import Browser, browser, words

__all__ = ["campaigns", "database"]
FRIDAY = date(2016, 5, 6)


def due(campaigns: Campaigns) -> dict[str, str]:
    """By guest when their message is due, in UTC."""
    found = {one["guest_id"]: datetime.fromisoformat(one["due_at"]) for one in campaigns.requested()}
    return {{str(ANA): "ana", str(BEN): "ben"}[guest]: at.strftime("%d %H:%M") for guest, at in found.items()}


def answered(guest: UUID, at: str, what: str, *, by_hand: bool = False) -> SurveyAnswered:
    return survey_answered(what, at=at, guest=guest, by_hand=by_hand)


def ada(database: Database) -> Browser:
    return browser(SERVICE.build_web, Config(), database, ADA, at=instant(MONDAY))


def test_slowly_one_guest_comes_after_the_other(database: Database, campaigns: Campaigns) -> None:
    key = planned(database, pace="spread", an_hour="2")
    campaigns.run("2016-05-20 00:00")
    assert sorted(due(campaigns).values()) == ["06 08:00", "06 08:30"]
    page = words(marta(database).get(f"{AT}/{key}"))
    assert "2 an hour in each time zone, until 20:00" in page


def test_what_is_stopped_in_the_middle_goes_to_nobody_else(database: Database, campaigns: Campaigns) -> None:
    key = planned(database, pace="spread", an_hour="1")
    campaigns.run("2016-05-06 08:10")
    marta(database, "2016-05-06 08:20").post(f"{AT}/{key}/stop")
    campaigns.run("2016-05-20 00:00")
    assert len(campaigns.requested()) == 1


@pytest.mark.parametrize(
    ("place", "local"),
    [(0, "06 10:00"), (1, "06 10:15"), (4, "06 11:00"), (39, "06 19:45"), (40, "07 10:00"), (85, "08 11:15")],
)
def test_a_slow_one_rests_at_night(place: int, local: str) -> None:
    entry = CalendarEntry("regulars", Once(FRIDAY), 0, time(10), None, (), an_hour=4)
    assert turn_start(entry, FRIDAY, "UTC", place).astimezone(UTC).strftime("%d %H:%M") == local


def test_each_is_written_to_at_their_own_hour_where_it_is_known(database: Database, campaigns: Campaigns) -> None:
    for day, hour in enumerate(("19:10", "20:05", "19:40", "09:00"), start=1):  # in Berlin 21, 22, 21 and 11 o'clock
        at = f"2016-04-{day:02} {hour}"
        campaigns.hear(chunk_of([answered(ANA, at, f"ana {day}")]), at)
    for day in range(1, 5):
        at = f"2016-04-{day:02} 15:30"  # 17:30 in Berlin
        campaigns.hear(chunk_of([answered(BEN, at, f"ben {day}")]), at)
        campaigns.hear(chunk_of([answered(BEN, at, f"ben {day}")]), at)  # told twice
    key = planned(database, pace="own")
    campaigns.run("2016-05-20 00:00")
    assert due(campaigns) == {"ana": "06 08:00", "ben": "06 15:00"}  # Ana is up at night: at the broadcast's hour
    kept = dict(campaigns.all("select guest_id, data -> 'usual' from enrolment"))
    assert kept == {ANA: {}, BEN: {"hour": 17, "times": 4}}
    told = marta(database).get(f"/campaigns/guests/{BEN}/story").get_data(as_text=True)
    assert "4 times they opened a link or answered around then" in told
    assert "at the hour around which they opened links" in words(marta(database).get(f"{AT}/{key}"))


def test_what_a_merged_guest_did_counts_for_whoever_they_are_now(database: Database, campaigns: Campaigns) -> None:
    for day, guest in enumerate((ANA, ANA, BEN), start=1):
        at = f"2016-04-{day:02} 15:30"  # 17:30 in Berlin
        campaigns.hear(chunk_of([answered(guest, at, f"answer {day}")]), at)
    zones = {BEN: "Europe/Berlin", ANA: "Europe/Berlin"}
    with database.transaction() as tx:
        assert hours_of(tx, zones) == {ANA: [17, 17], BEN: [17]}
    campaigns.hear(merged())
    with database.transaction() as tx:
        assert hours_of(tx, {BEN: "Europe/Berlin"}) == {BEN: [17, 17, 17]}


def test_links_count_once_each_and_answers_of_the_desk_for_nobody(database: Database, campaigns: Campaigns) -> None:
    planned(database)
    campaigns.run("2016-05-06 09:00")
    (message,) = [one for one in campaigns.requested() if one["guest_id"] == str(BEN)]
    campaigns.hear(outcome(message, "sent", 1, "2016-05-06 08:01"))
    for at in ("2016-05-06 14:30", "2016-05-06 16:10"):
        campaigns.hear(click(message, 1, at), at)
    at = "2016-05-07 14:00"
    campaigns.hear(chunk_of([answered(BEN, at, "desk", by_hand=True)]), at)
    assert campaigns.all("select at from guest_moment") == [(instant("2016-05-06 14:30"),)]


@pytest.mark.parametrize(
    ("hours", "usual"),
    [
        ([], None),
        ([9, 9], None),
        ([23, 2, 3, 3], None),
        ([9, 19, 20, 9, 19], Usual(19, 3)),
        ([9, 15, 19], Usual(19, 1)),  # all alike: the newest
        ([8, 8, 8], Usual(8, 3)),
    ],
)
def test_the_usual_hour_is_the_one_that_most_are_near(hours: list[int], usual: Usual | None) -> None:
    assert usual_hour(hours) == usual


def test_a_day_with_own_hours_begins_before_its_hour_in_the_morning_and_rests_on_other_days() -> None:
    entry = CalendarEntry("regulars", Once(FRIDAY), 0, time(10), None, (), own_hour=True)
    early = CalendarEntry("regulars", Once(FRIDAY), 0, time(7), None, (), own_hour=True)
    assert entry.instant(FRIDAY, "UTC") == datetime(2016, 5, 6, 8, tzinfo=UTC)
    assert early.instant(FRIDAY, "UTC") == datetime(2016, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize("count", ["", "0", "many"])
def test_how_many_an_hour_is_asked_for(database: Database, count: str) -> None:
    answer = marta(database).post(AT, {**FORM, "pace": "spread", "an_hour": count})
    assert answer.status_code == 422 and "A whole number from 1 to 1,000,000." in words(answer)


def test_it_is_planned_once_another_colleague_approved_it_as_it_stands(
    database: Database, campaigns: Campaigns
) -> None:
    boss, me = ada(database), marta(database)
    boss.get("/campaigns/broadcast-rules")
    boss.post("/campaigns/broadcast-rules", {"needs_approval": "on"})
    key = written(database)
    page = f"{AT}/{key}"
    assert "has to approve it first" in words(me.post(f"{page}/plan"))
    me.post(f"{page}/approval", {"revision": "2"})
    assert "cannot approve it" in words(me.post(f"{page}/approval/grant", {"revision": "2"}))
    (asked,) = [one for one in boss.get("/campaigns/home").get_json()["needs"] if "approve" in one["text"]]
    assert asked["url"] == page
    assert not any("approve" in one["text"] for one in me.get("/campaigns/home").get_json()["needs"])
    me.post(page, {**FORM, "hour": "11:00"})  # changed meanwhile
    assert "changed meanwhile" in words(boss.post(f"{page}/approval/grant", {"revision": "2"}))
    me.post(f"{page}/approval", {"revision": "3"})
    boss.get(page)
    assert "Approved" in words(boss.post(f"{page}/approval/grant", {"revision": "3"}))
    assert "Planned." in words(me.post(f"{page}/plan"))
    campaigns.run("2016-05-20 00:00")
    assert sorted(due(campaigns).values()) == ["06 09:00", "06 09:00"]


def test_where_nobody_wants_it_no_word_is_needed(database: Database) -> None:
    page = words(marta(database).get(f"{AT}/{written(database)}"))
    assert "Ask for approval" not in page


def test_who_is_no_administrator_does_not_choose_the_rule(database: Database) -> None:
    me = marta(database)
    assert "An administrator can change this." in words(me.get("/campaigns/broadcast-rules"))
    assert me.post("/campaigns/broadcast-rules", {"needs_approval": "on"}).status_code == 403
