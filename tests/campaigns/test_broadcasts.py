"""Broadcasts: one message to whoever is in a segment on a day, written and sent from a page of its own."""

from __future__ import annotations

from datetime import datetime

import pytest

from services.campaigns.config import Config
from services.campaigns.service import SERVICE
from shared.database.pool import Database
from tests.campaigns.cast import BERLIN, Campaigns, audience, instant, outcome
from tests.campaigns.test_guests import changed
from tests.cast import ANA, ANTON, BEN, MARTA
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

AT = "/campaigns/broadcasts"
MONDAY = "2016-05-02 08:00"
FORM = {
    "name": "Spring offer",
    "audience": "regulars",
    "template": "spring",
    "channels": "email",
    "day": "2016-05-06",
    "hour": "10:00",
}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("campaigns")


@pytest.fixture
def campaigns(database: Database) -> Campaigns:
    """Ana and Ben are regulars, and live in Berlin."""
    found = Campaigns(database)
    for guest in (ANA, BEN):
        found.hear(changed(1, zone=BERLIN, guest=guest), "2016-04-01 00:00")
        found.hear(audience(guest, 1, True, "2016-04-01 00:00", segment="regulars", initial=True))
    return found


def marta(database: Database, at: str = MONDAY) -> Browser:
    person = browser(SERVICE.build_web, Config(), database, MARTA, at=instant(at))
    person.get(f"{AT}/new")
    return person


def written(database: Database, at: str = MONDAY, **changes: str) -> str:
    """The key of one that Marta wrote."""
    answer = marta(database, at).post(AT, {**FORM, **changes})
    assert answer.status_code == 200, words(answer)
    return answer.request.path.rsplit("/", 1)[1]


def planned(database: Database, at: str = MONDAY, **changes: str) -> str:
    key = written(database, at, **changes)
    marta(database, at).post(f"{AT}/{key}/plan")
    return key


def asked(campaigns: Campaigns) -> list[tuple[str, str, str]]:
    return sorted((one["guest_id"], one["template"], one["due_at"]) for one in campaigns.requested())


def test_whoever_is_in_the_segment_gets_it_at_the_hour_and_once(database: Database, campaigns: Campaigns) -> None:
    key = planned(database)
    campaigns.run("2016-05-20 00:00")
    assert [guest for guest, *_ in asked(campaigns)] == sorted((str(ANA), str(BEN)))
    assert {template for _, template, _ in asked(campaigns)} == {"spring"}
    assert {datetime.fromisoformat(due) for *_, due in asked(campaigns)} == {instant("2016-05-06 08:00")}  # Berlin
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 1, "2016-05-06 08:01"))
    page = words(marta(database, "2016-05-20 08:00").get(f"{AT}/{key}"))
    assert "sent" in page and "Messages sent 1" in page


def test_who_came_into_the_segment_by_then_is_in_and_who_left_is_not(database: Database, campaigns: Campaigns) -> None:
    planned(database)
    campaigns.hear(audience(ANA, 2, False, "2016-05-04 00:00", segment="regulars"))
    campaigns.run("2016-05-20 00:00")
    assert [guest for guest, *_ in asked(campaigns)] == [str(BEN)]


def test_those_left_out_get_nothing(database: Database, campaigns: Campaigns) -> None:
    planned(database, left_out="written-to")
    campaigns.hear(audience(BEN, 1, True, "2016-05-03 00:00", segment="written-to", initial=True))
    campaigns.run("2016-05-20 00:00")
    assert [guest for guest, *_ in asked(campaigns)] == [str(ANA)]


def test_stopped_before_its_hour_it_brings_nothing(database: Database, campaigns: Campaigns) -> None:
    key = planned(database)
    marta(database, "2016-05-05 08:00").post(f"{AT}/{key}/stop")
    campaigns.run("2016-05-20 00:00")
    assert asked(campaigns) == []
    assert "stopped" in words(marta(database, "2016-05-20 08:00").get(f"{AT}/{key}"))


def test_back_to_draft_before_its_hour_it_is_changed_and_planned_again(
    database: Database, campaigns: Campaigns
) -> None:
    key = planned(database)
    page = marta(database)
    assert "Back to draft" in words(page.get(f"{AT}/{key}"))
    assert "A draft again" in words(page.post(f"{AT}/{key}/draft"))
    assert page.post(f"{AT}/{key}/draft").status_code == 409
    assert campaigns.one("select state from journey where key = %s", key) == "draft"
    assert campaigns.published("journey.ended.v1")[-1]["journey"] == key
    campaigns.run("2016-05-08 12:00")
    assert asked(campaigns) == []
    written_again = marta(database, "2016-05-09 08:00")
    assert "Edit" in words(written_again.get(f"{AT}/{key}"))
    form = {**FORM, "day": "2016-05-13"}
    assert written_again.post(f"{AT}/{key}", form).status_code in (200, 303)
    written_again.post(f"{AT}/{key}/plan")
    campaigns.run("2016-05-14 12:00")
    assert {one[0] for one in asked(campaigns)} and campaigns.published("journey.launched.v1")[-1]["version"] == 2
    assert marta(database, "2016-05-14 13:00").post(f"{AT}/{key}/draft").status_code == 409
    assert campaigns.one("select state from journey where key = %s", key) == "live"


