"""The inbox as people see and use it: by role and hotel, twice, on a stale page, while somebody else is answering."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.service import SERVICE
from services.feedback.store import reply_pictures
from shared.crypto.purposes import Sealing
from shared.events import chunk_of
from shared.events.messaging import MessageHeld, MessageSent, MessageSkipped
from shared.vocabulary.channel import Channel
from tests.cast import ADA, ANA, ANTON, DINA, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, Feedback, state
from tests.feedback.inbox import told as told_of
from tests.web import Browser, browser, words

MINUTE = timedelta(minutes=1)
QUESTION = "Is there a shuttle? Call me on +351 910 000 001."
TAXI = "select answer_id from canned_answer where name = 'Taxi'"
CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA)
    writes(feedback, QUESTION)
    return feedback


def as_(feedback: Feedback, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def writes(feedback: Feedback, text: str, *, minutes_ago: int = 12, number: str = NUMBER, **more: Any) -> UUID:
    at = NOW - minutes_ago * MINUTE
    reply = Reply(ref=text, channel=Channel.SMS, point=feedback.point("sms", number), text=text, **more)
    with feedback.tx() as tx:
        receive_reply(tx, reply, at)
    return reply.reply_id


def path(feedback: Feedback, verb: str = "") -> str:
    thread_id = feedback.one("select thread_id from thread where guest_id is not null")
    return f"/feedback/inbox/{thread_id}{verb}"


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True))
    assert found, name
    return found[1]


def sends(hers: Browser, feedback: Feedback, text: str, **more: str) -> Any:
    page = hers.get(path(feedback))
    values = {"answer": hidden(page, "answer"), "seen": hidden(page, "seen"), "channel": "sms", "words": text}
    return hers.post(path(feedback, "/answers"), {**values, **more})


def test_the_list_says_who_wrote_what_and_for_how_long_they_wait(feedback: Feedback) -> None:
    page = as_(feedback, DINA).get("/feedback/inbox")
    text = words(page)
    for seen in ("Ana Silva", "Is there a shuttle?", "unread", "waiting for 12 minutes", "1 conversation is unread."):
        assert seen in text
    assert "<title>(1) Inbox" in page.get_data(as_text=True)
    assert "910 000 001" not in text


def test_a_conversation_shows_what_was_said_by_all_sides(feedback: Feedback) -> None:
    feedback.sent("survey", at=NOW - timedelta(hours=3))
    hers = as_(feedback, FILIPA)
    sends(hers, feedback, "The shuttle leaves at nine.")
    text = words(hers.get(path(feedback)))
    order = ["Message of the journey «post-stay-survey»", "Is there a shuttle?", "The shuttle leaves at nine."]
    assert sorted(order, key=text.index) == order
    assert "Filipa Faria" in text and "planned" in text


def test_an_answer_goes_once_however_often_its_form_is_sent(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    page = hers.get(path(feedback))
    values = {"answer": hidden(page, "answer"), "seen": hidden(page, "seen"), "channel": "sms", "words": "At nine."}
    for _ in range(2):
        assert "The answer is on its way" in words(hers.post(path(feedback, "/answers"), values))
    assert len(feedback.published("reply.answered.v1")) == 1
    answered = [one for one in feedback.published("audit.recorded.v1") if one["action"] == "thread.answered"]
    assert len(answered) == 1 and "nine" not in str(answered)
    assert not feedback.one("select unread from thread")


def test_send_and_done_closes_unless_the_guest_wrote_meanwhile(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    sends(hers, feedback, "At nine.", done="1")
    assert feedback.one("select done from thread")
    page = hers.get(path(feedback))
    values = {"answer": hidden(page, "answer"), "seen": hidden(page, "seen"), "channel": "sms", "words": "Bye."}
    writes(feedback, "And breakfast?", minutes_ago=1)
    hers.post(path(feedback, "/answers"), {**values, "done": "1"})
    assert feedback.all("select unread, done from thread") == [(True, False)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write something."),
        ("x" * 1601, "That is too long"),
        ("Dear {{guest.name}}", "could not be filled in"),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(feedback: Feedback, text: str, said: str) -> None:
    response = sends(as_(feedback, DINA), feedback, text)
    assert response.status_code == 422
    assert said in words(response) and text in response.get_data(as_text=True)
    assert feedback.published("reply.answered.v1") == []


def test_why_an_answer_was_not_sent_stands_below_it(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    sends(hers, feedback, "At nine.")
    (told,) = feedback.published("reply.answered.v1")
    skipped = state(MessageSkipped, UUID(told["message_id"]), ANA, "stay_service", "sms", "skipped")
    feedback.hear(chunk_of([replace(skipped, journey="answer", reason="suppressed")]))
    text = words(hers.get(path(feedback)))
    assert "not sent: this address or number asked for no more messages" in text
    assert "unread" in text


def test_until_when_an_answer_waits_is_an_hour_and_no_markup(feedback: Feedback) -> None:
    writes(feedback, QUESTION)
    hers = as_(feedback, FILIPA)
    sends(hers, feedback, "At once.")
    answer_id = feedback.one("select message_id from thread_answer")
    held = told_of(MessageHeld, answer_id, "held", reason="quiet_hours", held_until=NOW + timedelta(hours=9))
    feedback.hear(chunk_of([held]))
    page = hers.get(path(feedback))
    assert "waits until" in words(page) and "&lt;time" not in page.text


def test_a_colleagues_state_changes_are_traced_and_a_stale_page_changes_nothing(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    version = hidden(hers.get(path(feedback)), "version")
    for verb, values in (
        ("/owner", {"owner": str(DINA.person_id)}),
        ("/reading", {"unread": "false"}),
        ("/snooze", {"until": "tomorrow"}),
        ("/closure", {}),
        ("/reopening", {}),
    ):
        version = hidden(hers.get(path(feedback)), "version")
        assert hers.post(path(feedback, verb), {"version": version, **values}).status_code == 200, verb
        assert hers.post(path(feedback, verb), {"version": version, **values}).status_code == 409, verb
    done = {one["action"] for one in feedback.published("audit.recorded.v1")}
    assert {"thread.assigned", "thread.read", "thread.snoozed", "thread.done", "thread.reopened"} <= done
    assert "Dina Duarte" in words(hers.get("/feedback/inbox?view=mine"))


def test_nobody_is_handed_a_guest_they_do_not_see(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    version = hidden(hers.get(path(feedback)), "version")
    assert "Wei Wang" not in words(hers.get(path(feedback)))
    response = hers.post(path(feedback, "/owner"), {"version": version, "owner": str(WEI.person_id)})
    assert response.status_code == 422
    assert feedback.one("select owner_id from thread") is None


def test_another_hotel_sees_neither_list_nor_conversation(feedback: Feedback) -> None:
    his = as_(feedback, WEI)
    assert "Ana Silva" not in words(his.get("/feedback/inbox?view=all"))
    assert his.get(path(feedback)).status_code == 404
    assert his.get(path(feedback, "/live")).status_code == 404
    token = hidden(his.get("/feedback/inbox"), "csrf_token")
    for verb in ("/answers", "/closure", "/presence", "/canned"):
        values = {"version": "1", "answer": str(uuid4()), "channel": "sms", "words": "x"}
        assert his.post(path(feedback, f"{verb}?csrf_token={token}"), values).status_code == 404, verb


def test_who_may_not_care_reads_without_contacts_and_changes_nothing(feedback: Feedback) -> None:
    his = as_(feedback, ANTON)
    page = his.get(path(feedback))
    assert "910 000 001" not in words(page) and "Is there a shuttle?" in words(page)
    assert "Send" not in words(page) and "Mark as read" not in words(page)
    assert his.post(path(feedback, "/closure"), {"version": "1"}).status_code == 403
    assert "910 000 001" in words(as_(feedback, DINA).get(path(feedback)))


def test_the_page_renews_itself_only_where_something_is_new(feedback: Feedback) -> None:
    hers, htmx = as_(feedback, DINA), {"HX-Request": "true"}
    list_at = re.search(r'id="inbox" hx-get="([^"]+)"', hers.get("/feedback/inbox").get_data(as_text=True))
    thread_at = re.search(r'id="thread" hx-get="([^"]+)"', hers.get(path(feedback)).get_data(as_text=True))
    assert list_at and thread_at
    places = [found[1].replace("&amp;", "&") for found in (list_at, thread_at)]
    views = len(feedback.published("audit.recorded.v1"))
    for place in places:
        assert hers.get(place, headers=htmx).status_code == 204
    assert len(feedback.published("audit.recorded.v1")) == views
    writes(feedback, "Hello?", minutes_ago=1)
    for place in places:
        part = hers.get(place, headers=htmx).get_data(as_text=True)
        assert "Hello?" in part and "<title>(1) " in part
        assert "<textarea" not in part and "<html" not in part


def test_who_else_is_answering_is_seen_for_two_minutes(feedback: Feedback) -> None:
    hers, his = as_(feedback, DINA), as_(feedback, FILIPA)
    hers.get(path(feedback))
    assert hers.post(path(feedback, "/presence"), follow=False).status_code == 204
    assert "Dina Duarte is answering." in words(his.get(path(feedback)))
    assert "is answering" not in words(hers.get(path(feedback)))
    feedback.all("update thread_presence set until = %s returning 1", NOW)
    assert "is answering" not in words(his.get(path(feedback)))
    hers.post(path(feedback, "/presence"), follow=False)
    sends(hers, feedback, "At nine.")
    assert feedback.all("select * from thread_presence") == []


def canned(hers: Browser, name: str = "Shuttle", hotel: str = "LIS", **texts: str) -> Any:
    page = hers.get("/feedback/inbox/canned")
    values = {"id": hidden(page, "id"), "version": "0", "name": name, "hotel": hotel}
    return hers.post("/feedback/inbox/canned", {**values, **texts})


def test_a_canned_answer_is_put_in_in_the_guests_language_behind_what_is_written(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    canned(hers, text_en="Dear {{guest.name}}", text_pt="Olá {{ guest.name }}, {{my.name}} da {{hotel.name}}")
    page = hers.get(path(feedback))
    found = re.search(r'<option value="([^"]+)">Shuttle', page.get_data(as_text=True))
    assert found
    values = {"canned": found[1], "words": "Bom dia!", "channel": "sms", "answer": hidden(page, "answer")}
    filled = "Bom dia!\n\nOlá Ana Silva, Dina Duarte da Lisbon"
    whole = hers.post(path(feedback, "/canned"), values)
    part = hers.post(path(feedback, "/canned"), values, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert filled in whole.get_data(as_text=True) and hidden(whole, "answer") == values["answer"]
    assert filled in part and "<html" not in part
    assert feedback.published("reply.answered.v1") == []


def test_canned_answers_are_checked_changed_and_removed(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    assert "There is no such value" in words(canned(hers, text_en="Dear {{guest.nam}}"))
    assert "Write something." in words(canned(hers))
    assert canned(hers, text_en="Dear {{guest.name}}").status_code == 200
    assert "There is one of that name already." in words(canned(hers, "SHUTTLE", text_en="x"))
    canned(hers, "Taxi", text_fr="Un taxi", text_de="Ein Taxi")
    listed = words(hers.get("/feedback/inbox/canned"))
    assert (
        "Dear [The guest’s name]" in listed and "{{" not in listed and "Ein Taxi" in listed and "Un taxi" not in listed
    )
    hers.post(f"/feedback/inbox/canned/{feedback.one(TAXI)}/removal")
    canned_id = feedback.one("select answer_id from canned_answer")
    page = hers.get(f"/feedback/inbox/canned?change={canned_id}")
    assert "Dear [The guest’s name]" in page.get_data(as_text=True)
    values = {"id": str(canned_id), "version": "1", "name": "Bus", "text_de": "Hallo"}
    assert hers.post("/feedback/inbox/canned", values).status_code == 200
    assert hers.post("/feedback/inbox/canned", values).status_code == 409
    assert feedback.all("select name, texts from canned_answer") == [("Bus", {"de": "Hallo"})]
    hers.post(f"/feedback/inbox/canned/{canned_id}/removal")
    assert feedback.all("select * from canned_answer") == []


@pytest.mark.parametrize("typed", ["[The guest’s name]", "[the guest's name]", "[宾客姓名]", "{{ guest.name }}"])
def test_values_are_written_in_words_of_either_language_and_kept_in_none(feedback: Feedback, typed: str) -> None:
    hers = as_(feedback, DINA)
    canned(hers, text_en=f"Dear {typed} [see below]")
    kept = feedback.one("select texts ->> 'en' from canned_answer")
    assert kept.replace(" ", "") == "Dear{{guest.name}}[seebelow]"
    chinese = hers.get("/feedback/inbox/canned", headers={"Accept-Language": "zh-CN"})
    assert "Dear [宾客姓名] [see below]" in words(chinese) and "{{" not in words(chinese)


def test_what_every_hotel_has_is_changed_by_whoever_sees_them_all(feedback: Feedback) -> None:
    assert canned(as_(feedback, DINA), hotel="", text_en="x").status_code == 404
    assert canned(as_(feedback, DINA), hotel="SHA", text_en="x").status_code == 404
    assert canned(as_(feedback, ADA), hotel="", text_en="x").status_code == 200
    canned_id = feedback.one("select answer_id from canned_answer")
    hers = as_(feedback, DINA)
    assert "Shuttle" in words(hers.get("/feedback/inbox/canned"))
    assert hers.post(f"/feedback/inbox/canned/{canned_id}/removal").status_code == 404
    assert as_(feedback, FILIPA).get("/feedback/inbox/canned").status_code == 403


def test_a_strangers_words_are_shown_to_the_house_alone_and_not_answered_without_an_address(feedback: Feedback) -> None:
    writes(feedback, "Who are you?", number="+351910000999")
    (stranger,) = feedback.all("select thread_id from thread where guest_id is null")[0]
    page = as_(feedback, ADA).get(f"/feedback/inbox/{stranger}")
    assert "Who are you?" in words(page) and "before addresses and numbers of strangers were kept" in words(page)
    assert as_(feedback, DINA).get(f"/feedback/inbox/{stranger}").status_code == 404
    values = {"answer": str(uuid4()), "channel": "sms", "words": "Us."}
    hers = as_(feedback, ADA)
    token = hidden(hers.get("/feedback/inbox"), "csrf_token")
    assert hers.post(f"/feedback/inbox/{stranger}/answers?csrf_token={token}", values).status_code == 409


def test_pictures_stand_with_what_they_came_with(feedback: Feedback) -> None:
    reply_id = writes(feedback, "Look", minutes_ago=3)
    with feedback.tx() as tx:
        reply_pictures.add(tx, reply_id, [tx.keyring.seal("https://example.com/x", Sealing.WORDS)], NOW)
        tx.execute("update reply_picture set state = 'kept', content_type = 'image/png'")
    assert f"/feedback/replies/{reply_id}/pictures/" in as_(feedback, DINA).get(path(feedback)).get_data(as_text=True)
    assert "A picture came with it." in words(as_(feedback, MARTA).get(path(feedback)))


def test_unread_conversations_are_counted_at_home_and_in_the_navigation(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    needs = hers.get("/feedback/home").get_json()["needs"]
    (need,) = [one for one in needs if one["url"] == "/feedback/inbox?view=unread"]
    assert need["text"] == "1 conversation is unread" and need["count"] == 1
    assert "1 unread conversation" in words(hers.get("/feedback/inbox/unread"))
    assert words(as_(feedback, WEI).get("/feedback/inbox/unread")) == ""
    assert "/feedback/inbox/unread" in hers.get("/feedback/inbox").get_data(as_text=True)


def test_a_guests_page_leads_to_the_conversation_and_tells_our_answers(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    sends(hers, feedback, "The shuttle leaves at nine.")
    told = hers.get(f"/feedback/guests/{ANA}/story").get_json()
    assert path(feedback) in told["actions"]
    assert any("The shuttle leaves at nine." in one["html"] and "Dina Duarte" in one["html"] for one in told["entries"])


def test_how_long_guests_wait_stands_on_the_page_and_among_the_answers(feedback: Feedback) -> None:
    with feedback.tx() as tx:
        tx.execute("update guest_known set home_property = 'LIS'")
    hers = as_(feedback, DINA)
    sends(hers, feedback, "At nine.")
    assert "the median of" not in words(hers.get("/feedback/inbox"))
    (told,) = feedback.published("reply.answered.v1")
    sent = state(MessageSent, UUID(told["message_id"]), ANA, "stay_service", "sms", "sent")
    feedback.hear(chunk_of([replace(sent, journey="answer")]))
    for page in ("/feedback/inbox", "/feedback/answers"):
        assert "12 minutes, the median of 1" in words(hers.get(page)), page


def test_the_inbox_is_read_in_chinese(feedback: Feedback) -> None:
    hers = as_(feedback, DINA)
    text = words(hers.get(path(feedback), headers=CHINESE)) + words(hers.get("/feedback/inbox", headers=CHINESE))
    for seen in ("收件箱", "未读", "发送", "常用回复", "Ana Silva"):
        assert seen in text
