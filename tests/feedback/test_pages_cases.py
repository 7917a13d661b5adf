"""Cases as people see and change them: by role and hotel, with a stale page, with the same form sent twice."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.service import SERVICE
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from tests.cast import ADA, ANA, ANTON, BEN, DINA, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, Feedback
from tests.web import Browser, browser, words

HOUR = timedelta(hours=1)


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    return feedback


def as_(feedback: Feedback, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def complaint(feedback: Feedback, ref: str = "1", *, hotel: str | None = "LIS", hours_ago: int = 1) -> UUID:
    opening = Opening(
        ref=ref,
        guest_id=ANA,
        reason=CaseReason.DESK,
        kind=CaseKind.COMPLAINT,
        level=2,
        property=hotel,
        words="The bill was wrong; call me on +351 910 000 001.",
        by="Filipa Faria",
    )
    with feedback.tx() as tx:
        return open_case(tx, opening, NOW - hours_ago * HOUR)


def path(case_id: UUID, verb: str = "") -> str:
    return f"/feedback/cases/{case_id}{verb}"


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_case_shows_who_waits_how_long_still_and_the_words_that_made_it(feedback: Feedback) -> None:
    complaint(feedback)
    text = words(as_(feedback, DINA).get("/feedback/cases"))
    for seen in (
        "Ana Silva",
        "Complaint",
        "level 2 of 3",
        "23 hours left",
        "The bill was wrong",
        "Nobody is responsible yet",
    ):
        assert seen in text


def test_the_most_urgent_stands_first_and_lateness_is_said(feedback: Feedback) -> None:
    complaint(feedback, "fresh")
    complaint(feedback, "late", hours_ago=30)
    text = words(as_(feedback, DINA).get("/feedback/cases"))
    assert "1 guest has waited longer than the deadline." in text
    assert text.index("late by 6 hours") < text.index("23 hours left")


def test_a_bad_score_and_a_reply_say_why_they_wait(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        survey = feedback.sent("survey", at=NOW - 2 * HOUR)
        answer_survey(tx, survey, 2, "The lift is behind the bed", Channel.EMAIL, NOW - HOUR)
        number = feedback.point("sms", NUMBER)
        receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=number, text="Who gave you my number?"), NOW)
    text = words(as_(feedback, DINA).get("/feedback/cases"))
    for seen in ("Gave the stay 2 of 10.", "The lift is behind the bed", "may mean «stop»", "Who gave you my number?"):
        assert seen in text


def test_another_hotels_cases_are_neither_listed_nor_opened_nor_changed(feedback: Feedback) -> None:
    case_id = complaint(feedback)
    wei = as_(feedback, WEI)
    assert "Ana Silva" not in words(wei.get("/feedback/cases"))
    assert wei.get(path(case_id)).status_code == 404
    closure = {"version": "1", "outcome": "put_right"}
    for verb, form in (("/closure", closure), ("/notes", {"note": str(uuid4()), "words": "x"})):
        assert wei.post(path(case_id, verb), form).status_code == 404
    assert feedback.published("case.closed.v1") == []


def test_a_case_of_no_hotel_is_for_who_sees_its_guest(feedback: Feedback) -> None:
    case_id = complaint(feedback, hotel=None)
    assert as_(feedback, WEI).get(path(case_id)).status_code == 404
    assert "Ana Silva" not in words(as_(feedback, WEI).get("/feedback/cases"))
    dina = as_(feedback, DINA)
    assert "Ana Silva" in words(dina.get("/feedback/cases"))
    page = words(dina.get(path(case_id)))
    assert "Filipa Faria" in page and "Wei Wang" not in page  # who may be responsible for it


def test_a_reply_that_must_be_read_is_for_the_guests_own_hotel(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        number = feedback.point("sms", NUMBER)
        receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=number, text="Who gave you my number?"), NOW)
    assert "Who gave you my number?" in words(as_(feedback, DINA).get("/feedback/cases"))
    assert "Who gave you my number?" not in words(as_(feedback, WEI).get("/feedback/cases"))


def test_who_may_not_see_contacts_reads_words_without_them(feedback: Feedback) -> None:
    page = words(as_(feedback, MARTA).get(path(complaint(feedback))))
    assert "The bill was wrong" in page and "910 000 001" not in page
    assert "910 000 001" in words(as_(feedback, DINA).get(path(complaint(feedback))))


def test_until_when_a_complaint_keeps_offers_away_is_said(feedback: Feedback) -> None:
    case_id = complaint(feedback)
    assert "until Dec 21, 2026 at the latest" in words(as_(feedback, DINA).get(path(case_id)))
    old = complaint(feedback, "old", hours_ago=31 * 24)
    assert "offers are sent to this guest again" in words(as_(feedback, DINA).get(path(old)))


def test_closing_takes_an_outcome_and_says_so_once(feedback: Feedback) -> None:
    case_id, dina = complaint(feedback), as_(feedback, DINA)
    form = {"version": version_on(dina.get(path(case_id)).get_data(as_text=True)), "outcome": "compensated"}
    page = words(dina.post(path(case_id, "/closure"), {**form, "words": "A bottle of wine."}))
    assert "Closed: Compensated" in page and "A bottle of wine." in page and "Dina Duarte closed it" in page
    assert dina.post(path(case_id, "/closure"), form).status_code == 409
    (said,) = feedback.published("case.closed.v1")
    assert (said["open"], said["version"]) == (False, 2)


def test_a_closed_case_can_be_opened_again_with_a_new_deadline(feedback: Feedback) -> None:
    case_id, dina = complaint(feedback, hours_ago=40), as_(feedback, DINA)
    dina.get(path(case_id))
    dina.post(path(case_id, "/closure"), {"version": "1", "outcome": "explained"})
    assert "24 hours left" in words(dina.post(path(case_id, "/reopening"), {"version": "2"}))
    assert [(said["version"], said["open"]) for said in feedback.published("case.opened.v1")] == [(1, True), (3, True)]
    assert dina.post(path(case_id, "/reopening"), {"version": "2"}).status_code == 409


def test_a_case_is_taken_on_or_handed_over_only_from_the_newest_page(feedback: Feedback) -> None:
    case_id, dina = complaint(feedback), as_(feedback, DINA)
    dina.get(path(case_id))
    mine = {"version": "1", "owner": str(DINA.person_id)}
    assert "Dina Duarte took it on." in words(dina.post(path(case_id, "/owner"), mine))
    assert dina.post(path(case_id, "/owner"), {**mine, "owner": str(FILIPA.person_id)}).status_code == 409
    assert "Ana Silva" in words(dina.get("/feedback/cases?view=mine"))
    assert "Ana Silva" not in words(dina.get("/feedback/cases?view=nobodys"))


@pytest.mark.parametrize("stranger", [WEI, ANTON])
def test_nobody_answers_for_a_case_who_may_not(feedback: Feedback, stranger: Member) -> None:
    case_id, dina = complaint(feedback), as_(feedback, DINA)
    dina.get(path(case_id))
    form = {"version": "1", "owner": str(stranger.person_id)}
    assert dina.post(path(case_id, "/owner"), form).status_code == 422


def test_a_note_is_kept_once_and_rests_sealed(feedback: Feedback) -> None:
    case_id, filipa = complaint(feedback), as_(feedback, FILIPA)
    filipa.get(path(case_id))
    form = {"note": str(uuid4()), "words": "Called her, no answer."}
    filipa.post(path(case_id, "/notes"), form)
    assert words(filipa.post(path(case_id, "/notes"), form)).count("Called her, no answer.") == 1
    ((sealed,),) = feedback.all("select words_sealed from case_entry")
    assert sealed.startswith("sealed:")


def test_a_note_that_is_too_long_is_kept_on_the_form(feedback: Feedback) -> None:
    case_id, filipa = complaint(feedback), as_(feedback, FILIPA)
    filipa.get(path(case_id))
    page = filipa.post(path(case_id, "/notes"), {"note": str(uuid4()), "words": "y" * 4001})
    assert page.status_code == 422
    assert "shorter than 4,000" in words(page) and "y" * 4001 in page.get_data(as_text=True)
    empty = filipa.post(path(case_id, "/notes"), {"note": str(uuid4()), "words": " "})
    assert "Write what happened." in words(empty)


def test_who_may_not_close_sees_no_button_and_is_refused(feedback: Feedback) -> None:
    case_id, filipa = complaint(feedback), as_(feedback, FILIPA)
    assert "Close the case" not in words(filipa.get(path(case_id)))
    assert filipa.post(path(case_id, "/closure"), {"version": "1", "outcome": "put_right"}).status_code == 403


def opening(guest: UUID = ANA, **more: str) -> dict[str, str]:
    return {"guest": str(guest), "ref": str(uuid4()), "how": "phone", "kind": "complaint", **more}


def test_a_complaint_is_opened_with_how_it_was_said_once(feedback: Feedback) -> None:
    filipa = as_(feedback, FILIPA)
    assert "Open a case for Ana Silva" in words(filipa.get(f"/feedback/cases/new?guest={ANA}"))
    form = opening(words="Cold shower.")
    page = words(filipa.post("/feedback/cases", form))
    assert "On the phone, recorded by Filipa Faria." in page and "Cold shower." in page
    filipa.post("/feedback/cases", form)
    (said,) = feedback.published("case.opened.v1")
    assert (said["kind"], said["property"], said["level"]) == ("complaint", "LIS", 2)


def test_words_beyond_measure_stay_on_the_opening_form(feedback: Feedback) -> None:
    filipa = as_(feedback, FILIPA)
    filipa.get(f"/feedback/cases/new?guest={ANA}")
    page = filipa.post("/feedback/cases", opening(words="z" * 4001))
    assert page.status_code == 422 and "z" * 4001 in page.get_data(as_text=True)
    assert feedback.published("case.opened.v1") == []


def test_a_guest_of_another_hotel_or_nobody_knows_gets_no_case(feedback: Feedback) -> None:
    wei = as_(feedback, WEI)
    for guest in (ANA, BEN):
        assert wei.get(f"/feedback/cases/new?guest={guest}").status_code == 404
        assert wei.post("/feedback/cases", opening(guest)).status_code == 404
    assert wei.get("/feedback/cases/new?guest=nonsense").status_code == 404
    assert as_(feedback, ANTON).get(f"/feedback/cases/new?guest={ANA}").status_code == 403


def test_each_look_and_change_stands_in_the_audit_trail(feedback: Feedback) -> None:
    case_id, dina = complaint(feedback), as_(feedback, DINA)
    dina.get(path(case_id))
    dina.post(path(case_id, "/closure"), {"version": "1", "outcome": "put_right"}, follow=False)
    assert [said["action"] for said in feedback.published("audit.recorded.v1")] == ["case.viewed", "case.closed"]


def test_the_words_of_a_case_go_with_the_guest(feedback: Feedback) -> None:
    case_id, dina = complaint(feedback), as_(feedback, DINA)
    dina.get(path(case_id))
    dina.post(path(case_id, "/notes"), {"note": str(uuid4()), "words": "She is ill."})
    feedback.erased(ANA, 9)
    text = words(dina.get(path(case_id)))
    assert "A guest without a name" in text
    assert "bill was wrong" not in text and "She is ill" not in text and "Anna" not in text


def test_many_cases_are_paged_and_none_is_lost(feedback: Feedback) -> None:
    for number in range(53):
        complaint(feedback, str(number), hours_ago=number % 5)
    dina, seen, address = as_(feedback, DINA), set(), "/feedback/cases"
    while address:
        page = dina.get(address).get_data(as_text=True)
        seen |= set(re.findall(r'href="/feedback/cases/([0-9a-f-]{36})"', page))
        found = re.search(r'href="(\?view=open[^"]*after=[^"]+)"', page)
        address = f"/feedback/cases{found[1].replace('&amp;', '&')}" if found else ""
    assert len(seen) == 53


def test_an_empty_page_teaches(feedback: Feedback) -> None:
    text = words(as_(feedback, DINA).get("/feedback/cases"))
    assert "Nobody waits." in text and "Find a guest" in text


def test_the_home_page_is_told_who_waits(feedback: Feedback) -> None:
    complaint(feedback, hours_ago=30)
    complaint(feedback, "shanghai", hotel="SHA")
    told = as_(feedback, DINA).get("/feedback/home").json
    assert told is not None
    assert told["open_cases"] == 1
    assert [(need["tone"], need["count"]) for need in told["needs"]] == [("bad", 1), ("look", 1), ("look", 1)]
    assert as_(feedback, ADA).get("/feedback/home").json["open_cases"] == 2  # type: ignore[index]


def test_a_guests_story_tells_answers_replies_and_cases_newest_first(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        answer_survey(tx, feedback.sent("survey", at=NOW - 6 * HOUR), 9, "Lovely", Channel.EMAIL, NOW - 5 * HOUR)
        number = feedback.point("sms", NUMBER)
        receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=number, text="See you!"), NOW - 2 * HOUR)
    complaint(feedback)
    told = as_(feedback, DINA).get(f"/feedback/guests/{ANA}/story").json
    assert told is not None
    assert [entry["kind"] for entry in told["entries"]] == ["case", "answer", "answer"]
    assert "See you!" in told["entries"][1]["html"] and "Lovely" in told["entries"][2]["html"]
    assert f"/feedback/cases/new?guest={ANA}" in told["actions"]


def test_a_story_holds_nothing_of_another_hotel_and_no_action_for_who_may_not(feedback: Feedback) -> None:
    complaint(feedback)
    told = as_(feedback, WEI).get(f"/feedback/guests/{ANA}/story").json
    assert told == {"entries": [], "actions": ""}
    assert as_(feedback, ANTON).get(f"/feedback/guests/{ANA}/story").json["actions"] == ""  # type: ignore[index]


def test_replies_wait_to_be_read_and_lead_to_a_case(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        number = feedback.point("sms", NUMBER)
        receive_reply(tx, Reply(ref="1", channel=Channel.SMS, point=number, text="When is breakfast?"), NOW)
        receive_reply(tx, Reply(ref="2", channel=Channel.SMS, point=number, text="STOP"), NOW)
        receive_reply(tx, Reply(ref="3", channel=Channel.SMS, point="0" * 64, text="Who is this?"), NOW)
    dina = as_(feedback, DINA)
    page = dina.get("/feedback/replies")
    assert "When is breakfast?" in words(page)
    assert "Unknown number" not in words(page)  # it may be any hotel's guest
    assert "Unknown number" in words(as_(feedback, MARTA).get("/feedback/replies"))
    assert "Taken as STOP" not in words(page)
    assert "Taken as STOP" in words(dina.get("/feedback/replies?view=stops"))
    assert f"/feedback/cases/new?guest={ANA}&amp;how=reply" in page.get_data(as_text=True)