def test_stopped_while_it_is_sent_what_has_not_gone_is_taken_back(database: Database, campaigns: Campaigns) -> None:
    key = planned(database)
    campaigns.run("2016-05-06 09:00")
    first, _ = campaigns.requested()
    campaigns.hear(outcome(first, "sent", 1, "2016-05-06 08:01"))
    marta(database, "2016-05-06 09:00").post(f"{AT}/{key}/stop")
    assert len(campaigns.withdrawn()) == 1


def test_an_hour_that_is_past_anywhere_is_not_planned(database: Database, campaigns: Campaigns) -> None:
    key = written(database, day="2016-05-02", hour="10:05")
    page = marta(database)
    assert "Its hour has passed already" in words(page.post(f"{AT}/{key}/plan"))
    campaigns.run("2016-05-20 00:00")
    assert asked(campaigns) == []


def test_planned_twice_it_is_planned_once_and_then_not_changed(database: Database, campaigns: Campaigns) -> None:
    key = planned(database)
    assert marta(database).post(f"{AT}/{key}/plan").status_code == 409
    assert marta(database).post(f"{AT}/{key}", {**FORM, "template": "other"}).status_code == 409
    campaigns.run("2016-05-20 00:00")
    assert len(asked(campaigns)) == 2


@pytest.mark.usefixtures("campaigns")
@pytest.mark.parametrize(
    ("repeat", "said"), [("weekly", "Every Friday at 10:00"), ("monthly", "Every month on day 6 at 10:00")]
)
def test_a_draft_that_repeats_says_its_own_day_and_keeps_it_when_it_is_written_anew(
    database: Database, repeat: str, said: str
) -> None:
    key = written(database, repeat=repeat)
    page = marta(database)
    assert said in words(page.get(f"{AT}/{key}"))
    assert 'value="2016-05-06"' in page.get(f"{AT}/{key}?edit=1").get_data(as_text=True)


def test_every_week_it_goes_to_whoever_is_in_then_until_it_is_stopped(database: Database, campaigns: Campaigns) -> None:
    key = planned(database, repeat="weekly")
    campaigns.run("2016-05-14 00:00")
    assert len(asked(campaigns)) == 4
    assert "Every Friday at 10:00" in words(marta(database).get(f"{AT}/{key}"))
    marta(database, "2016-05-14 08:00").post(f"{AT}/{key}/stop")
    campaigns.run("2016-06-20 00:00")
    assert len(asked(campaigns)) == 4


def test_halves_get_different_texts_and_the_same_guest_the_same(database: Database, campaigns: Campaigns) -> None:
    planned(database, second="summer")
    campaigns.run("2016-05-20 00:00")
    assert {template for _, template, _ in asked(campaigns)} <= {"spring", "summer"}
    assert len(asked(campaigns)) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Give it a name"),
        ({"audience": ""}, "Choose the segment whose guests get it."),
        ({"left_out": "regulars"}, "cannot be left out"),
        ({"template": ""}, "Choose the text."),
        ({"second": "spring"}, "The other half gets another text."),
        ({"channels": "pigeon"}, "Choose at least one channel."),
        ({"day": "soon"}, "Choose the day."),
        ({"repeat": "weekly", "day": "2016-05-20"}, "begins on its next day"),
        ({"hour": "ten"}, "Say the hour."),
        ({"holdout": "51"}, "A whole number from 0 to 50."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    database: Database, changes: dict[str, str], says: str
) -> None:
    answer = marta(database).post(AT, {**FORM, **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and says in words(answer)
    assert 'value="10:00"' in page or "hour" in changes


def test_it_stands_on_its_own_page_and_not_among_the_journeys(database: Database) -> None:
    person = marta(database)
    assert "No broadcast yet" in words(person.get(AT))
    key = written(database)
    assert "Spring offer draft" in words(person.get(AT))
    assert "Spring offer" not in words(person.get("/campaigns/journeys"))
    again = person.get(f"{AT}/new?like={key}").get_data(as_text=True)
    assert 'value="Spring offer"' in again
    assert person.get(f"{AT}/{key}?edit=1").status_code == 200
    assert "群发" in words(person.get(AT, headers={"Accept-Language": "zh-CN"}))


def test_a_journey_is_no_broadcast_and_who_may_not_configure_sends_none(database: Database) -> None:
    person = marta(database)
    person.post("/campaigns/journeys", {"name": "Mine", "key": "mine"})
    assert person.get(f"{AT}/mine").status_code == 404
    assert person.post(f"{AT}/mine/plan").status_code == 404
    key = written(database)
    anton = browser(SERVICE.build_web, Config(), database, ANTON, at=instant(MONDAY))
    assert anton.get(AT).status_code == 403
    assert anton.post(f"{AT}/{key}/plan").status_code in (400, 403)


def test_two_months_after_its_day_it_is_over_and_whoever_keeps_what_it_used_is_told(
    database: Database, campaigns: Campaigns
) -> None:
    first = planned(database)
    campaigns.run("2016-05-20 00:00")
    campaigns.hear(outcome(campaigns.requested()[0], "sent", 1, "2016-05-06 08:01"))
    second = planned(database, "2016-06-20 08:00", name="Next", day="2016-06-24")
    assert campaigns.all("select key from journey where state = 'ended'") == []
    planned(database, "2016-07-20 08:00", name="Another", day="2016-07-24")
    assert campaigns.all("select key from journey where state = 'ended'") == [(first,)]
    assert [one["journey"] for one in campaigns.published("journey.ended.v1")] == [first]
    campaigns.run("2016-06-30 00:00")
    assert len(asked(campaigns)) == 4 and second != first
