"""What the pages of journeys show, to whom, and what their verbs do."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import request
from werkzeug.test import TestResponse

from services.campaigns.commands.publish import publish
from services.campaigns.config import Config
from services.campaigns.schemas import parse
from services.campaigns.service import SERVICE
from services.campaigns.shipped import install_shipped
from shared.database.pool import Database
from shared.vocabulary.reason import GATE, PROVIDER, reason_named
from shared.web.site import FOR_A_PAGE, _signatures_of
from tests.campaigns.cast import Campaigns, audience, birthday, lapse, outcome, stay
from tests.cast import ADA, ANA, ANTON, BEN, CARLA, DINA, FILIPA, MARTA, NOW, Member
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, words

AT = "/campaigns/journeys"


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("campaigns")


def as_(database: Database, who: Member = MARTA, at: datetime = NOW) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, at=at)


def installed(database: Database) -> Campaigns:
    with database.transaction() as tx:
        install_shipped(tx, NOW, by="Marta Marques")
    return Campaigns(database)


def text_of(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def launch(person: Browser, key: str, **values: str) -> TestResponse:
    person.get(f"{AT}/{key}/launch")
    return person.post(f"{AT}/{key}/launch", {"version": "1", **values})


def live(database: Database, key: str) -> tuple[Browser, Campaigns]:
    """Launched an hour ago."""
    campaigns = installed(database)
    launch(as_(database, at=NOW - timedelta(hours=1)), key)
    return as_(database), campaigns


def test_an_empty_page_teaches_and_offers_what_is_ready(database: Database) -> None:
    said = words(as_(database).get(AT))
    assert "No journey yet" in said and "Ready to use" in said
    assert "Birthday, a week before 7 days before a guest's birthday" in said
    assert "How was your stay? When a guest checks out" in said


def test_a_ready_journey_is_taken_as_a_draft_and_published(database: Database) -> None:
    person = as_(database)
    person.get(AT)
    answer = person.post(AT, {"like": "birthday", "key": "birthday", "name": "Birthday, a week before"})
    assert "Ready to publish" in words(answer)
    answer = person.post(f"{AT}/birthday/edit/publication", {"revision": "1"})
    assert "Version 1 is published." in words(answer)
    listed = words(person.get(AT))
    assert "draft" in listed and "Birthday, a week before 7 days before a guest's birthday" not in listed


def test_only_who_configures_sees_journeys(database: Database) -> None:
    installed(database)
    for who, status in ((MARTA, 200), (ADA, 200), (ANTON, 403), (FILIPA, 403), (DINA, 403)):
        assert as_(database, who).get(AT).status_code == status
        assert as_(database, who).get(f"{AT}/birthday").status_code == status
    assert as_(database).get(f"{AT}/surprise").status_code == 404
    assert as_(database).get(f"{AT}/birthday?version=7").status_code == 404


def test_the_flow_is_drawn_in_words(database: Database) -> None:
    installed(database)
    said = words(as_(database).get(f"{AT}/win-back"))
    for part in (
        "When a guest enters «lapsed-3-months-regular»",
        "Was it a cancelled stay or a stay the guest did not show up for that brought the guest in?",
        "Yes 14 days later",
        "No goes straight on",
        "Until 10:00",
        "By e-mail, else by text message, of use for 7 days",
        "Ends early when The guest leaves the segment by which they entered",
        "The guest books within 60 days of a message",
        "published by Marta Marques",
    ):
        assert part in said


def test_the_flow_is_drawn_in_chinese(database: Database) -> None:
    installed(database)
    said = words(as_(database).get(f"{AT}/win-back", headers={"Accept-Language": "zh-CN"}))
    assert "当宾客进入“lapsed-3-months-regular”时" in said and "14 天后" in said


def test_a_shipped_name_is_read_in_chinese_and_saved_as_it_was(database: Database) -> None:
    installed(database)
    person, chinese = as_(database), {"Accept-Language": "zh-CN"}
    for path in (AT, f"{AT}/birthday"):
        said = words(person.get(path, headers=chinese))
        assert "生日前一周" in said and "Birthday, a week before" not in said
    person.get(f"{AT}/birthday/edit", headers=chinese)
    settings = {"name": "生日前一周", "purpose": "marketing", "priority": "50", "holdout": "10", "re_entry": "always"}
    person.post(f"{AT}/birthday/edit/settings", settings, headers=chinese)
    assert "Edit «Birthday, a week before»" in words(person.get(f"{AT}/birthday/edit"))


def test_every_reason_of_messaging_is_there_in_words() -> None:
    assert all(reason_named(reason.value) is reason for reason in (*GATE, *PROVIDER))


def test_a_launch_says_what_the_journey_is_called(database: Database) -> None:
    _, campaigns = live(database, "birthday")
    assert [said["name"] for said in campaigns.published("journey.launched.v1")] == ["Birthday, a week before"]


def test_a_journey_is_launched_and_can_be_taken_back_for_ten_minutes(database: Database) -> None:
    campaigns = installed(database)
    person = as_(database)
    check = words(person.get(f"{AT}/post-stay-survey/launch"))
    assert "What will be sent" in check and "no sooner than ten minutes" in check
    answer = launch(person, "post-stay-survey")
    assert "Version 1 is live from now on." in words(answer) and "Take back" in words(answer)
    campaigns.hear(stay("checked_out", 2, at=text_of(NOW)))
    answer = person.post(f"{AT}/post-stay-survey/take-back")
    assert "The launch is taken back" in words(answer) and "launch taken back" in words(answer)
    assert campaigns.enrolments() == []
    assert person.post(f"{AT}/post-stay-survey/take-back").status_code == 409


def test_after_ten_minutes_a_launch_is_not_taken_back(database: Database) -> None:
    person, _ = live(database, "birthday")
    page = words(person.get(f"{AT}/birthday"))
    assert "Take back" not in page and "Pause" in page
    assert person.post(f"{AT}/birthday/take-back").status_code == 409


def test_pausing_resuming_and_ending_say_how_many_guests_it_concerns(database: Database) -> None:
    person, campaigns = live(database, "post-stay-survey")
    campaigns.hear(stay("checked_out", 2, at=text_of(NOW)))
    person.get(f"{AT}/post-stay-survey")
    assert "Paused: 1 guest waits." in words(person.post(f"{AT}/post-stay-survey/pause"))
    assert person.post(f"{AT}/post-stay-survey/pause").status_code == 409
    assert "Resumed: 1 guest goes on." in words(person.post(f"{AT}/post-stay-survey/resume"))
    page = person.get(f"{AT}/post-stay-survey").get_data(as_text=True)
    assert "1 guest is waiting in it and will get nothing more." in page
    assert "Ended: 1 guest left it." in words(person.post(f"{AT}/post-stay-survey/end"))
    assert campaigns.enrolments() == []
    audits = [said["action"] for said in campaigns.published("audit.recorded.v1")]
    assert audits == ["journey.launched", "journey.paused", "journey.resumed", "journey.ended"]


def test_those_inside_are_let_in_at_the_number_she_sets(database: Database) -> None:
    campaigns = installed(database)
    person = as_(database)
    answer = launch(person, "win-back", inside="some", a_day="0")
    assert answer.status_code == 422 and "Say how many a day" in words(answer)
    launch(person, "win-back", inside="some", a_day="2")
    for number, guest in enumerate((ANA, BEN, CARLA)):
        because = {"kind": "initial", "last_stay": lapse(reservation=f"R{number}")["last_stay"]}
        segment = "lapsed-3-months-regular"
        campaigns.hear(audience(guest, 1, True, text_of(NOW), segment=segment, because=because, initial=True))
    assert "3 guests who were inside before the launch are not let in yet; 2 a day enter." in words(
        person.get(f"{AT}/win-back")
    )
    campaigns.run(text_of(NOW + timedelta(minutes=10)))
    assert len(campaigns.enrolments()) == 2


def test_the_launch_page_says_how_many_come_this_way_a_day(database: Database) -> None:
    campaigns = installed(database)
    for number in range(45):
        at = NOW - timedelta(days=number % 15, hours=1)
        campaigns.hear(stay("checked_out", 2, at=text_of(at), reservation=f"R{number}"))
    said = words(as_(database).get(f"{AT}/post-stay-survey/launch"))
    assert "about 1.5 a day at most 3 on one day" in said


def test_figures_count_what_went_and_name_the_commonest_refusal(database: Database) -> None:
    person, campaigns = live(database, "birthday")
    at = NOW - timedelta(minutes=30)
    for number, guest in enumerate((ANA, BEN, CARLA)):
        because = birthday(f"{NOW + timedelta(days=8 + number):%Y-%m-%d}")
        campaigns.hear(audience(guest, 1, True, text_of(at), segment="birthday-in-7-days", because=because))
    campaigns.run(text_of(NOW + timedelta(days=10)))
    sent, refused, held_out = campaigns.requested()
    later = text_of(NOW + timedelta(days=10))
    campaigns.hear(outcome(sent, "sent", 1, later))
    campaigns.hear(outcome(refused, "skipped", 1, later, "no_consent"))
    campaigns.hear(outcome(held_out, "skipped", 1, later, "holdout"))
    said = words(person.get(AT))
    assert (
        "live 3 0 1 1 mostly: the guest has not agreed to offers on this channel 0% of 1 guest "
        "against the control group: too few to tell" in said
    )
    steps = words(person.get(f"{AT}/birthday"))
    assert "1 sent 1 not sent 1 in the control group" in steps
    people = words(person.get(f"{AT}/birthday/people?step=announcement&what=refused"))
    assert "not sent: the guest has not agreed to offers on this channel" in people
    assert "not sent: the guest is in the control group" in people


def test_the_control_group_reaches_the_goal_by_the_same_rule(database: Database) -> None:
    _, campaigns = live(database, "birthday")
    for guest in (ANA, BEN):
        because = birthday(f"{NOW + timedelta(days=8):%Y-%m-%d}")
        campaigns.hear(audience(guest, 1, True, text_of(NOW), segment="birthday-in-7-days", because=because))
    campaigns.run(text_of(NOW + timedelta(days=2)))
    sent, held_out = campaigns.requested()
    settled = text_of(NOW + timedelta(days=2))
    campaigns.hear(outcome(sent, "sent", 1, settled))
    campaigns.hear(outcome(held_out, "skipped", 1, settled, "holdout"))
    for number, message in enumerate((sent, held_out)):
        booked = text_of(NOW + timedelta(days=3))
        guest = ANA if message["guest_id"] == str(ANA) else BEN
        campaigns.hear(stay("booked", 1, at=booked, guest=guest, reservation=f"B{number}"))
    with database.transaction() as tx:
        reached = tx.execute("select held_out, count(*) from goal group by held_out order by held_out").fetchall()
    assert reached == [(False, 1), (True, 1)]


def test_the_guests_of_a_step_are_linked_and_say_what_they_wait_for(database: Database) -> None:
    person, campaigns = live(database, "post-stay-survey")
    campaigns.hear(stay("checked_out", 2, at=text_of(NOW), reservation="R7"))
    page = person.get(f"{AT}/post-stay-survey/people?step=survey&what=waiting")
    assert f"/segments/guests/{ANA}" in page.get_data(as_text=True)
    assert "the stay R7" in words(page) and "waits: post-stay-survey" in words(page)
    assert "tomorrow 10:00 (Lisbon)" in words(page)
    assert "Nobody here" in words(person.get(f"{AT}/post-stay-survey/people?step=survey&what=sent"))
    assert person.get(f"{AT}/post-stay-survey/people?what=else").status_code == 404
    assert person.get(f"{AT}/post-stay-survey/people?after=x").status_code == 404


def test_the_guests_of_another_hotel_are_counted_and_listed_nowhere(database: Database) -> None:
    person, campaigns = live(database, "post-stay-survey")
    campaigns.hear(stay("checked_out", 2, at=text_of(NOW), reservation="R7"))  # in Lisbon
    assert f"/segments/guests/{ANA}" in person.get(f"{AT}/post-stay-survey/people?hotel=LIS").get_data(as_text=True)
    elsewhere = person.get(f"{AT}/post-stay-survey/people?hotel=SHA").get_data(as_text=True)
    assert f"/segments/guests/{ANA}" not in elsewhere
    story = as_(database, FILIPA).get(f"/campaigns/guests/{ANA}/story")
    assert story.json is not None and len(story.json["entries"]) == 1


def test_a_long_list_is_paged_and_nobody_is_missed(database: Database) -> None:
    person, campaigns = live(database, "post-stay-survey")
    for number in range(120):
        campaigns.hear(stay("checked_out", 2, at=text_of(NOW), reservation=f"R{number}"))
    seen: set[str] = set()
    url = f"{AT}/post-stay-survey/people?what=waiting"
    for _ in range(3):
        html = person.get(url).get_data(as_text=True)
        seen |= set(re.findall(r"the stay (R\d+)", html))
        if following := re.search(r'href="(\?[^"]*after=[^"]+)"', html):
            url = f"{AT}/post-stay-survey/people{unescape(following[1])}"
    assert len(seen) == 120


def test_a_guests_story_tells_why_she_entered_what_she_waits_for_and_why_she_left(database: Database) -> None:
    person, campaigns = live(database, "win-back")
    segment = "lapsed-3-months-regular"
    campaigns.hear(audience(ANA, 1, True, text_of(NOW - timedelta(minutes=5)), segment=segment, because=lapse()))
    (entry,) = person.get(f"/campaigns/guests/{ANA}/story").json["entries"]  # type: ignore[index]
    assert entry["kind"] == "audience" and entry["at"].startswith("2026-11-21T11:55")
    for part in (
        "Entered «We have not seen you for three months»",
        "since the stay R1",
        "Waits for the message",
        "10:00",
    ):
        assert part in entry["html"]
    booked = {"kind": "stay", "what": "stay.booked"}
    campaigns.hear(audience(ANA, 2, False, text_of(NOW), segment=segment, because=booked))
    newest, oldest = person.get(f"/campaigns/guests/{ANA}/story").json["entries"]  # type: ignore[index]
    assert "Left «We have not seen you for three months»: the guest has booked" in newest["html"]
    assert "Waits" not in oldest["html"]
    assert person.get(f"/campaigns/guests/{BEN}/story").json == {"entries": [], "actions": ""}


def test_looking_at_a_launch_writes_nothing_and_the_page_says_by_itself_that_it_was_looked_at(
    database: Database,
) -> None:
    installed(database)
    person = as_(database)
    page = person.get(f"{AT}/birthday/launch").get_data(as_text=True)
    assert as_(database, ANTON).get("/campaigns/home").json["rehearsed"] is False  # type: ignore[index]
    assert f'hx-post="{AT}/birthday/launch/check" hx-trigger="load"' in page
    assert person.post(f"{AT}/birthday/launch/check").status_code == 204
    assert as_(database, ANTON).get("/campaigns/home").json["rehearsed"] is True  # type: ignore[index]


def test_a_story_opened_by_itself_is_noted_and_one_asked_for_by_a_page_is_not_again(database: Database) -> None:
    campaigns = installed(database)
    person = as_(database)
    person.get(f"/campaigns/guests/{ANA}/story")
    person.get(f"/campaigns/guests/{ANA}/story", headers={FOR_A_PAGE: "1"})
    with person.app.test_request_context(headers={"Cookie": cookie_of(person)}):
        sealed = _signatures_of(request.headers["Cookie"])[0]
    person.get(f"/campaigns/guests/{ANA}/story", headers={FOR_A_PAGE: sealed})
    noted = [(said["action"], said["subject"]) for said in campaigns.published("audit.recorded.v1")]
    assert noted == [("guest.story_viewed", f"guest {ANA}")] * 2


def cookie_of(person: Browser) -> str:
    found = person.client.get_cookie("guestloop")
    assert found is not None
    return f"guestloop={found.value}"


def test_the_home_page_is_told_which_journeys_run_and_what_needs_a_person(database: Database) -> None:
    person, campaigns = live(database, "post-stay-survey")
    campaigns.hear(stay("checked_out", 2, at=text_of(NOW)))
    told = as_(database, ANTON).get("/campaigns/home").json
    assert told is not None
    days = told.pop("coming")
    assert [one["day"] for one in days] == [f"2026-11-{day}" for day in range(21, 28)]
    assert [one["journeys"] for one in days if one["journeys"]] == [[{"name": "How was your stay?", "guests": 1}]]
    assert told == {
        "needs": [],
        "journeys": [
            {"key": "post-stay-survey", "name": "How was your stay?", "state": "live", "entered": 1, "waiting": 1}
        ],
        "rehearsed": True,
        "won": {"bookings": 0, "earned": [], "counted_at": None},
    }
    person.get(f"{AT}/post-stay-survey")
    person.post(f"{AT}/post-stay-survey/pause")
    (need,) = as_(database, ANTON).get("/campaigns/home").json["needs"]  # type: ignore[index]
    assert need["text"] == "«How was your stay?» is paused, 1 guest waits"
    assert need["url"] == f"{AT}/post-stay-survey"


WELCOME = """
key: welcome
name: Welcome
purpose: marketing
entry: {audience: first-stay}
steps:
  - key: listen
    wait_for: {event: survey.answered, within: {days: 2}, else: hello}
  - key: hello
    send: {template: welcome, channels: [email], useful_for: {days: 2}}
"""


def test_who_waits_for_something_is_shown_with_what_and_until_when(database: Database) -> None:
    campaigns = Campaigns(database)
    with database.transaction() as tx:
        publish(tx, parse(WELCOME), NOW, "Marta Marques")
    launch(as_(database, at=NOW - timedelta(hours=1)), "welcome")
    campaigns.hear(audience(ANA, 1, True, text_of(NOW), segment="first-stay"))
    campaigns.tick(text_of(NOW))
    person = as_(database)
    people = words(person.get(f"{AT}/welcome/people?step=listen&what=waiting"))
    assert "waits: Until the guest answers a survey, for 2 days at most Nov 23 13:00 (Berlin)" in people
    assert "1 waits" in words(person.get(f"{AT}/welcome"))
    (entry,) = person.get(f"/campaigns/guests/{ANA}/story").json["entries"]  # type: ignore[index]
    assert "Waits: Until the guest answers a survey, for 2 days at most" in entry["html"]
