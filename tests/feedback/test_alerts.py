"""What cannot wait reaches somebody: at once, one after the other, once a case, and the case tells how it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.feedback.commands.answer_survey import answer_survey
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.understanding import CaseFor, understand
from services.feedback.understanding.urgent import Urgency, urgency_of
from shared.events.dictionary import chunk_of
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeState
from shared.vocabulary.purpose import Purpose
from tests.cast import ADA, ANA, DINA, FILIPA, MARTA, NOW, WEI, access_of, employ
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER
from tests.feedback.duty import Duty, hour
from tests.web import words

A_MINUTE = timedelta(minutes=1)
DINA_CALLED = [("Dina", "sms"), ("Dina", "email")]
FILIPA_CALLED = [("Filipa", "sms"), ("Filipa", "email")]
AT_NIGHT = datetime.fromisoformat("2026-11-21T02:00:00+00:00")  # the same hour in Lisbon


@pytest.fixture
def duty(make_database: MakeDatabase) -> Duty:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.property_says(threshold=6)
    duty.knows(ANA)
    duty.list_of(DINA, FILIPA)
    return duty


def reply(duty: Duty, text: str, ref: str = "1", point: str | None = None) -> None:
    with duty.tx() as tx:
        receive_reply(tx, Reply(ref=ref, channel=Channel.SMS, point=point or duty.point("sms", NUMBER), text=text), NOW)


def case_page(duty: Duty, case_id: UUID, at: datetime = NOW) -> str:
    return words(duty.as_(DINA, at).get(f"/feedback/cases/{case_id}"))


def test_a_complaint_calls_the_first_on_the_list_at_once_and_once(duty: Duty) -> None:
    case_id = duty.complaint()
    duty.complaint()
    duty.tick(NOW)
    assert duty.called() == DINA_CALLED
    asked = duty.published("notice.requested.v1")
    assert {(each["kind"], each["page"], each["lane"]) for each in asked} == {
        ("duty_call", f"/feedback/cases/{case_id}", "stay")
    }
    (opened,) = duty.published("case.opened.v1")
    assert (opened["alert"], opened["because"]) == ("list", "complaint")


def test_nothing_of_the_guest_travels_with_a_call(duty: Duty) -> None:
    duty.complaint(words="Ana Silva of 412 says the bill was wrong", room="412")
    (first, _) = duty.published("notice.requested.v1")
    assert first["details"] == {
        "name": "Dina Duarte",
        "what": "complaint",
        "hotel": "Casa do Tejo Lisboa",
        "room": "412",
    }
    bodies = str(duty.all("select convert_from(body, 'utf8') from outbox where type = 'notice.requested.v1'"))
    assert "Silva" not in bodies and "+351910000101" not in bodies and "bill" not in bodies


def test_the_next_is_called_after_the_deadline_and_the_case_tells_it(duty: Duty) -> None:
    case_id = duty.complaint()
    duty.settle(NOW, NoticeState.SENT, last=2)
    duty.tick(NOW + 14 * A_MINUTE)
    assert duty.called() == DINA_CALLED
    later = NOW + 15 * A_MINUTE
    duty.tick(later)
    assert duty.called() == [*DINA_CALLED, *FILIPA_CALLED]
    page = case_page(duty, case_id, later)
    assert "Dina Duarte e-mail and text message today 12:00 (Lisbon) no answer" in page
    assert "Filipa Faria e-mail and text message today 12:15 (Lisbon) on its way" in page


def test_the_list_is_gone_through_twice_then_home_says_that_nobody_answered(duty: Duty) -> None:
    case_id = duty.complaint()
    for quarter in range(1, 9):
        duty.tick(NOW + quarter * 15 * A_MINUTE)
    assert duty.called() == 2 * [*DINA_CALLED, *FILIPA_CALLED]
    assert "Everybody on the duty list was called, and nobody answered." in case_page(duty, case_id)
    needs = duty.as_(DINA).get("/feedback/home").json["needs"]  # type: ignore[index]
    assert ("1 alert has no answer yet", "bad", "/feedback/alerts") in [
        (need["text"], need["tone"], need["url"]) for need in needs
    ]


@pytest.mark.parametrize("what", ["owner", "note", "close", "tap"])
def test_whoever_does_something_about_it_has_answered_and_nobody_else_is_called(duty: Duty, what: str) -> None:
    case_id, filipa, dina = duty.complaint(), duty.as_(FILIPA), duty.as_(DINA)
    path = f"/feedback/cases/{case_id}"
    filipa.get(path)
    dina.get(path)
    match what:
        case "owner":
            filipa.post(f"{path}/owner", {"version": "1", "owner": str(FILIPA.person_id)})
        case "note":
            filipa.post(f"{path}/notes", {"note": str(case_id), "words": "On my way."})
        case "close":
            dina.post(f"{path}/closure", {"version": "1", "outcome": "explained"})
        case _:
            filipa.post(f"/feedback/alerts/{duty.one('select alert_id from alert')}/answer")
    duty.tick(NOW + timedelta(hours=2))
    assert duty.called() == DINA_CALLED
    who = "Dina Duarte" if what == "close" else "Filipa Faria"
    assert f"Answered by {who}" in case_page(duty, case_id)
    assert (duty.one("select answered_by from alert where because = 'complaint'")) == who


def test_a_call_that_fails_is_shown_and_the_next_one_is_called_at_once(duty: Duty) -> None:
    case_id = duty.complaint()
    duty.settle(NOW, NoticeState.FAILED, channel="sms")
    assert duty.called() == DINA_CALLED  # the mail may still arrive
    for _ in range(2):  # as often as it is heard
        duty.settle(NOW + A_MINUTE, NoticeState.FAILED, channel="email")
    assert duty.called() == [*DINA_CALLED, *FILIPA_CALLED]
    assert "not sent: nobody is reached at this address or number" in case_page(duty, case_id, NOW + A_MINUTE)


def test_what_became_of_a_call_is_kept_by_its_version_however_it_arrives(duty: Duty) -> None:
    duty.complaint()
    duty.settle(NOW, NoticeState.SENT, version=4, last=2)
    duty.settle(NOW, NoticeState.FAILED, version=3, last=2)  # an older one, late
    assert duty.called() == DINA_CALLED
    assert duty.all("select distinct state from alert_call") == [("sent",)]


def test_where_everything_fails_nobody_is_called_for_ever(duty: Duty) -> None:
    duty.complaint()
    for _ in range(9):
        duty.settle(NOW, NoticeState.FAILED, last=2)
        duty.tick(NOW)
    assert duty.called() == 2 * [*DINA_CALLED, *FILIPA_CALLED]
    assert duty.one("select ended from alert") == "given_up"


def test_a_process_that_dies_between_the_lines_calls_nobody_twice_and_leaves_nobody_out(duty: Duty) -> None:
    duty.complaint()
    with pytest.raises(RuntimeError), duty.tx() as tx:
        from services.feedback.commands.alerts.escalating import escalate

        assert escalate(tx, NOW + 15 * A_MINUTE) == 1
        raise RuntimeError("the process dies before the commit")
    assert duty.called() == DINA_CALLED
    duty.tick(NOW + 15 * A_MINUTE)
    assert duty.called() == [*DINA_CALLED, *FILIPA_CALLED]


def test_quiet_hours_that_would_last_all_day_are_none(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.list_of(DINA, quiet_from=hour(22), quiet_until=hour(22))
    duty.complaint()
    assert duty.called() == DINA_CALLED


def test_somebody_in_quiet_hours_is_passed_over(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.list_of(DINA, quiet_from=hour(22), quiet_until=hour(7))
    duty.list_of(FILIPA)
    duty.complaint(at=AT_NIGHT)
    assert duty.called() == FILIPA_CALLED


def test_where_all_sleep_the_first_to_be_back_is_called_then(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.list_of(DINA, quiet_from=hour(22), quiet_until=hour(7))
    duty.list_of(FILIPA, quiet_from=hour(22), quiet_until=hour(6))
    case_id = duty.complaint(at=AT_NIGHT)
    assert duty.called() == []
    assert "Everybody on the duty list has quiet hours now." in case_page(duty, case_id, AT_NIGHT)
    duty.tick(AT_NIGHT + timedelta(hours=3, minutes=59))
    assert duty.called() == []
    duty.tick(AT_NIGHT + timedelta(hours=4))
    assert duty.called() == FILIPA_CALLED


def test_whoever_slept_is_called_in_the_morning_where_nobody_else_answered(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.list_of(DINA)
    duty.list_of(FILIPA, quiet_from=hour(22), quiet_until=hour(7))
    duty.complaint(at=AT_NIGHT)
    for minutes in (15, 30, 299):
        duty.tick(AT_NIGHT + minutes * A_MINUTE)
    assert duty.called() == 2 * DINA_CALLED
    duty.tick(AT_NIGHT + timedelta(hours=5))
    assert duty.called() == [*DINA_CALLED, *DINA_CALLED, *FILIPA_CALLED]


def test_an_emergency_calls_everybody_at_once_and_wakes_whoever_may_be_woken(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    duty.list_of(DINA, quiet_from=hour(0), quiet_until=hour(23))
    duty.on_duty("Night desk", number="+351910000103")
    duty.on_duty("Rui Reis", quiet_from=hour(0), quiet_until=hour(23), wakes=False)
    duty.complaint(words="Call an ambulance, room 412!")
    assert {name for name, _ in duty.called()} == {"Dina", "Night"}
    assert duty.published("case.opened.v1")[0]["because"] == "emergency"
    duty.tick(NOW + 5 * A_MINUTE)
    assert len(duty.called()) == 8


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("The ceiling is leaking!!", Urgency.URGENT),
        ("LEAK in room 412", Urgency.URGENT),
        ("We can’t breathe, smoke everywhere", Urgency.EMERGENCY),
        ("Please call an ambulance", Urgency.EMERGENCY),
        ("天花板在漏水", Urgency.URGENT),
        ("快叫救护车", Urgency.EMERGENCY),
        ("請叫救護車", Urgency.EMERGENCY),
        ("Há uma fuga de água no quarto", Urgency.URGENT),
        ("Chamem uma ambulância", Urgency.EMERGENCY),
        ("Hay una inundación en el baño", Urgency.URGENT),
        ("Llamen a la policía", Urgency.EMERGENCY),
        ("Il y a une fuite d’eau", Urgency.URGENT),
        ("On sent une odeur de gaz", Urgency.EMERGENCY),
        ("Wir sind ausgesperrt", Urgency.URGENT),
        ("Bitte einen Krankenwagen, schnell", Urgency.EMERGENCY),
        ("トイレが水漏れしています", Urgency.URGENT),
        ("Вызовите скорую", Urgency.EMERGENCY),
        ("Thank you, lovely stay", Urgency.NONE),
        ("The fireplace was on, so cosy", Urgency.NONE),
        ("We stole away for a weekend, unbleakable", Urgency.NONE),
        ("水果很新鲜，谢谢", Urgency.NONE),
        ("Ótima estadia, obrigado", Urgency.NONE),
        ("Gran estancia con buena ambientación", Urgency.NONE),
        ("Alles bestens, das Wasser war warm", Urgency.NONE),
        ("", Urgency.NONE),
    ],
)
def test_words_that_cannot_wait_are_known_in_the_languages_of_guests(text: str, urgency: Urgency) -> None:
    assert urgency_of(text) is urgency


def test_a_reply_that_says_leaking_opens_a_case_and_calls_somebody_once(duty: Duty) -> None:
    for _ in range(2):
        reply(duty, "Our bathroom is leaking into the hall")
    (case,) = duty.published("case.opened.v1")
    assert (case["level"], case["property"], case["alert"], case["because"]) == (3, "LIS", "list", "urgent")
    assert duty.called() == DINA_CALLED
    page = case_page(duty, UUID(case["case_id"]))
    assert "The guest wrote words that cannot wait." in page and "leaking into the hall" in page


@pytest.mark.parametrize("asked", [True, False], ids=["a survey waits", "none waits"])
@pytest.mark.parametrize(
    "text",
    [
        "The tap is leaking",
        "Our bathroom is leaking and nobody helps, this is unacceptable",
        "ambulance to room 5 please",
        "The room was filthy, I want my money back",
        "2, the room was filthy",
        "9, but the tap is leaking",
        "9",
        "2",
        "Lovely, thank you",
    ],
)
def test_what_is_said_of_a_text_beforehand_is_what_is_opened(duty: Duty, text: str, asked: bool) -> None:
    if asked:
        duty.sent("survey", at=NOW)
    else:
        duty.sent("thanks", purpose=Purpose.STAY_SERVICE, at=NOW)
    said = understand(text, survey_open=asked)
    reply(duty, text)
    opened = [(one["kind"], one["because"] in ("urgent", "emergency")) for one in duty.published("case.opened.v1")]
    assert opened == ([] if said.case is CaseFor.NONE else [(str(said.case), said.urgent)])


def test_a_stranger_who_needs_help_is_heard_by_every_hotel_and_answered_by_a_tap(duty: Duty) -> None:
    duty.list_of(WEI, hotel="SHA")
    reply(duty, "ambulance to room 5 please", point="sms.1:stranger")
    assert {name for name, _ in duty.called()} == {"Dina", "Filipa", "Wei"}
    assert duty.published("case.opened.v1") == []
    wei = duty.as_(WEI)
    assert "It may be any hotel’s guest." in words(wei.get("/feedback/alerts"))
    ada = duty.as_(ADA)
    page = ada.get("/feedback/alerts")
    assert "somebody may be in danger" in words(page) and "It may be any hotel’s guest." in words(page)
    answer = f"/feedback/alerts/{duty.one('select alert_id from alert')}/answer"
    assert "ambulance to room 5" in words(ada.post(answer))
    assert wei.post(answer).status_code == 200  # she was called as well
    assert "Every alert has been answered." in words(ada.get("/feedback/alerts"))
    before = len(duty.called())
    duty.tick(NOW + timedelta(hours=1))
    assert len(duty.called()) == before


@pytest.mark.parametrize(("score", "calls"), [(2, True), (4, True), (6, False), (9, False)])
def test_a_low_score_calls_somebody_and_a_middling_one_waits(duty: Duty, score: int, calls: bool) -> None:
    with duty.tx() as tx:
        answer_survey(tx, duty.sent("survey", at=NOW), score, "The pillows.", Channel.EMAIL, NOW)
    assert bool(duty.called()) is calls


def test_a_good_score_with_words_that_cannot_wait_calls_somebody(duty: Duty) -> None:
    with duty.tx() as tx:
        answer_survey(tx, duty.sent("survey", at=NOW), 9, "Lovely, but the tap is leaking.", Channel.EMAIL, NOW)
    assert duty.called() == DINA_CALLED


def test_words_that_cannot_wait_call_somebody_once_also_where_a_case_is_open_already(duty: Duty) -> None:
    survey = duty.sent("survey", at=NOW)
    with duty.tx() as tx:
        answer_survey(tx, survey, 6, "The pillows.", Channel.EMAIL, NOW)
    assert duty.called() == []
    for score in (6, 5):
        with duty.tx() as tx:
            answer_survey(tx, survey, score, "Now the ceiling is leaking.", Channel.EMAIL, NOW)
    assert duty.called() == DINA_CALLED


def test_where_nobody_is_on_the_list_the_event_says_so_and_the_case_too(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    case_id = duty.complaint()
    assert duty.called() == []
    assert duty.published("case.opened.v1")[0]["alert"] == "role"
    assert "Nobody is on the duty list of this hotel" in case_page(duty, case_id)


def test_what_becomes_late_where_nobody_is_on_the_list_is_told_of(
    make_database: MakeDatabase,
) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    case_id = duty.complaint(kind=CaseKind.FOLLOW_UP, level=1)
    late = NOW + timedelta(hours=48)
    duty.tick(late)
    duty.tick(late + A_MINUTE)
    (told,) = duty.published("alert.unlisted.v1")
    assert (told["because"], told["property"]) == ("late", "LIS")
    assert "Nobody is on the duty list of this hotel: every duty manager is written to" in case_page(
        duty, case_id, late
    )


def test_a_stranger_who_needs_help_is_told_of_too_where_nobody_is_on_any_list(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    employ(duty.database)
    for _ in range(2):
        reply(duty, "ambulance to room 5 please", point="sms.1:stranger")
    (told,) = duty.published("alert.unlisted.v1")
    assert (told["because"], told["property"]) == ("emergency", None)
    assert "Nobody is on any duty list: every duty manager is written to" in words(
        duty.as_(ADA).get("/feedback/alerts")
    )


def test_a_list_that_is_emptied_while_its_people_are_called_is_told_of(duty: Duty) -> None:
    duty.complaint()
    with duty.tx() as tx:
        tx.execute("delete from duty_member")
    duty.tick(NOW + 15 * A_MINUTE)
    assert [told["because"] for told in duty.published("alert.unlisted.v1")] == ["complaint"]


def test_a_case_that_is_opened_is_told_of_by_its_own_event_alone(make_database: MakeDatabase) -> None:
    duty = Duty(make_database("feedback"))
    duty.complaint()
    assert duty.published("alert.unlisted.v1") == []


def test_of_a_case_that_is_opened_again_nobody_is_called_before_its_deadline(duty: Duty) -> None:
    case_id, dina = duty.complaint(), duty.as_(DINA)
    dina.get(f"/feedback/cases/{case_id}")
    dina.post(f"/feedback/cases/{case_id}/closure", {"version": "1", "outcome": "explained"})
    dina.post(f"/feedback/cases/{case_id}/reopening", {"version": "2"})
    assert [one["alert"] for one in duty.published("case.opened.v1")] == ["list", "none"]
    assert duty.called() == DINA_CALLED


def test_whoever_has_no_access_any_more_is_not_called(duty: Duty) -> None:
    duty.hear_at(NOW, chunk_of([replace(access_of(DINA, version=2), role=None)]))
    duty.complaint()
    assert duty.called() == FILIPA_CALLED
    assert duty.all("select name from duty_member") == [("Filipa Faria",)]


def test_an_end_of_access_that_comes_late_takes_nobody_off_the_list(duty: Duty) -> None:
    duty.hear_at(NOW, chunk_of([access_of(DINA, version=3)]))
    duty.hear_at(NOW, chunk_of([replace(access_of(DINA, version=2), role=None)]))
    assert duty.one("select count(*) from duty_member") == 2


def test_another_hotels_complaint_is_not_theirs(duty: Duty) -> None:
    duty.complaint(property="SHA")
    assert duty.called() == []
    assert duty.as_(WEI).get("/feedback/care/LIS").status_code == 404
    assert duty.as_(MARTA).get("/feedback/care/LIS").status_code == 403


def test_a_follow_up_waits_for_its_deadline_and_is_called_out_once_when_it_has_passed(duty: Duty) -> None:
    case_id = duty.complaint(kind=CaseKind.FOLLOW_UP, level=1)
    duty.tick(NOW + timedelta(hours=47))
    assert duty.called() == []
    late = NOW + timedelta(hours=48)
    duty.tick(late)
    duty.tick(late + A_MINUTE)
    assert duty.called() == DINA_CALLED
    assert duty.published("notice.requested.v1")[0]["details"]["what"] == "late"
    assert "The deadline passed." in case_page(duty, case_id, late)


def test_a_late_case_of_which_somebody_is_being_called_rings_no_second_time(duty: Duty) -> None:
    duty.complaint(level=3)
    with duty.tx() as tx:
        tx.execute("update alert set next_at = %s", [NOW + timedelta(hours=20)])
    duty.tick(NOW + timedelta(hours=17))
    assert duty.one("select count(*) from alert") == 1


def test_the_guest_is_told_that_somebody_was_asked_only_where_that_is_true(duty: Duty) -> None:
    from services.feedback.queries.care.around import somebody_asked

    with duty.tx() as tx:
        answer = answer_survey(tx, duty.sent("survey", at=NOW), 1, "", Channel.EMAIL, NOW)
        assert somebody_asked(tx, answer)
    duty.settle(NOW, NoticeState.FAILED, last=2)
    duty.settle(NOW, NoticeState.FAILED, last=2)
    with duty.tx() as tx:
        tx.execute("update alert_call set state = 'failed'")
        assert not somebody_asked(tx, answer)
        tx.execute("update care_case set owner_id = %s", [DINA.person_id])
        assert somebody_asked(tx, answer)


def test_alerts_of_a_guest_who_is_erased_end(duty: Duty) -> None:
    duty.complaint(room="412")
    duty.erased(ANA, 9)
    duty.tick(NOW + timedelta(days=3))
    assert duty.called() == DINA_CALLED
    assert duty.all("select ended, room from alert") == [("settled", None)]


def test_a_reason_that_only_a_machine_gives_cannot_be_chosen_at_the_desk() -> None:
    from shared.vocabulary.case import BY_A_PERSON

    assert CaseReason.URGENT not in BY_A_PERSON
